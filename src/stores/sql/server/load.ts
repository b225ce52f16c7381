import type { CounterRow } from '../limits.ts';
import type { SqlValue } from '../verification-row.ts';
import type { Session } from './session.ts';
import { COUNTERS, DESTINATIONS, IDEMPOTENCY, type Table } from './tables.ts';

/** Names of the rows that decide an item; all are locked but subjects, which are looked up. */
export interface Needs {
  readonly destinations?: readonly string[];
  readonly counters?: readonly string[];
  readonly verifications?: readonly string[];
  readonly subjects?: readonly string[];
  /** Verifications whose sends decide. */
  readonly sends?: readonly string[];
  readonly idempotency?: readonly string[];
}

/** What is counted for a destination. */
export interface DestinationRow {
  readonly name: string;
  readonly window_start: number;
  readonly window_ms: number;
  readonly failures: number;
  readonly consecutive: number;
  /** The longest window that a limit asked for. */
  readonly sends_ms: number;
  readonly sends: string;
  readonly keep_until: number;
}

/** What a swap must know of the stored record. */
export interface Stored {
  readonly id: string;
  readonly version: number;
  readonly status: string;
  readonly to_index: string | null;
}

/** How a send stands in the queue. */
export interface Queued {
  readonly verification: string;
  readonly id: string;
  readonly generation: number;
  readonly due_at: number | null;
  readonly leased: number;
}

export interface ClaimedKey {
  readonly name: string;
  readonly body: string;
  readonly id: string;
  readonly answer: string | null;
  readonly lease_until: number;
  readonly ends_at: number;
}

/** The rows that decide a batch, as they are under their locks. */
export interface Loaded {
  readonly destinations: ReadonlyMap<string, DestinationRow>;
  readonly counters: ReadonlyMap<string, CounterRow>;
  readonly verifications: ReadonlyMap<string, Stored>;
  readonly subjects: ReadonlySet<string>;
  readonly sends: readonly Queued[];
  readonly idempotency: ReadonlyMap<string, ClaimedKey>;
}

/**
 * Locks and reads what a batch needs. Always in this order of tables and keys, so that instances wait for each other
 * instead of locking each other out.
 */
export async function load(session: Session, needs: readonly Needs[]): Promise<Loaded> {
  const [destinations, counters, verifications, subjects, sends, idempotency] = await Promise.all([
    lock<DestinationRow>(session, DESTINATIONS, DESTINATIONS.columns, all(needs, 'destinations')),
    lock<CounterRow>(session, COUNTERS, COUNTERS.columns, all(needs, 'counters')),
    lock<Stored>(session, { name: 'verifications', key: ['id'] }, STORED, all(needs, 'verifications')),
    select(session, SUBJECTS, all(needs, 'subjects')),
    lock<Queued>(session, { name: 'sends', key: ['verification', 'id'] }, QUEUED, all(needs, 'sends')),
    lock<ClaimedKey>(session, IDEMPOTENCY, IDEMPOTENCY.columns, all(needs, 'idempotency')),
  ]);
  return {
    destinations: byKey(destinations, 'name'),
    counters: byKey(counters, 'name'),
    verifications: byKey(verifications, 'id'),
    subjects: new Set(subjects.map(([subject]) => subject as string)),
    sends,
    idempotency: byKey(idempotency, 'name'),
  };
}

const STORED = ['id', 'version', 'status', 'to_index'] as const;
const QUEUED = ['verification', 'id', 'generation', 'due_at', 'leased'] as const;
const SUBJECTS = 'SELECT open_subject FROM verifications WHERE open_subject IN (?)';

/** The distinct names of one kind, in their order. */
function all(needs: readonly Needs[], kind: keyof Needs): readonly string[] {
  return [...new Set(needs.flatMap((need) => need[kind] ?? []))].toSorted();
}

async function lock<Row>(
  session: Session,
  { name, key }: Pick<Table<string>, 'name' | 'key'>,
  columns: readonly (keyof Row & string)[],
  names: readonly string[],
): Promise<Row[]> {
  const text = `SELECT ${columns.join(', ')} FROM ${name} WHERE ${key[0] ?? ''} IN (?) ORDER BY ${key.join(', ')} FOR UPDATE`;
  return (await select(session, text, names)).map((values) => rowOf<Row>(columns, values));
}

async function select(
  session: Session,
  text: string,
  names: readonly string[],
): Promise<readonly (readonly SqlValue[])[]> {
  return names.length === 0 ? [] : session.rows(text, [names]);
}

/** A row by the names of its columns. */
export function rowOf<Row>(columns: readonly (keyof Row & string)[], values: readonly SqlValue[]): Row {
  return Object.fromEntries(columns.map((column, i) => [column, values[i] ?? null])) as Row;
}

function byKey<Row, Key extends keyof Row>(rows: readonly Row[], key: Key): ReadonlyMap<Row[Key], Row> {
  return new Map(rows.map((row) => [row[key], row]));
}
