// Where a store of a measurement lives: an empty database on a server that runs, and a Redis of its own.
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createConnection, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Where the servers are asked for an empty database; `--postgres` and `--mysql` say otherwise. */
export const SERVERS = {
  postgres: 'postgres://postgres@127.0.0.1:5432/postgres',
  mysql: 'mysql://root@127.0.0.1:3306/',
};

/** `{ name, environment, drop() }` of an empty store: the settings that lead to it, and how to be rid of it. */
export async function openStorage(name, servers = SERVERS) {
  if (name === 'redis') return await redisStorage(servers);
  const base = name === 'postgres' ? await postgresDatabase(servers.postgres) : await mysqlDatabase(servers.mysql);
  return { name, environment: { DATABASE_URL: base.url }, drop: base.drop };
}

/** Verdicts in a Redis of its own with an append-only file synced at every write, records in PostgreSQL. */
async function redisStorage(servers) {
  const records = await postgresDatabase(servers.postgres);
  const redis = await startRedis();
  return {
    name: 'redis',
    redis,
    environment: { DATABASE_URL: records.url, REDIS_URL: redis.url, WATCHWORD_STORE: 'redis' },
    async drop() {
      await redis.stop();
      await records.drop();
    },
  };
}

async function postgresDatabase(url) {
  const { default: pg } = await import('pg');
  const name = `watchword_bench_${process.pid}_${Math.trunc(performance.now())}`;
  const ask = async (text) => {
    const client = new pg.Client(url);
    await client.connect();
    await client.query(text);
    await client.end();
  };
  await ask(`CREATE DATABASE ${name}`);
  const own = new URL(url);
  own.pathname = `/${name}`;
  return { url: own.href, drop: () => ask(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`) };
}

async function mysqlDatabase(url) {
  const { createConnection: connect } = await import('mysql2/promise');
  const name = `watchword_bench_${process.pid}_${Math.trunc(performance.now())}`;
  const ask = async (text) => {
    const connection = await connect(url);
    await connection.query(text);
    await connection.end();
  };
  await ask(`CREATE DATABASE ${name}`);
  const own = new URL(url);
  own.pathname = `/${name}`;
  return { url: own.href, drop: () => ask(`DROP DATABASE IF EXISTS ${name}`) };
}

/** A redis-server as a child, as durable as the service asks for. */
async function startRedis() {
  const folder = mkdtempSync(join(tmpdir(), 'watchword-bench-redis-'));
  const port = await freePort();
  const settings = {
    port,
    dir: folder,
    appendonly: 'yes',
    appendfsync: 'always',
    save: '',
    'maxmemory-policy': 'noeviction',
  };
  const given = Object.entries(settings).flatMap(([key, value]) => [`--${key}`, String(value)]);
  const child = spawn('redis-server', given, { stdio: 'ignore' });
  process.once('exit', () => child.kill('SIGKILL'));
  for (let left = 200; !(await answers(port)); left--) {
    if (left === 0) throw new Error('redis-server did not start; is it installed?');
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  return {
    url: `redis://127.0.0.1:${port}`,
    pid: child.pid,
    stop: () =>
      new Promise((resolve) => {
        child.once('exit', () => {
          rmSync(folder, { recursive: true, force: true });
          resolve();
        });
        child.kill('SIGKILL');
      }),
  };
}

function answers(port) {
  return new Promise((resolve) => {
    const socket = createConnection(port, '127.0.0.1', () => socket.end(() => resolve(true)));
    socket.once('error', () => resolve(false));
  });
}

/** Below the range of ephemeral ports, so that no client socket takes it first. */
function freePort(from = 20_000 + (process.pid % 5_000)) {
  return new Promise((resolve) => {
    const server = createServer().once('error', () => resolve(freePort(from + 1)));
    server.listen(from, '127.0.0.1', () => server.close(() => resolve(from)));
  });
}
