export type { Dialect, Fault, Migration } from './dialect.ts';
export type { Bind, Connection, Session, Statements } from './session.ts';
export { openServerStore, type ServerStoreOptions, type SqlServerStore } from './store.ts';
export { typeOf, type ColumnType, type Table, WRITTEN } from './tables.ts';
