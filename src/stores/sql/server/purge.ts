import type { Parts } from './parts.ts';
import type { Bind, Session } from './session.ts';

/** Records per transaction: commits on them wait for at most one of these. */
const SLICE = 200;
const INBOX_MS = 600_000;
const DEVICE_MS = 400 * 86_400_000;
const REFUSAL_MS = 7 * 86_400_000;

/** Deletes what its retention ended, slice by slice; what others hold is left for the next time. Returns how many records went. */
export async function purge({ dialect, reader }: Parts, now: number, limit: number): Promise<number> {
  const spentIds = `SELECT id FROM verifications WHERE ${dialect.due.spent} LIMIT ? FOR UPDATE SKIP LOCKED`;
  let gone = 0;
  while (gone < limit) {
    const slice = Math.min(SLICE, limit - gone);
    const count = await reader.transaction((session) => purgeRecords(session, spentIds, [now, slice]));
    gone += count;
    if (count < slice) break;
  }
  for (const spent of SPENT) {
    for (let left = limit; left > 0; left -= SLICE) {
      const count = await reader.transaction((session) => purgeSpent(session, spent, now));
      if (count < SLICE) break;
    }
  }
  return gone;
}

/** How many records a purge would take, at most `limit`. */
export async function countSpent({ dialect, reader }: Parts, now: number, limit: number): Promise<number> {
  const [row] = await reader.rows(
    `SELECT count(*) FROM (SELECT 1 FROM verifications WHERE ${dialect.due.spent} LIMIT ?) AS spent`,
    [now, limit],
  );
  return Number(row?.[0]);
}

async function purgeRecords(session: Session, spentIds: string, binds: readonly Bind[]): Promise<number> {
  const rows = await session.rows(spentIds, binds);
  if (rows.length === 0) return 0;
  const ids = rows.map(([id]) => String(id));
  await session.run('DELETE FROM sends WHERE verification IN (?)', [ids]);
  await session.run('DELETE FROM events WHERE verification IN (?)', [ids]);
  return session.run('DELETE FROM verifications WHERE id IN (?)', [ids]);
}

interface Spent {
  readonly table: string;
  readonly key: string;
  readonly time: string;
  /** How old `time` must be. */
  readonly ageMs: number;
}

async function purgeSpent(session: Session, { table, key, time, ageMs }: Spent, now: number): Promise<number> {
  const rows = await session.rows(
    `SELECT ${key} FROM ${table} WHERE ${time} <= ? ORDER BY ${time} LIMIT ? FOR UPDATE SKIP LOCKED`,
    [now - ageMs, SLICE],
  );
  const keys = rows.map(([value]) => String(value));
  // The time once more: a key may be one of several columns.
  const text = `DELETE FROM ${table} WHERE ${key} IN (?) AND ${time} <= ?`;
  return keys.length === 0 ? 0 : session.run(text, [keys, now - ageMs]);
}

/** What had its time beside the records. */
const SPENT: readonly Spent[] = [
  { table: 'counters', key: 'name', time: 'ends_at', ageMs: 0 },
  { table: 'destinations', key: 'name', time: 'keep_until', ageMs: 0 },
  { table: 'idempotency', key: 'name', time: 'ends_at', ageMs: 0 },
  { table: 'inbox', key: 'send_id', time: 'created_at', ageMs: INBOX_MS },
  { table: 'devices', key: 'name', time: 'at', ageMs: DEVICE_MS },
  { table: 'documents', key: 'id', time: 'ends_at', ageMs: 0 },
  { table: 'refusals', key: 'id', time: 'at', ageMs: REFUSAL_MS },
];
