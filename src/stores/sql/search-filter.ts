import type { Status } from '../../core/verification.ts';
import type { RecordQuery, Tally } from '../../ports/records.ts';
import type { SqlValue } from './verification-row.ts';

/** A condition with its bound values; every value is a parameter, every column is named here. */
export interface Condition {
  readonly sql: string;
  readonly values: readonly SqlValue[];
}

/** Filters that compare one column with one value. */
const EQUAL = [
  ['channel', 'channel'],
  ['purpose', 'purpose'],
  ['country', 'country'],
  ['actorType', 'actor_type'],
  ['actorId', 'actor_id'],
  ['reason', 'reason'],
] as const satisfies readonly (readonly [keyof RecordQuery, string])[];

/** The part of a query that an index holds: whose records, and of which ticket. */
export function searchScope({ application, mode, reference }: RecordQuery): Condition {
  return reference === undefined
    ? { sql: 'application = ? AND mode = ?', values: [application, mode] }
    : { sql: 'application = ? AND mode = ? AND reference = ?', values: [application, mode, reference] };
}

/** Counts what fits by effective status and actor; bind the time, then the values of the condition. */
export function tallyOf(condition: string): string {
  return `SELECT CASE WHEN status = 'pending' AND expires_at <= ? THEN 'expired' ELSE status END, actor_id, count(*)
    FROM verifications WHERE ${condition} GROUP BY 1, 2`;
}

/** The tally from rows of {@link tallyOf}. */
export function tallyFrom(rows: readonly (readonly unknown[])[], isPartial: boolean): Tally {
  const counts = rows.map(([status, actorId, count]) => ({
    status: status as Status,
    actorId: actorId as string | null,
    count: Number(count),
  }));
  return { counts, isPartial };
}

/** The condition of a query over the columns of `verifications`, but for `toIndexes` and the cursor. */
export function searchCondition(query: RecordQuery): Condition {
  const scope = searchScope(query);
  const parts = [scope.sql];
  const values: SqlValue[] = [...scope.values];
  for (const [filter, column] of EQUAL) {
    const value = query[filter];
    if (value === undefined) continue;
    parts.push(`${column} = ?`);
    values.push(value);
  }
  if (query.exceptPurpose !== undefined) {
    parts.push('purpose <> ?');
    values.push(query.exceptPurpose);
  }
  if (query.createdAfter !== undefined) {
    parts.push('created_at > ?');
    values.push(query.createdAfter);
  }
  if (query.createdBefore !== undefined) {
    parts.push('created_at < ?');
    values.push(query.createdBefore);
  }
  addStatus(query, parts, values);
  return { sql: parts.join(' AND '), values };
}

/** `?, ?, ?` for `count` values. */
export function placeholders(count: number): string {
  return count === 1 ? '?' : Array.from({ length: count }, () => '?').join(', ');
}

function addStatus(query: RecordQuery, parts: string[], values: SqlValue[]): void {
  if (query.status === undefined) return;
  if (query.status === 'pending') {
    parts.push("(status = 'pending' AND expires_at > ?)");
    values.push(query.now);
  } else if (query.status === 'expired') {
    parts.push("(status = 'expired' OR (status = 'pending' AND expires_at <= ?))");
    values.push(query.now);
  } else {
    parts.push('status = ?');
    values.push(query.status);
  }
}
