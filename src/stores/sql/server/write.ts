import { KeyTaken } from './faults.ts';
import type { Session } from './session.ts';
import {
  COUNTERS,
  DESTINATIONS,
  DEVICES,
  DOCUMENTS,
  EVENTS,
  IDEMPOTENCY,
  SENDS,
  TOTALS,
  VERIFICATIONS,
  type Table,
} from './tables.ts';
import type { SqlValue } from '../verification-row.ts';
import type { TotalDeltas } from '../totals.ts';
import type { Work } from './work.ts';

/** What a step of the state machine changes while the address stays; in the order of `stateLine`. */
export const STATE = [
  'version',
  'status',
  'channel',
  'expires_at',
  'closed_at',
  'due_at',
  'open_subject',
  'digest',
  'sealed_code',
  'body',
] as const;
/** In the order of the lines of `Work.settledSends`. */
export const SETTLED = ['status', 'due_at', 'leased', 'body', 'progress'] as const;
/** In the order of the lines of `Work.leases`. */
export const LEASE = ['due_at', 'leased'] as const;

/** Shards of the daily totals: enough that instances seldom meet. */
const SHARDS = 16;

type Line = readonly SqlValue[];

/** Writes what a batch decided, each table at once. Rejects with {@link KeyTaken} when somebody else took a key meanwhile. */
export async function writeWork(session: Session, work: Work): Promise<void> {
  await Promise.all([...writeCounts(session, work), ...writeRecords(session, work), ...writeRest(session, work)]);
}

function writeCounts(session: Session, work: Work): Promise<void>[] {
  return [
    insertAll(session, DESTINATIONS, work.destinations.fresh().map(lineOf(DESTINATIONS.columns))),
    updateAll(session, DESTINATIONS, rest(DESTINATIONS), work.destinations.changed().map(lineOf(DESTINATIONS.columns))),
    insertAll(session, COUNTERS, work.counters.fresh().map(lineOf(COUNTERS.columns))),
    updateAll(session, COUNTERS, rest(COUNTERS), work.counters.changed().map(lineOf(COUNTERS.columns))),
  ];
}

/** Swaps before inserts: they free the subjects that new records take. */
function writeRecords(session: Session, work: Work): Promise<void>[] {
  return [
    updateAll(session, VERIFICATIONS, STATE, work.states),
    updateAll(session, VERIFICATIONS, rest(VERIFICATIONS), work.rewritten),
    insertAll(session, VERIFICATIONS, bySubject(work.records)),
    insertAll(session, EVENTS, work.events),
    dropQueued(session, work),
    updateAll(session, SENDS, SETTLED, work.settledSends),
    updateAll(session, SENDS, LEASE, work.leases),
    insertAll(session, SENDS, work.sends),
  ];
}

function writeRest(session: Session, work: Work): Promise<void>[] {
  return [
    insertAll(session, IDEMPOTENCY, work.idempotency.fresh().map(lineOf(IDEMPOTENCY.columns))),
    updateAll(session, IDEMPOTENCY, rest(IDEMPOTENCY), work.idempotency.changed().map(lineOf(IDEMPOTENCY.columns))),
    updateAll(session, IDEMPOTENCY, ['answer'], sorted([...work.answers])),
    releaseKeys(session, [...work.releasedKeys].toSorted()),
    insertNew(session, work.documents),
    upsertAll(session, DEVICES, sorted([...work.devices])),
    addTotals(session, work.totals),
  ];
}

/** Adds to the daily totals, on the connection's own shard. */
export async function addTotals(session: Session, totals: TotalDeltas): Promise<void> {
  const shard = session.number % SHARDS;
  const lines = Array.from(totals.values(), (total): Line => [
    total.application,
    total.day,
    total.mode,
    total.channel,
    total.country,
    total.kind,
    shard,
    total.count,
  ]);
  if (lines.length > 0) await session.upsert(TOTALS, sorted(lines), 'count');
}

/** Inserts all, or rejects with {@link KeyTaken}. */
export async function insertAll<Column extends string>(
  session: Session,
  table: Table<Column>,
  lines: readonly Line[],
): Promise<void> {
  if (lines.length > 0 && (await session.insert(table, lines)) !== lines.length) throw new KeyTaken(table.name);
}

/** Every column but the key's. */
export function rest<Column extends string>({ key, columns }: Table<Column>): readonly Column[] {
  return columns.slice(key.length);
}

/** A row's values in the order of the columns. */
export function lineOf<Row>(columns: readonly (keyof Row)[]): (row: Row) => SqlValue[] {
  return (row) => columns.map((column) => row[column] as SqlValue);
}

/** A document that is there already stays as it is. */
async function insertNew(session: Session, documents: readonly Line[]): Promise<void> {
  if (documents.length > 0) await session.insert(DOCUMENTS, sorted(documents));
}

async function updateAll<Column extends string>(
  session: Session,
  table: Table<Column>,
  columns: readonly Column[],
  lines: readonly Line[],
): Promise<void> {
  if (lines.length > 0) await session.update(table, columns, lines);
}

async function upsertAll<Column extends string>(
  session: Session,
  table: Table<Column>,
  lines: readonly Line[],
): Promise<void> {
  if (lines.length > 0) await session.upsert(table, lines);
}

/** Sends for which no provider is being asked will never go out. */
async function dropQueued(session: Session, { dropped, now }: Work): Promise<void> {
  if (dropped.length > 0) await session.run(DROP, [dropped, now]);
}

async function releaseKeys(session: Session, keys: readonly string[]): Promise<void> {
  if (keys.length > 0) await session.run('DELETE FROM idempotency WHERE name IN (?) AND answer IS NULL', [keys]);
}

/** Two instances that take the same subjects meet them in the same order. */
function bySubject(lines: readonly Line[]): readonly Line[] {
  const at = VERIFICATIONS.columns.indexOf('open_subject');
  return lines.toSorted((a, b) => compare(a[at] ?? '', b[at] ?? ''));
}

function sorted(lines: readonly Line[]): readonly Line[] {
  return lines.toSorted((a, b) => {
    const at = a.findIndex((value, i) => value !== b[i]);
    return at < 0 ? 0 : compare(a[at] ?? '', b[at] ?? '');
  });
}

/** Orders values of one type as the database orders keys. */
export function compare(a: string | number, b: string | number): number {
  return a < b ? -1 : Number(a > b);
}

const DROP = `UPDATE sends SET status = 'dropped', due_at = NULL, leased = 0
  WHERE verification IN (?) AND status = 'queued' AND (leased < 2 OR due_at <= ?)`;
