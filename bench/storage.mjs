// Where a store of a measurement lives: an empty database, and a Redis, both of the run's own unless a URL names a server.
import { startMariadb, startPostgres, startRedis } from './servers.mjs';

/**
 * `{ name, environment, drop() }` of an empty store: the settings that lead to it, and how to be rid of it. `servers` has the
 * URLs of running servers to use instead of our own.
 */
export async function openStorage(name, servers = {}) {
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
    environment: { DATABASE_URL: records.url, REDIS_URL: redis.url, WATCHWORD_STORE: 'redis' },
    async drop() {
      await redis.stop();
      await records.drop();
    },
  };
}

async function postgresDatabase(url) {
  const server = url === undefined ? await startPostgres() : null;
  const { default: pg } = await import('pg');
  const ask = async (text) => {
    const client = new pg.Client(server?.url ?? url);
    await client.connect();
    await client.query(text).finally(() => client.end());
  };
  return await freshDatabase(server?.url ?? url, server, ask, 'WITH (FORCE)');
}

async function mysqlDatabase(url) {
  const server = url === undefined ? await startMariadb() : null;
  const { createConnection: connect } = await import('mysql2/promise');
  const ask = async (text) => {
    const connection = await connect(server?.url ?? url);
    await connection.query(text).finally(() => connection.end());
  };
  return await freshDatabase(server?.url ?? url, server, ask, '');
}

/** A database of a name of its own; dropped again, with the server where that is ours. */
async function freshDatabase(url, server, ask, force) {
  const name = `watchword_bench_${process.pid}_${Math.trunc(performance.now())}`;
  await eventually(() => ask(`CREATE DATABASE ${name}`));
  const own = new URL(url);
  own.pathname = `/${name}`;
  const drop = () => (server === null ? ask(`DROP DATABASE IF EXISTS ${name} ${force}`) : server.stop());
  return { url: own.href, drop };
}

/** A server that has just opened its port may still be starting. */
async function eventually(work) {
  for (let left = 100; ; left--) {
    try {
      return await work();
    } catch (error) {
      if (left === 0) throw error;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
}
