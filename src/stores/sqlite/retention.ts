import {
  erased,
  erasedEvents,
  placeholders,
  verificationFrom,
  VERIFICATION_COLUMNS,
  verificationValues,
  type VerificationRow,
} from '../sql/index.ts';
import { DELETE_EVENTS_OF, EVENTS_OF } from './event-chain.ts';
import type { Parts } from './verifications.ts';
import type { Batch } from './writer.ts';

/** Records per transaction: other writers wait for at most one of these. */
const SLICE = 100;
const INBOX_MS = 600_000;
const DEVICE_MS = 400 * 86_400_000;

interface Spent {
  readonly id: string;
  readonly to_index: string | null;
}

/** Deletes what its retention ended, slice by slice. Returns how many records went. */
export async function purge(parts: Parts, now: number, limit: number): Promise<number> {
  let gone = 0;
  while (gone < limit) {
    const slice = Math.min(SLICE, limit - gone);
    const count = await parts.writer.write((batch) => purgeRecords(parts, batch, now, slice));
    gone += count;
    if (count < slice) break;
  }
  for (let left = limit; left > 0; left -= SLICE) {
    const most = await parts.writer.write(() => purgeSpent(parts, now));
    if (most < SLICE) break;
  }
  return gone;
}

/** How many records a purge would take, at most `limit`. */
export function countSpent({ connection }: Parts, now: number, limit: number): number {
  const row = connection
    .sql(`SELECT count(*) AS count FROM (SELECT 1 FROM verifications WHERE ${SPENT_DUE} LIMIT ?)`)
    .get(now, limit) as { count: number };
  return row.count;
}

/** Makes every record of the addresses bare, and forgets them everywhere else. Returns how many records changed. */
export async function erase(
  parts: Parts,
  application: string,
  toIndexes: readonly string[],
  now: number,
): Promise<number> {
  if (toIndexes.length === 0) return 0;
  const ids = await parts.connection.read(() => parts.lookups.find(toIndexes, null));
  let changed = 0;
  for (let i = 0; i === 0 || i < ids.length; i += SLICE) {
    const slice = ids.slice(i, i + SLICE);
    changed += await parts.writer.write((batch) => {
      // A start may have come in since the ids were read: the last slice looks again.
      const rest = i + SLICE >= ids.length ? parts.lookups.find(toIndexes, null) : slice;
      if (i + SLICE >= ids.length) eraseElsewhere(parts, application, toIndexes);
      return rest.filter((id) => eraseRecord(parts, batch, { id, application, toIndexes, now })).length;
    });
  }
  return changed;
}

function purgeRecords(parts: Parts, batch: Batch, now: number, limit: number): number {
  const { connection, lookups } = parts;
  const rows = connection
    .sql(`SELECT id, to_index FROM verifications WHERE ${SPENT_DUE} ORDER BY due_at LIMIT ?`)
    .all(now, limit) as Spent[];
  for (const row of rows) {
    lookups.removed(batch, row.id, row.to_index);
    connection.sql('DELETE FROM sends WHERE verification = ?').run(row.id);
    connection.sql(DELETE_EVENTS_OF).run(row.id);
    connection.sql('DELETE FROM verifications WHERE id = ?').run(row.id);
  }
  return rows.length;
}

/** One slice of everything else that had its time; returns the most that one table lost. */
function purgeSpent({ connection, lookups, sendLog }: Parts, now: number): number {
  sendLog.purge(now, SLICE);
  lookups.dropEmptySegments(SLICE);
  const deleted = SPENT.map(({ sql, ageMs }) => Number(connection.sql(sql).run(now - ageMs, SLICE).changes));
  return Math.max(...deleted);
}

interface Erasure {
  readonly id: string;
  readonly application: string;
  readonly toIndexes: readonly string[];
  readonly now: number;
}

function eraseRecord(parts: Parts, batch: Batch, { id, application, toIndexes }: Erasure): boolean {
  const { connection, lookups, policies } = parts;
  const row = connection
    .sql(
      `SELECT ${COLUMNS} FROM verifications
          WHERE id = ? AND application = ? AND to_index IN (${placeholders(toIndexes.length)})`,
    )
    .get(id, application, ...toIndexes) as VerificationRow | undefined;
  if (row === undefined) return false;
  const record = erased(verificationFrom(row, policies.policyOf(row.policy)));
  connection
    .sql(`UPDATE verifications SET (${COLUMNS}) = (${placeholders(VERIFICATION_COLUMNS.length)}) WHERE id = ?`)
    .run(...verificationValues(record, row), id);
  lookups.moved(batch, id, row.to_index, null);
  connection
    .sql('DELETE FROM devices WHERE name >= ? AND name < ?')
    .run(`${application}|${row.limit_index}|`, `${application}|${row.limit_index}}`);
  const events = connection.sql(EVENTS_OF).all(id) as { seq: number; body: string }[];
  for (const event of events) {
    connection.sql('UPDATE events SET body = ? WHERE seq = ?').run(erasedEvents(event.body), event.seq);
  }
  return true;
}

function eraseElsewhere({ connection }: Parts, application: string, toIndexes: readonly string[]): void {
  const marks = placeholders(toIndexes.length);
  connection.sql(`DELETE FROM people WHERE application = ? AND to_index IN (${marks})`).run(application, ...toIndexes);
  connection.sql(`DELETE FROM inbox WHERE application = ? AND to_index IN (${marks})`).run(application, ...toIndexes);
}

const COLUMNS = VERIFICATION_COLUMNS.join(', ');
const SPENT_DUE = 'digest IS NULL AND due_at IS NOT NULL AND due_at <= ?';

/** Each deletes up to a slice of rows that are older than `ageMs`. */
const SPENT = [
  { sql: spent('counters', 'name', 'ends_at'), ageMs: 0 },
  { sql: spent('destinations', 'name', 'keep_until'), ageMs: 0 },
  { sql: spent('idempotency', 'name', 'ends_at'), ageMs: 0 },
  { sql: spent('inbox', 'send_id', 'created_at'), ageMs: INBOX_MS },
  { sql: spent('devices', 'name', 'at'), ageMs: DEVICE_MS },
  { sql: spent('documents', '(kind, id)', 'ends_at'), ageMs: 0 },
] as const;

function spent(table: string, key: string, time: string): string {
  return `DELETE FROM ${table} WHERE ${key} IN (SELECT ${key.replace(/[()]/g, '')} FROM ${table} WHERE ${time} <= ? ORDER BY ${time} LIMIT ?)`;
}
