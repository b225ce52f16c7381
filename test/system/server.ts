import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cleanEnvironment } from './shell.ts';
import { ROOT } from './snippets.ts';

export interface Served {
  /** The folder that stands for the reader's clone: it has `dist`, and the server's data. */
  readonly folder: string;
  readonly url: string;
  readonly testKey: string;
  stop(): Promise<void>;
}

const START_MS = 45_000;

/** The built program as `npm start` runs it, in a folder of its own on a free port. Needs `npm run build`. */
export async function serveBuilt(): Promise<Served> {
  if (!existsSync(join(ROOT, 'dist/cli/main.js'))) throw new Error('The program is not built. Run: npm run build');
  const folder = mkdtempSync(join(tmpdir(), 'watchword-system-'));
  symlinkSync(join(ROOT, 'dist'), join(folder, 'dist'));
  const child = spawn(process.execPath, ['dist/cli/main.js', 'serve'], {
    cwd: folder,
    env: { ...cleanEnvironment(), PORT: '0', WATCHWORD_MODE: 'development' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let printed = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => (printed += text));
  const found = await waitFor(
    () => /listens on (\S+)[^]*Test key: (\S+)/.exec(printed),
    () => child.exitCode !== null,
  );
  async function stop(): Promise<void> {
    if (child.exitCode === null) {
      child.kill('SIGINT');
      await once(child, 'exit');
    }
    rmSync(folder, { recursive: true, force: true });
  }
  if (found === null) {
    await stop();
    throw new Error(`The server did not start:\n${printed}`);
  }
  return { folder, url: found[1] ?? '', testKey: found[2] ?? '', stop };
}

/** Asks until there is an answer, the other side gave up, or it took too long. */
export async function waitFor<T>(
  ask: () => T | null | Promise<T | null>,
  over = (): boolean => false,
): Promise<T | null> {
  const end = Date.now() + START_MS;
  for (;;) {
    const answer = await ask();
    if (answer !== null) return answer;
    if (over() || Date.now() > end) return null;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
