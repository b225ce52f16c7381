import { execFileSync, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';

export interface Ran {
  readonly exit: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** The environment without settings of Watchword, so that a test sets all of them itself. */
export function cleanEnvironment(): NodeJS.ProcessEnv {
  const foreign = Object.entries(process.env).filter(
    ([name]) => !/^(WATCHWORD_|DATABASE_URL|REDIS_URL|PORT$|HOST$|NODE_ENV)/.test(name),
  );
  return Object.fromEntries(foreign);
}

/** Runs a program in a folder to its end; its standard output. Throws when it ends with another code than 0. */
export function runIn(cwd: string, command: string, args: readonly string[], more: NodeJS.ProcessEnv = {}): string {
  const env = { ...cleanEnvironment(), ...more };
  return execFileSync(command, args, { cwd, env, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
}

/** A bash that keeps variables and functions from one snippet to the next, like the terminal of a reader. */
export function createShell(folder: string): (script: string) => Promise<Ran> {
  const state = join(folder, '.shell-state');
  return (script) => {
    const before = existsSync(state) ? `. '${state}'` : '';
    const lines = ['set -euo pipefail', 'set -a', before, script, `{ declare -f; export -p; } > '${state}'`];
    return run(lines.join('\n'), folder);
  };
}

function run(script: string, cwd: string): Promise<Ran> {
  return new Promise((resolve, reject) => {
    const child = spawn('bash', ['-c', script], { cwd, env: cleanEnvironment(), stdio: ['ignore', 'pipe', 'pipe'] });
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
    child.on('error', reject);
    child.on('close', (exit) => resolve({ exit, stdout, stderr }));
  });
}
