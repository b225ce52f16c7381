// Servers of a run's own: direct children on loopback ports, as durable as the service asks for, gone with the run.
import { execFileSync, spawn } from 'node:child_process';
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { createConnection, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';

const READY_MS = 30_000;

/** An empty PostgreSQL; user `postgres`. */
export async function startPostgres() {
  const { uid, folder, port } = await place('postgres');
  const bin = folderOf('postgres', 'initdb');
  const data = join(folder, 'data');
  const making = ['-D', data, '-U', 'postgres', '--auth=trust', '--encoding=UTF8', '--locale=C', '--no-sync'];
  execFileSync(join(bin, 'initdb'), making, { ...uid, cwd: folder, stdio: 'ignore' });
  const settings = { port, listen_addresses: '127.0.0.1', unix_socket_directories: folder, max_connections: 200 };
  const given = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const stop = await started(join(bin, 'postgres'), ['-D', data, ...given], { uid, folder, port, signal: 'SIGINT' });
  return { url: `postgres://postgres@127.0.0.1:${port}/postgres`, ...stop };
}

/** An empty MariaDB; user `root`. */
export async function startMariadb() {
  const { uid, folder, port } = await place('mysql');
  const install = join(folderOf('mariadb-install-db'), 'mariadb-install-db');
  const data = join(folder, 'data');
  const making = [
    '--no-defaults',
    `--datadir=${data}`,
    `--tmpdir=${folder}`,
    '--auth-root-authentication-method=normal',
    '--skip-test-db',
  ];
  execFileSync(install, making, { ...uid, cwd: folder, stdio: 'ignore' });
  const given = [
    '--no-defaults',
    `--datadir=${data}`,
    `--tmpdir=${folder}`,
    `--socket=${join(folder, 'mysql.sock')}`,
    `--pid-file=${join(folder, 'mysql.pid')}`,
    '--bind-address=127.0.0.1',
    `--port=${port}`,
    '--innodb-flush-log-at-trx-commit=1',
    '--max-connections=400',
  ];
  const program = join(folderOf('mariadbd'), 'mariadbd');
  const stop = await started(program, given, { uid, folder, port, signal: 'SIGTERM' });
  return { url: `mysql://root@127.0.0.1:${port}/`, ...stop };
}

/** An empty Redis that writes and syncs its log before it answers; `settings` go before these. */
export async function startRedis(settings = {}) {
  const { uid, folder, port } = await place('redis');
  const all = {
    port,
    dir: folder,
    appendonly: 'yes',
    appendfsync: 'always',
    save: '',
    'maxmemory-policy': 'noeviction',
    ...settings,
  };
  const given = Object.entries(all).flatMap(([name, value]) => [`--${name}`, String(value)]);
  const program = join(folderOf('redis-server'), 'redis-server');
  const stop = await started(program, given, { uid, folder, port, signal: 'SIGKILL' });
  return { url: `redis://127.0.0.1:${port}`, ...stop };
}

/** A folder and a port; as root also the user the server is to be, because PostgreSQL refuses root. */
async function place(name) {
  const folder = mkdtempSync(join(tmpdir(), `watchword-bench-${name}-`));
  const uid = process.getuid?.() === 0 ? idsOf(name) : {};
  if (uid.uid !== undefined) chownSync(folder, uid.uid, uid.gid);
  return { folder, uid, port: await freePort() };
}

function idsOf(user) {
  try {
    const [uid, gid] = ['-u', '-g'].map((flag) => Number(execFileSync('id', [flag, user], { stdio: 'pipe' })));
    return { uid, gid };
  } catch {
    return {};
  }
}

/** Where the programs of a server lie: in PATH, or where systems keep them outside of it. */
function folderOf(...names) {
  const debian = '/usr/lib/postgresql';
  const versions = existsSync(debian) ? readdirSync(debian).map((version) => join(debian, version, 'bin')) : [];
  const folders = [...versions.toSorted().toReversed(), ...process.env.PATH.split(delimiter), '/usr/sbin'];
  const found = folders.find((folder) => names.every((name) => existsSync(join(folder, name))));
  if (found === undefined) throw new Error(`${names.join(' and ')} cannot be found; is the server installed?`);
  return found;
}

async function started(program, given, { uid, folder, port, signal }) {
  const child = spawn(program, given, { ...uid, cwd: folder, stdio: 'ignore' });
  const kill = () => child.kill('SIGKILL');
  process.once('exit', kill);
  for (const until = performance.now() + READY_MS; !(await answers(port));) {
    if (child.exitCode !== null || performance.now() > until) throw new Error(`${program} did not start`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  const stop = () =>
    new Promise((resolve) => {
      child.once('exit', () => {
        process.off('exit', kill);
        rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
        resolve();
      });
      child.kill(signal);
    });
  return { pid: child.pid, stop };
}

function answers(port) {
  return new Promise((resolve) => {
    const socket = createConnection(port, '127.0.0.1', () => socket.end(() => resolve(true)));
    socket.once('error', () => resolve(false));
  });
}

/** Below the range of ephemeral ports, so that no client socket takes it first. */
function freePort(from = 20_000 + (process.pid % 5_000) + Math.floor(Math.random() * 2_000)) {
  return new Promise((resolve) => {
    const server = createServer().once('error', () => resolve(freePort(from + 1)));
    server.listen(from, '127.0.0.1', () => server.close(() => resolve(from)));
  });
}
