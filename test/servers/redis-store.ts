import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Store } from '../../src/ports/store.ts';
import { parseRedisUrl } from '../../src/stores/redis/address.ts';
import { connectRedis } from '../../src/stores/redis/client.ts';
import { Clock } from '../../src/stores/redis/clock.ts';
import { Frames } from '../../src/stores/redis/frames.ts';
import { openRedisStore, type RedisOptions } from '../../src/stores/redis/index.ts';
import { Keys } from '../../src/stores/redis/keys.ts';
import type { Parts } from '../../src/stores/redis/parts.ts';
import { openSqliteStore } from '../../src/stores/sqlite/index.ts';

/** A folder for the records of a test file. */
export const folder = mkdtempSync(join(tmpdir(), 'watchword-redis-'));
let files = 0;

export function removeFolder(): void {
  rmSync(folder, { recursive: true });
}

/** A name for an empty database of records. */
export function newRecords(): string {
  return join(folder, `${files++}.db`);
}

/** The store under test with its records in SQLite. */
export async function openStore(options: Omit<RedisOptions, 'sql'> & { readonly records?: string }): Promise<Store> {
  const { records = newRecords(), ...rest } = options;
  const sql = await openSqliteStore({ path: records, ...(options.now === undefined ? {} : { now: options.now }) });
  await sql.migrations.migrate();
  return openRedisStore({ ...rest, sql });
}

/** What the store is made of, on a connection of its own that the caller closes. */
export async function openParts(
  options: Pick<RedisOptions, 'url' | 'sql' | 'now' | 'log'> & { readonly prefix?: string },
): Promise<Parts> {
  const { url, sql, now = null, log = () => undefined, prefix = 'ww' } = options;
  const address = parseRedisUrl(url);
  if (address === null) throw new Error(`not a Redis URL: ${url}`);
  const client = await connectRedis(address);
  const keys = new Keys(prefix);
  const clock = new Clock({ client, now, hostNow: Date.now });
  return { client, keys, clock, frames: new Frames(client, keys), sql, log, replicated: async () => undefined };
}
