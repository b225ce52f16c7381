import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Store } from '../../src/ports/store.ts';
import { openRedisStore, type RedisOptions } from '../../src/stores/redis/index.ts';
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
