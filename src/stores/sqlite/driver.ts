import { WatchwordError } from '../../core/errors.ts';
import type { SqlValue } from '../sql/index.ts';

/** A prepared statement; rows come back with a null prototype. */
export interface Statement {
  run(...values: SqlValue[]): { changes: number | bigint; lastInsertRowid: number | bigint };
  get(...values: SqlValue[]): unknown;
  all(...values: SqlValue[]): unknown[];
  /** Rows as arrays of values instead of objects. */
  setReturnArrays(enabled: boolean): void;
}

/** What both drivers have in common: the API of node:sqlite. */
export interface Database {
  readonly isTransaction: boolean;
  prepare(sql: string): Statement;
  exec(sql: string): void;
  close(): void;
}

interface Driver {
  readonly DatabaseSync: new (path: string) => Database;
}

const BUILT_IN_FROM = 24;
const PACKAGE = '@photostructure/sqlite';

/** SQLite itself: built into Node.js from 24 on, the optional package before. Throws `unavailable` when that is missing. */
export async function loadDriver(): Promise<Driver> {
  if (Number.parseInt(process.versions.node, 10) >= BUILT_IN_FROM) {
    const builtIn: unknown = process.getBuiltinModule('node:sqlite' as 'node:fs');
    return builtIn as Driver;
  }
  try {
    return (await import(PACKAGE)) as Driver;
  } catch (cause) {
    throw new WatchwordError(
      'unavailable',
      `SQLite is missing: Node.js ${process.versions.node} has none built in. Run "npm install ${PACKAGE}@1" or use Node.js ${BUILT_IN_FROM} or newer.`,
      { cause },
    );
  }
}
