import { openServerStore, type ServerStoreOptions, type SqlServerStore } from '../sql/server/index.ts';
import { placeOf } from './connect.ts';
import { postgresDialect } from './dialect.ts';

export interface PostgresOptions extends ServerStoreOptions {
  /** `postgres://user:password@host:port/database?sslmode=…`, as the client `pg` reads it (`require` verifies the certificate; `no-verify` does not); `schema=` names where the tables are. */
  readonly url: string;
}

/**
 * A store on PostgreSQL 12 or newer, fully durable, for any number of processes. Run `migrations.migrate()` before the
 * first use. Throws `unavailable`, with what was found and what to do, when the server is not fit.
 */
export async function openPostgresStore({ url, ...options }: PostgresOptions): Promise<SqlServerStore> {
  return openServerStore(postgresDialect(placeOf(url)), options);
}
