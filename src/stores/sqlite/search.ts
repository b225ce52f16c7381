import type { Verification } from '../../core/verification.ts';
import type { RecordQuery } from '../../ports/records.ts';
import {
  placeholders,
  searchCondition,
  VERIFICATION_COLUMNS,
  verificationFrom,
  type Condition,
  type VerificationRow,
} from '../sql/index.ts';
import type { Parts } from './verifications.ts';

/** Records read between two breaths of the event loop. */
const STRIDE = 2_000;
/** Above every id. */
const END = '~';
const COLUMNS = VERIFICATION_COLUMNS.join(', ');

/** Newest first, by walking the records backwards from the cursor, or the few that an address has. */
export async function search(
  parts: Parts,
  query: RecordQuery,
): Promise<{ readonly rows: readonly Verification[]; readonly hasMore: boolean }> {
  const wanted = query.limit + 1;
  const rows = query.toIndexes === undefined ? await walk(parts, query, wanted) : await byAddress(parts, query, wanted);
  const records = rows.slice(0, query.limit).map((row) => verificationFrom(row, parts.policies.policyOf(row.policy)));
  return { rows: records, hasMore: rows.length > query.limit };
}

async function walk(parts: Parts, query: RecordQuery, wanted: number): Promise<VerificationRow[]> {
  const condition = searchCondition(query);
  const rows: VerificationRow[] = [];
  let before: string | null = query.before ?? END;
  while (before !== null && rows.length < wanted) {
    const from: string = before;
    const step = await parts.connection.read(() => stride(parts, condition, from, wanted - rows.length));
    rows.push(...step.rows);
    before = step.next;
    await new Promise((resolve) => setImmediate(resolve));
  }
  return rows;
}

/** The matches among the next records before an id, and where to go on; null = that was the last. */
function stride(
  { connection }: Parts,
  condition: Condition,
  before: string,
  wanted: number,
): {
  readonly rows: VerificationRow[];
  readonly next: string | null;
} {
  const last = connection
    .sql('SELECT id FROM verifications WHERE id < ? ORDER BY id DESC LIMIT 1 OFFSET ?')
    .get(before, STRIDE - 1) as { id: string } | undefined;
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
