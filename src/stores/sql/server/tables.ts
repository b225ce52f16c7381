import { DOCUMENT_COLUMNS } from '../document-row.ts';
import { SEND_COLUMNS } from '../send-row.ts';
import { RECORD_COLUMNS } from '../verification-row.ts';

/** The type of a column as parameters are passed: `integer` holds up to 2^53. */
export type ColumnType = 'text' | 'integer' | 'real';

/** A table as the engine writes it; each driver's schema has the same columns by these names. */
export interface Table<Column extends string> {
  readonly name: string;
  /** The first column or columns. */
  readonly key: readonly Column[];
  readonly columns: readonly Column[];
  /** Of the columns that are not text. */
  readonly types: Readonly<Partial<Record<string, ColumnType>>>;
}

/** The parts of {@link Table}; the key is the first `key` columns. */
interface Shape<Column extends string> {
  readonly key: number;
  readonly columns: readonly Column[];
  readonly types?: Readonly<Partial<Record<Column, ColumnType>>>;
}

function table<const Column extends string>(name: string, shape: Shape<Column>): Table<Column> {
  const { key, columns, types = {} } = shape;
  return { name, key: columns.slice(0, key), columns, types };
}

export const VERIFICATIONS = table('verifications', {
  key: 1,
  columns: RECORD_COLUMNS,
  types: {
    version: 'integer',
    created_at: 'integer',
    expires_at: 'integer',
    closed_at: 'integer',
    due_at: 'integer',
    policy: 'integer',
  },
});

export const SENDS = table('sends', {
  key: 2,
  columns: SEND_COLUMNS,
  types: {
    generation: 'integer',
    created_at: 'integer',
    deadline_at: 'integer',
    due_at: 'integer',
    leased: 'integer',
  },
});

/** `seq` orders the events of one verification: the version that wrote it, and its place in that commit. */
export const EVENTS = table('events', {
  key: 2,
  columns: ['verification', 'id', 'seq', 'body'],
  types: { seq: 'integer' },
});

/** Each connection adds to a line of its own (`shard`), so that instances do not wait for each other. */
export const TOTALS = table('totals', {
  key: 7,
  columns: ['application', 'day', 'mode', 'channel', 'country', 'kind', 'shard', 'count'],
  types: { shard: 'integer', count: 'integer' },
});

export const COUNTERS = table('counters', {
  key: 1,
  columns: ['name', 'window_start', 'ends_at', 'count'],
  types: { window_start: 'integer', ends_at: 'integer', count: 'real' },
});

/** `sends` are the times of its live messages, see `packTimes`. */
export const DESTINATIONS = table('destinations', {
  key: 1,
  columns: ['name', 'window_start', 'window_ms', 'failures', 'consecutive', 'sends_ms', 'sends', 'keep_until'],
  types: {
    window_start: 'integer',
    window_ms: 'integer',
    failures: 'integer',
    consecutive: 'integer',
    sends_ms: 'integer',
    keep_until: 'integer',
  },
});

export const DEVICES = table('devices', { key: 1, columns: ['name', 'at'], types: { at: 'integer' } });

export const IDEMPOTENCY = table('idempotency', {
  key: 1,
  columns: ['name', 'body', 'id', 'answer', 'lease_until', 'ends_at'],
  types: { lease_until: 'integer', ends_at: 'integer' },
});

export const POLICY_SNAPSHOTS = table('policy_snapshots', {
  key: 1,
  columns: ['id', 'body'],
  types: { id: 'integer' },
});

export const INBOX = table('inbox', {
  key: 1,
  columns: ['send_id', 'verification', 'application', 'mode', 'channel', 'to_index', 'sealed', 'created_at'],
  types: { created_at: 'integer' },
});

export const APPLICATIONS = table('applications', { key: 1, columns: ['id', 'name', 'body'] });

export const POLICIES = table('policies', { key: 2, columns: ['application', 'purpose', 'body'] });

export const API_KEYS = table('api_keys', {
  key: 1,
  columns: [
    'id',
    'application',
    'mode',
    'name',
    'scopes',
    'hash',
    'created_at',
    'expires_at',
    'revoked_at',
    'last_used_at',
  ],
  types: { created_at: 'integer', expires_at: 'integer', revoked_at: 'integer', last_used_at: 'integer' },
});

/** Key by address: someone already there keeps id and date. */
export const PEOPLE = table('people', {
  key: 2,
  columns: ['application', 'to_index', 'id', 'sealed', 'reference', 'created_at'],
  types: { created_at: 'integer' },
});

/** Refused starts of a verdict store elsewhere that were counted. */
export const REFUSALS = table('refusals', { key: 1, columns: ['id', 'at'], types: { at: 'integer' } });

/** `lookup` is the index of a document. */
export const DOCUMENTS = table('documents', {
  key: 2,
  columns: DOCUMENT_COLUMNS,
  types: { version: 'integer', created_at: 'integer', due_at: 'integer', ends_at: 'integer' },
});

export const SCHEMA_MIGRATIONS = table('schema_migrations', {
  key: 1,
  columns: ['version', 'name', 'min_reader', 'applied_at'],
  types: { version: 'integer', min_reader: 'integer', applied_at: 'integer' },
});

/** Of every table that is written when the schema is there. */
export const WRITTEN: readonly string[] = [
  VERIFICATIONS,
  SENDS,
  EVENTS,
  TOTALS,
  COUNTERS,
  DESTINATIONS,
  DEVICES,
  IDEMPOTENCY,
  POLICY_SNAPSHOTS,
  INBOX,
  APPLICATIONS,
  POLICIES,
  API_KEYS,
  PEOPLE,
  REFUSALS,
  DOCUMENTS,
].map(({ name }) => name);

/** The type of a column's parameters. */
export function typeOf<Column extends string>(table: Table<Column>, column: Column): ColumnType {
  return table.types[column] ?? 'text';
}
