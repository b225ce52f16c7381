import type { Found } from '../../../ports/verification-store.ts';
import { RECORD_COLUMNS, rowFromValues, verificationFrom, type SqlValue } from '../verification-row.ts';
import type { Parts } from './parts.ts';
import { TurnReads } from './turn-reads.ts';

/** Records with the store's time, by id and by the subject they hold. */
export interface Finder {
  readonly byId: TurnReads<Found>;
  readonly bySubject: TurnReads<Found>;
}

export function createFinder(parts: Parts): Finder {
  return { byId: readsBy(parts, 'id'), bySubject: readsBy(parts, 'open_subject') };
}

function readsBy(parts: Parts, column: 'id' | 'open_subject'): TurnReads<Found> {
  const { clock, dialect, reader } = parts;
  const place = RECORD_COLUMNS.indexOf(column);
  // The time comes in the last column, also when there is no record.
  const text = `SELECT ${SELECTED}, c.now FROM (SELECT ${dialect.clock} AS now) AS c
    LEFT JOIN verifications AS v ON v.${column} IN (?)`;
  return new TurnReads(async (keys) => {
    const rows = await reader.rows(text, [keys]);
    const now = clock.at(Number(rows[0]?.[RECORD_COLUMNS.length]));
    const records = await recordsOf(
      parts,
      rows.filter((row) => row[0] !== null),
    );
    const byKey = new Map(records.map((record, i) => [rows[i]?.[place], record]));
    return (key) => ({ record: byKey.get(key) ?? null, now });
  });
}

/** Records from rows of {@link RECORD_COLUMNS}. */
export async function recordsOf(
  { policies }: Pick<Parts, 'policies'>,
  rows: readonly (readonly SqlValue[])[],
): Promise<ReturnType<typeof verificationFrom>[]> {
  const all = rows.map(rowFromValues);
  const policyOf = await policies.policiesOf(all.map((row) => row.policy));
  return all.map((row) => verificationFrom(row, policyOf(row.policy)));
}

const SELECTED = RECORD_COLUMNS.map((column) => `v.${column}`).join(', ');
