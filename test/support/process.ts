import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type CallOptions, createClient, type HttpAnswer, type HttpClient } from './client.ts';

/** The built program. These suites run what users run; `npm test` builds it first. */
const MAIN = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url));
const READY_MS = 15_000;
const BUSY_EXIT = 75;
/** Below the range from which systems take the ports of outgoing connections. */
const LOWEST_PORT = 20_000;
const PORTS = 12_000;

export const TEST_SECRET = 'h7Kq2Zx9Lm4Vt6Bn8Wc3Rd5Fg1Jp0SyA';
export type Env = Readonly<Record<string, string>>;

export interface Ended {
  readonly exit: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** A child process of this test, with all it said so far. */
export interface Program {
  readonly pid: number;
  out(): string;
  err(): string;
  readonly ended: Promise<Ended>;
  /** Sends a signal by process id and waits for the end. */
  kill(signal?: NodeJS.Signals): Promise<Ended>;
  /** Resolves with the first line of standard output that fits. */
  line(pattern: RegExp): Promise<string>;
}

export interface LaunchOptions {
  readonly env?: Env;
  readonly cwd?: string;
  /** Another script than the program itself. */
  readonly script?: string;
}

const children = new Set<ChildProcess>();
process.once('exit', () => {
  for (const child of children) child.kill('SIGKILL');
});

/** Starts the built program as a direct child; of this process's environment only PATH reaches it. */
export function launch(
  words: readonly string[],
  { env = {}, cwd = tmpdir(), script = MAIN }: LaunchOptions = {},
): Program {
  if (!existsSync(MAIN)) throw new Error('These tests run the built program: npm run build');
  const child = spawn(process.execPath, [script, ...words], { cwd, env: { PATH: process.env['PATH'] ?? '', ...env } });
  children.add(child);
  const said = { out: '', err: '' };
  child.stdout.on('data', (chunk: Buffer) => (said.out += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (said.err += chunk.toString()));
  const ended = new Promise<Ended>((resolve) => {
    child.once('close', (exit, signal) => {
      children.delete(child);
      resolve({ exit, signal });
    });
  });
  return {
    pid: child.pid ?? 0,
    out: () => said.out,
    err: () => said.err,
    ended,
    kill(signal = 'SIGKILL') {
      child.kill(signal);
      return ended;
    },
    line: (pattern) => lineOf(child, said, pattern),
  };
}

function lineOf(child: ChildProcess, said: { readonly out: string }, pattern: RegExp): Promise<string> {
  return new Promise((found, failed) => {
    const look = (): void => {
      const line = said.out
        .split('\n')
        .slice(0, -1)
        .find((candidate) => pattern.test(candidate));
      if (line !== undefined) found(line);
    };
    child.stdout?.on('data', look);
    child.once('close', () => failed(new Error(`the process ended without a line like ${String(pattern)}`)));
    look();
  });
}

/** Kills whatever this test file still has running. For `afterEach` and `afterAll`. */
export async function killAll(): Promise<void> {
  const left = [...children];
  const gone = left.map((child) => new Promise((resolve) => child.once('close', resolve)));
  for (const child of left) child.kill('SIGKILL');
  await Promise.all(gone);
}

/** Runs the program to its end. */
export async function run(
  words: readonly string[],
  options: LaunchOptions = {},
): Promise<Ended & { out: string; err: string }> {
  const program = launch(words, options);
  const end = await program.ended;
  return { ...end, out: program.out(), err: program.err() };
}

/** A folder of its own with a database file in it. */
export interface Place {
  readonly folder: string;
  readonly database: string;
  /** The file that `file://` providers of {@link Place.env} write. */
  readonly outbox: string;
  /** Development on this database, with SMS and e-mail written to {@link Place.outbox}. */
  readonly env: Env;
  path(name: string): string;
  remove(): void;
}

export function newPlace(): Place {
  const folder = mkdtempSync(join(tmpdir(), 'watchword-proof-'));
  const database = join(folder, 'watchword.db');
  const outbox = join(folder, 'outbox.jsonl');
  const env = {
    DATABASE_URL: `sqlite:${database}`,
    WATCHWORD_SECRET: TEST_SECRET,
    WATCHWORD_SMS: `file://${outbox}`,
    WATCHWORD_EMAIL: `file://${outbox}`,
    HOST: '127.0.0.1',
  };
  const path = (name: string): string => join(folder, name);
  return { folder, database, outbox, env, path, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

/** A free loopback port that no outgoing connection can take meanwhile. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = LOWEST_PORT + Math.floor(Math.random() * PORTS);
    if (await isFree(port)) return port;
  }
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', () => resolve(false));
    probe.listen(port, '127.0.0.1', () => probe.close(() => resolve(true)));
  });
}

/** A `watchword serve` that answers. */
export interface Server extends Program {
  readonly port: number;
  readonly url: string;
  readonly client: HttpClient;
  call(method: string, path: string, options?: CallOptions): Promise<HttpAnswer>;
}

export interface ServeOptions extends LaunchOptions {
  readonly words?: readonly string[];
  readonly port?: number;
  /** What `/readyz` must answer before the server counts as started. */
  readonly ready?: number;
}

/** Starts `serve` on a private port and waits until `/readyz` answers. Throws with its output when it ends instead. */
export async function startServer(options: ServeOptions = {}): Promise<Server> {
  for (let tries = 0; ; tries++) {
    const port = options.port ?? (await freePort());
    const program = launch(options.words ?? ['serve'], {
      ...options,
      env: { HOST: '127.0.0.1', ...options.env, PORT: String(port) },
    });
    const client = createClient(`http://127.0.0.1:${port}`);
    const end = await Promise.race([program.ended, ready(client, options.ready ?? 200)]);
    if (end === null) return { ...program, port, url: `http://127.0.0.1:${port}`, client, call: client.call };
    client.close();
    // Someone else took the port between the look and the listen.
    if (end.exit === BUSY_EXIT && options.port === undefined && tries < 5) continue;
    throw new Error(`serve ended (${end.exit ?? end.signal}): ${program.err()}${program.out()}`);
  }
}

async function ready(client: HttpClient, status: number): Promise<null | Ended> {
  const end = Date.now() + READY_MS;
  while (Date.now() < end) {
    const answer = await client.call('GET', '/readyz').catch(() => null);
    if (answer?.status === status) return null;
    await new Promise((resolve) => setTimeout(resolve, 15));
  }
  return { exit: null, signal: null };
}

/** Makes an API key on the command line, as an operator does. */
export async function createKey(place: Place, mode: 'live' | 'test' = 'live', env: Env = place.env): Promise<string> {
  const words = [
    'keys',
    'create',
    '--application',
    'default',
    '--mode',
    mode,
    '--scopes',
    'send,check,read,admin',
    '--json',
  ];
  const made = await run(words, { env });
  if (made.exit !== 0) throw new Error(`no key: ${made.err}`);
  const { key } = JSON.parse(made.out) as { key: string };
  return key;
}
