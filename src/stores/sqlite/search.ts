import { idFloor } from '../../core/id.ts';
import type { RecordQuery, Records, Tally } from '../../ports/records.ts';
import {
  placeholders,
  searchCondition,
  searchScope,
  tallyFrom,
  tallyOf,
  VERIFICATION_COLUMNS,
  verificationFrom,
  type Condition,
  type VerificationRow,
} from '../sql/index.ts';
import type { Parts } from './verifications.ts';

/** Records read between two breaths of the event loop. */
const STRIDE = 2_000;
/** An id and the time of its record come from clocks that differ by less. */
const CLOCK_SLACK_MS = 600_000;
/** More records than there are. */
const MOST = Number.MAX_SAFE_INTEGER;
/** Above every id. */
const END = '~';
const EVERYTHING: Condition = { sql: 'true', values: [] };
const COLUMNS = VERIFICATION_COLUMNS.join(', ');

/** Newest first, by walking the records backwards from the cursor, or the few that an address has. */
export async function search(parts: Parts, query: RecordQuery): ReturnType<Records['search']> {
  const wanted = query.limit + 1;
  const { rows, reached = null } =
    query.toIndexes === undefined ? await walk(parts, query, wanted) : { rows: await byAddress(parts, query, wanted) };
  const records = rows.slice(0, query.limit).map((row) => verificationFrom(row, parts.policies.policyOf(row.policy)));
  const hasMore = rows.length > query.limit;
  return hasMore || reached === null ? { rows: records, hasMore } : { rows: records, hasMore: true, reached };
}

/** Counts in one step what the newest records are. */
export function tally({ connection }: Parts, query: RecordQuery): Tally {
  const { sql, values } = searchCondition(query);
  const { from, floor } = rangeOf(query);
  const last = connection
    .sql('SELECT id FROM verifications WHERE id < ? AND id >= ? ORDER BY id DESC LIMIT 1 OFFSET ?')
    .get(from, floor, (query.patience ?? MOST) - 1) as { id: string } | undefined;
  const rows = connection
    .values(tallyOf(`id < ? AND id >= ? AND ${sql}`))
    .all(query.now, from, last?.id ?? floor, ...values);
  return tallyFrom(rows as unknown[][], last !== undefined);
}

interface Walked {
  readonly rows: VerificationRow[];
  /** Where patience ended; null = everything was looked at, or enough was found. */
  readonly reached?: string | null;
}

async function walk(parts: Parts, query: RecordQuery, wanted: number): Promise<Walked> {
  const condition = searchCondition(query);
  // Whose records they are no index tells, of which ticket one does.
  const scope = query.reference === undefined ? EVERYTHING : searchScope(query);
  const rows: VerificationRow[] = [];
  const { from, floor } = rangeOf(query);
  let before: string | null = from;
  let patience = query.patience ?? Infinity;
  while (before !== null && rows.length < wanted && patience > 0) {
    const start: string = before;
    const step = await parts.connection.read(() => stride(parts, { scope, condition }, start, wanted - rows.length));
    rows.push(...step.rows);
    before = step.next !== null && step.next > floor ? step.next : null;
    patience -= STRIDE;
    await new Promise((resolve) => setImmediate(resolve));
  }
  return { rows, reached: rows.length < wanted ? before : null };
}

/** Ids tell the time, so a filter by time needs no look at what is outside it. A record's own time still decides. */
function rangeOf({ before, createdAfter, createdBefore }: RecordQuery): {
  readonly from: string;
  readonly floor: string;
} {
  const from = createdBefore === undefined ? END : idFloor('vrf', createdBefore + CLOCK_SLACK_MS);
  const floor = createdAfter === undefined ? '' : idFloor('vrf', createdAfter - CLOCK_SLACK_MS);
  return { from: before !== undefined && before < from ? before : from, floor };
}

/** The matches among the next records before an id, and where to go on; null = that was the last. */
function stride(
  { connection }: Parts,
  { scope, condition }: { readonly scope: Condition; readonly condition: Condition },
  before: string,
  wanted: number,
): {
  readonly rows: VerificationRow[];
  readonly next: string | null;
} {
  const last = connection
    .sql(`SELECT id FROM verifications WHERE ${scope.sql} AND id < ? ORDER BY id DESC LIMIT 1 OFFSET ?`)
    .get(...scope.values, before, STRIDE - 1) as { id: string } | undefined;
  const rows = connection
    .sql(`SELECT ${COLUMNS} FROM verifications WHERE id < ? AND id >= ? AND ${condition.sql} ORDER BY id DESC LIMIT ?`)
    .all(before, last?.id ?? '', ...condition.values, wanted) as VerificationRow[];
  return { rows, next: last?.id ?? null };
}

async function byAddress(parts: Parts, query: RecordQuery, wanted: number): Promise<VerificationRow[]> {
  const toIndexes = query.toIndexes ?? [];
  const condition = searchCondition(query);
  const ids = await parts.connection.read(() => parts.lookups.find(toIndexes, query.before ?? null));
  const rows: VerificationRow[] = [];
  for (let i = 0; i < ids.length && rows.length < wanted; i++) {
    const row = await parts.connection.read(() =>
      parts.connection
        .sql(
          `SELECT ${COLUMNS} FROM verifications
           WHERE id = ? AND to_index IN (${placeholders(toIndexes.length)}) AND ${condition.sql}`,
        )
        .get(ids[i] ?? '', ...toIndexes, ...condition.values),
    );
    if (row !== undefined) rows.push(row as VerificationRow);
  }
  return rows;
}
