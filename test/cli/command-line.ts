import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const MAIN = resolve('dist/cli/main.js');

export interface Ended {
  readonly exit: number | null;
  readonly out: string;
  readonly err: string;
}

type Env = Readonly<Record<string, string>>;

/** A folder of its own, with a database in it. */
export function workplace(): { readonly folder: string; readonly env: Env; remove(): void } {
  const folder = mkdtempSync(join(tmpdir(), 'watchword-cli-'));
  const env = { DATABASE_URL: `sqlite:${join(folder, 'watchword.db')}` };
  return { folder, env, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

/** Starts the built program; nothing of this process's environment but PATH reaches it. */
export function start(words: readonly string[], env: Env = {}, cwd = tmpdir()): ChildProcess {
  if (!existsSync(MAIN)) throw new Error('These tests run the built program: npm run build');
  return spawn(process.execPath, [MAIN, ...words], { cwd, env: { PATH: process.env['PATH'] ?? '', ...env } });
}

/** Runs the built program to its end. */
export function watchword(words: readonly string[], env: Env = {}, cwd?: string): Promise<Ended> {
  return ended(start(words, env, cwd));
}

/** Collects what a process says until it ends. */
export function ended(child: ChildProcess): Promise<Ended> {
  let out = '';
  let err = '';
  child.stdout?.on('data', (chunk: Buffer) => (out += chunk.toString()));
  child.stderr?.on('data', (chunk: Buffer) => (err += chunk.toString()));
  return new Promise((done) => child.once('close', (exit) => done({ exit, out, err })));
}

/** The first line of standard output that fits. */
export function lineOf(child: ChildProcess, pattern: RegExp): Promise<string> {
  let text = '';
  return new Promise((found, failed) => {
    child.stdout?.on('data', (chunk: Buffer) => {
      text += chunk.toString();
      const line = text
        .split('\n')
        .slice(0, -1)
        .find((candidate) => pattern.test(candidate));
      if (line !== undefined) found(line);
    });
    child.once('close', () => failed(new Error(`it ended without such a line: ${text}`)));
  });
}
