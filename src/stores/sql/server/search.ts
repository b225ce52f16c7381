import { newId } from '../../../core/id.ts';
import type { Verification } from '../../../core/verification.ts';
import type { RecordQuery, Tally } from '../../../ports/records.ts';
import { searchCondition, searchScope, tallyFrom, tallyOf, type Condition } from '../search-filter.ts';
import { RECORD_COLUMNS, type SqlValue } from '../verification-row.ts';
import { recordsOf } from './find.ts';
import type { Parts } from './parts.ts';

type Row = readonly SqlValue[];

/** Above every id. */
const END = '~';
/** Records looked at by the first query; each one that finds too few is followed by one over more. */
const FIRST_STRIDE = 1_000;
const LAST_STRIDE = 64_000;
/** An id is drawn at most this long before its record is created: an idempotent request keeps the id of its first try. */
const ID_AGE_MS = 2 * 86_400_000;

/** Newest first, by walking the records backwards from the cursor, or the few that an address has. */
export async function search(
  parts: Parts,
  query: RecordQuery,
): Promise<{ readonly rows: readonly Verification[]; readonly hasMore: boolean }> {
  const wanted = query.limit + 1;
  const rows = query.toIndexes === undefined ? await walk(parts, query, wanted) : await byAddress(parts, query, wanted);
  const records = await recordsOf(parts, rows.slice(0, query.limit));
  return { rows: records, hasMore: rows.length > query.limit };
}

/** Counts in one query what the newest records are. */
export async function tally({ reader }: Parts, query: RecordQuery): Promise<Tally> {
  const { sql, values } = searchCondition(query);
  const scope = searchScope(query);
  const [from, oldest] = [newestId(query), oldestId(query)];
  const { patience } = query;
  const reached =
    patience === undefined ? [] : await reader.rows(strideOf(scope), [...scope.values, from, oldest, patience - 1]);
  const down = reached[0] === undefined ? oldest : String(reached[0][0]);
  const rows = await reader.rows(tallyOf(`${sql} AND id < ? AND id >= ?`), [query.now, ...values, from, down]);
  return tallyFrom(rows, reached.length > 0);
}

/** A filter may match next to nothing: each query covers a bounded stretch, so that none runs into its time-out. */
async function walk(parts: Parts, query: RecordQuery, wanted: number): Promise<Row[]> {
  const condition = searchCondition(query);
  const scope = searchScope(query);
  const oldest = oldestId(query);
  const rows: Row[] = [];
  let before: string | null = newestId(query);
  for (let stride = FIRST_STRIDE; before !== null && rows.length < wanted; stride = Math.min(stride * 4, LAST_STRIDE)) {
    const from: string = before;
    const [last] = await parts.reader.rows(strideOf(scope), [...scope.values, from, oldest, stride - 1]);
    const down = last === undefined ? oldest : String(last[0]);
    rows.push(...(await matches(parts, condition, { from, down, limit: wanted - rows.length })));
    before = last === undefined ? null : down;
  }
  return rows;
}

async function matches(
  { reader }: Parts,
  { sql, values }: Condition,
  { from, down, limit }: { from: string; down: string; limit: number },
): Promise<readonly Row[]> {
  const text = `SELECT ${COLUMNS} FROM verifications WHERE ${sql} AND id < ? AND id >= ? ORDER BY id DESC LIMIT ?`;
  return reader.rows(text, [...values, from, down, limit]);
}

/** Each address by itself: its index gives its records in order. */
async function byAddress({ reader }: Parts, query: RecordQuery, wanted: number): Promise<Row[]> {
  const { sql, values } = searchCondition(query);
  const text = `SELECT ${COLUMNS} FROM verifications WHERE to_index = ? AND id < ? AND ${sql} ORDER BY id DESC LIMIT ?`;
  const found = await Promise.all(
    (query.toIndexes ?? []).map((toIndex) => reader.rows(text, [toIndex, query.before ?? END, ...values, wanted])),
  );
  const rows = new Map(found.flat().map((row) => [String(row[0]), row]));
  return [...rows]
    .toSorted(([a], [b]) => (a < b ? 1 : -1))
    .slice(0, wanted)
    .map(([, row]) => row);
}

function strideOf({ sql }: Condition): string {
  return `SELECT id FROM verifications WHERE ${sql} AND id < ? AND id >= ? ORDER BY id DESC LIMIT 1 OFFSET ?`;
}

/** Nothing created before a time has a later id. */
function newestId({ before = END, createdBefore }: RecordQuery): string {
  const bound = createdBefore === undefined ? END : idAt(createdBefore + ID_AGE_MS);
  return before < bound ? before : bound;
}

function oldestId({ createdAfter }: RecordQuery): string {
  return createdAfter === undefined ? '' : idAt(createdAfter - ID_AGE_MS);
}

/** Ids of records from this time on are not below it. */
function idAt(time: number): string {
  return newId('vrf', Math.max(0, time), '');
}

const COLUMNS = RECORD_COLUMNS.join(', ');
