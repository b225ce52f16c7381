import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process';
import { chownSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const READY_MS = 60_000;
const LAST_WORDS = 4000;

/** A real server of this test: a direct child on a loopback port, with its data in a folder of its own. */
export interface RealServer {
  readonly url: string;
  readonly port: number;
  readonly folder: string;
  /** The running process, null while it is down. */
  readonly pid: number | null;
  /** SIGKILL to the server and to the processes it made; resolves when they are gone. */
  kill(): Promise<void>;
  /** Asks it to end, as an operator does, and waits. The data stay. */
  stop(): Promise<void>;
  /** Starts it again on the same data and port; resolves when it answers. */
  start(): Promise<void>;
  /** Kills it and deletes its data. */
  remove(): Promise<void>;
}

/** The user a server runs as: its own when this process is root (PostgreSQL refuses root), else ours. */
export interface User {
  readonly uid?: number;
  readonly gid?: number;
}

/** The system user of that name, when this process may become it and it exists. */
export function userNamed(name: string): User {
  if (process.getuid?.() !== 0) return {};
  const [uid, gid] = ['-u', '-g'].map((flag) => spawnSync('id', [flag, name], { encoding: 'utf8' }));
  if (uid?.status !== 0 || gid?.status !== 0) return {};
  return { uid: Number(uid.stdout), gid: Number(gid.stdout) };
}

/** A fresh folder that the user owns. */
export function folderFor({ uid, gid }: User, name: string): string {
  const folder = mkdtempSync(join(tmpdir(), `watchword-${name}-`));
  if (uid !== undefined && gid !== undefined) chownSync(folder, uid, gid);
  return folder;
}

/** Runs a program to its end as the user; throws with what it said. */
export function runAs(user: User, command: string, args: readonly string[]): void {
  execFileSync(command, args, { ...user, cwd: tmpdir(), stdio: ['ignore', 'ignore', 'pipe'], env: environment() });
}

export interface ServerProgram {
  readonly command: string;
  readonly args: readonly string[];
  readonly user: User;
  readonly folder: string;
  readonly port: number;
  readonly url: string;
  /** What asks it to end at once but in order. */
  readonly stopSignal: NodeJS.Signals;
  /** Throws while the server does not answer. */
  readonly ping: () => Promise<unknown>;
  readonly onRemove?: () => void;
}

/** Starts a server and waits until it answers. It dies with this process, even when this process is killed. */
export async function startChild(program: ServerProgram): Promise<RealServer> {
  let running = await ready(program);
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    const descendants = signal === 'SIGKILL' ? childrenOf(running.child.pid) : [];
    running.child.kill(signal);
    for (const pid of descendants) killQuietly(pid);
    await running.ended;
  };
  return {
    url: program.url,
    port: program.port,
    folder: program.folder,
    get pid() {
      return running.isUp() ? (running.child.pid ?? null) : null;
    },
    kill: () => end('SIGKILL'),
    stop: () => end(program.stopSignal),
    async start() {
      if (!running.isUp()) running = await ready(program);
    },
    async remove() {
      await end('SIGKILL');
      rmSync(program.folder, { recursive: true, force: true, maxRetries: 5 });
      program.onRemove?.();
    },
  };
}

interface Running {
  readonly child: ChildProcess;
  readonly ended: Promise<void>;
  isUp(): boolean;
  said(): string;
}

/** Starts until it answers: after a kill, what it left behind (shared memory, a lock) may take a moment to go. */
async function ready(program: ServerProgram): Promise<Running> {
  const until = Date.now() + READY_MS;
  for (let running = launch(program); ;) {
    const fault = await program.ping().then(
      () => null,
      (error: unknown) => String(error),
    );
    if (fault === null && running.isUp()) return running;
    if (Date.now() > until) {
      running.child.kill('SIGKILL');
      throw new Error(`${program.command} does not answer: ${fault ?? ''}\n${running.said()}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 20));
    if (!running.isUp()) running = launch(program);
  }
}

function launch({ command, args, user, folder }: ServerProgram): Running {
  const child = spawn(command, args, { ...user, cwd: folder, env: environment(), stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  const listen = (chunk: Buffer): void => {
    said = (said + chunk.toString()).slice(-LAST_WORDS);
  };
  child.stdout.on('data', listen);
  child.stderr.on('data', listen);
  const watchdog = watch(child.pid ?? 0, folder);
  let up = true;
  const ended = new Promise<void>((resolve) => {
    child.once('error', listen);
    child.once('exit', () => {
      up = false;
      watchdog.kill('SIGKILL');
      resolve();
    });
  });
  return { child, ended, isUp: () => up, said: () => said };
}

/** The words of a shell that kills a process and deletes a folder once its standard input closes. */
export function watchdogWords(pid: number, folder: string): readonly string[] {
  const script = 'trap "" INT TERM HUP; read -r _; kill -9 "$1"; sleep 1; rm -rf "$2"';
  return ['-c', script, 'watchdog', String(pid), folder];
}

/** Our end of its pipe closes when this process dies in whatever way. */
function watch(pid: number, folder: string): ChildProcess {
  const watchdog = spawn('/bin/sh', watchdogWords(pid, folder), {
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
  });
  watchdog.unref();
  return watchdog;
}

function childrenOf(pid: number | undefined): readonly number[] {
  try {
    const list = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8');
    return list.split(' ').filter(Boolean).map(Number);
  } catch {
    return [];
  }
}

function killQuietly(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It went with its parent.
  }
}

function environment(): NodeJS.ProcessEnv {
  return { PATH: process.env['PATH'] ?? '', LC_ALL: 'C', TZ: 'UTC' };
}
