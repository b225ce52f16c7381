import { spawn } from 'node:child_process';
import type { Readable } from 'node:stream';
import { systemCode } from '../outcome.ts';

const MAX_OUTPUT_BYTES = 16 * 1024;

/** All the environment a program gets: nothing of ours, since ours holds secrets. */
const ENVIRONMENT = { PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin', LANG: 'C.UTF-8' } as const;

/** How a program ended. Output is at most 16 kB each. */
export type RunResult =
  | { readonly type: 'exited'; readonly code: number; readonly stdout: string; readonly stderr: string }
  /** By a signal that was not ours. */
  | { readonly type: 'killed'; readonly signal: string; readonly stderr: string }
  | { readonly type: 'timed_out' }
  | { readonly type: 'too_late' }
  | { readonly type: 'not_started'; readonly error: string };

/**
 * Runs a program without a shell, in `/`, with `input` on its standard input. When `signal` aborts, the program and everything it
 * started (its process group) is killed; what is left of the group when the program ends, too. Never rejects.
 */
export function run(path: string, input: string, signal: AbortSignal): Promise<RunResult> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve({ type: 'too_late' });
    // A group of its own, so that it can be killed as a whole.
    const child = spawn(path, [], { cwd: '/', env: ENVIRONMENT, detached: true, stdio: 'pipe', shell: false });
    const [stdout, stderr] = [collect(child.stdout), collect(child.stderr)];
    const kill = (): void => killGroup(child.pid);
    signal.addEventListener('abort', kill, { once: true });
    child.once('error', (error) => resolve({ type: 'not_started', error: systemCode(error) ?? 'unknown' }));
    // A child that it left behind would hold the pipes open for ever.
    child.once('exit', kill);
    child.once('close', (code, name) => {
      signal.removeEventListener('abort', kill);
      if (code !== null) resolve({ type: 'exited', code, stdout: stdout(), stderr: stderr() });
      else if (signal.aborted) resolve({ type: 'timed_out' });
      else resolve({ type: 'killed', signal: name ?? 'unknown', stderr: stderr() });
    });
    // It may end without reading what it was given.
    child.stdin.on('error', () => undefined);
    child.stdin.end(input);
  });
}

function killGroup(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // Nobody is left.
  }
}

/** Reads to the end and keeps the beginning. */
function collect(stream: Readable): () => string {
  const chunks: Buffer[] = [];
  let size = 0;
  stream.on('error', () => undefined);
  stream.on('data', (chunk: Buffer) => {
    if (size < MAX_OUTPUT_BYTES) chunks.push(chunk);
    size += chunk.length;
  });
  return () => Buffer.concat(chunks).subarray(0, MAX_OUTPUT_BYTES).toString('utf8');
}
