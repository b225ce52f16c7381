import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import type { DatabaseLocation, RedisUse, Settings } from '../config/index.ts';
import { WatchwordError } from '../core/errors.ts';
import type { Environment } from '../ports/environment.ts';
import type { RecordSink } from '../ports/recording.ts';
import type { Migrations, Store } from '../ports/store.ts';

/** A store that keeps records, with its schema. Database servers also take records from a store elsewhere. */
export type Database = Store & { readonly migrations: Migrations; readonly sink?: RecordSink };

/**
 * Opens the database that the settings name, whatever its schema. Throws `unavailable` with the setting's name, what was
 * found and what to do.
 */
export async function openDatabase({ database }: Pick<Settings, 'database'>, env: Environment): Promise<Database> {
  return await naming('DATABASE_URL', () => openAt(database, env));
}

/** Each driver is loaded when it is the one: nobody pays for the clients of the others. */
async function openAt(location: DatabaseLocation, { now, log }: Environment): Promise<Database> {
  if (location.kind === 'sqlite') {
    if (location.path !== ':memory:') makeFolder(dirname(location.path));
    const { openSqliteStore } = await import('../stores/sqlite/index.ts');
    return await openSqliteStore({ path: location.path, now, log });
  }
  const options = { url: location.url.reveal(), hostNow: now, log };
  if (location.kind === 'mysql') {
    const { openMysqlStore } = await import('../stores/mysql/index.ts');
    return await openMysqlStore(options);
  }
  const { openPostgresStore } = await import('../stores/postgres/index.ts');
  return await openPostgresStore(options);
}

/**
 * The store that decides, over an open database: Redis where the settings say so, else the database, with rates in Redis
 * beside it where there is one. Whoever closes it closes the database too. Throws as {@link openDatabase}, and then leaves the
 * database open.
 */
export async function openVerdicts({ redis }: Settings, database: Database, env: Environment): Promise<Store> {
  if (redis === null) return database;
  return await naming('REDIS_URL', () => overRedis(redis, database, env));
}

async function overRedis(redis: RedisUse, database: Database, { now, log }: Environment): Promise<Store> {
  const url = redis.url.reveal();
  const { createRedisCounters, openRedisStore, withRedisCounters } = await import('../stores/redis/index.ts');
  if (redis.use === 'rates') return withRedisCounters(database, createRedisCounters({ url, log }));
  const { sink } = database;
  if (sink === undefined) throw new WatchwordError('unavailable', 'DATABASE_URL must name a database server.');
  return await openRedisStore({ url, sql: { ...database, sink }, hostNow: now, log, durability: redis.durability });
}

/** Puts the name of the setting before what a store says, where it does not name it itself. */
export async function naming<T>(setting: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof WatchwordError) || error.message.includes(setting)) throw error;
    throw new WatchwordError(error.code, `${setting}: ${error.message}`, { cause: error });
  }
}

function makeFolder(path: string): void {
  try {
    mkdirSync(path, { recursive: true });
  } catch (cause) {
    throw new WatchwordError('unavailable', 'The folder of the database cannot be made. Check who may write there.', {
      cause,
    });
  }
}
