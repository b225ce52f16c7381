import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Below the range of outgoing connections, and beside the ports that tests of the program itself take. */
const LOWEST_PORT = 12_000;
const PORTS = 8000;

const claims = join(tmpdir(), 'watchword-ports');
const claimed = new Set<number>();
process.once('exit', () => {
  for (const port of claimed) releasePort(port);
});

/**
 * A free loopback port that no other test process takes while this one lives: a file per port says whose it is, since a
 * port is not in use while its server is down.
 */
export async function claimPort(): Promise<number> {
  mkdirSync(claims, { recursive: true });
  for (;;) {
    const port = LOWEST_PORT + Math.floor(Math.random() * PORTS);
    if (!claim(port)) continue;
    if (await isFree(port)) return port;
    releasePort(port);
  }
}

/** Gives a claimed port back. */
export function releasePort(port: number): void {
  claimed.delete(port);
  rmSync(join(claims, String(port)), { force: true });
}

function claim(port: number): boolean {
  const file = join(claims, String(port));
  if (isStale(file)) rmSync(file, { force: true });
  try {
    writeFileSync(file, String(process.pid), { flag: 'wx' });
  } catch {
    return false;
  }
  claimed.add(port);
  return true;
}

function isStale(file: string): boolean {
  try {
    process.kill(Number(readFileSync(file, 'utf8')), 0);
    return false;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ESRCH';
  }
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', () => resolve(false));
    probe.listen(port, '127.0.0.1', () => probe.close(() => resolve(true)));
  });
}
