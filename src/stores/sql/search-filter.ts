import type { RecordQuery } from '../../ports/records.ts';
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
  ['reference', 'reference'],
  ['reason', 'reason'],
] as const satisfies readonly (readonly [keyof RecordQuery, string])[];

/** The condition of a query over the columns of `verifications`, but for `toIndexes` and the cursor. */
export function searchCondition(query: RecordQuery): Condition {
  const parts = ['application = ?', 'mode = ?'];
  const values: SqlValue[] = [query.application, query.mode];
  for (const [filter, column] of EQUAL) {
    const value = query[filter];
    if (value === undefined) continue;
    parts.push(`${column} = ?`);
    values.push(value);
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
