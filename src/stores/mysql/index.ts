import { openServerStore, type ServerStoreOptions, type SqlServerStore } from '../sql/server/index.ts';
import { mysqlDialect } from './dialect.ts';
import { placeOf } from './place.ts';

export interface MysqlOptions extends ServerStoreOptions {
  /** `mysql://user:password@host:port/database`, with `?ssl-mode=`, `ssl-ca=` (a PEM file) and `socket=` (a path) where wanted. */
  readonly url: string;
}

/**
 * A store on MySQL 8.0.17 or MariaDB 10.6 and newer, fully durable, for any number of processes. Run `migrations.migrate()`
 * before the first use. Throws `unavailable`, with what was found and what to do, when the server is not fit.
 */
export async function openMysqlStore({ url, ...options }: MysqlOptions): Promise<SqlServerStore> {
  return openServerStore(mysqlDialect(placeOf(url)), options);
}
