import { TRANSFER_TABLES, type TransferRow, type TransferTable, type TransferValue } from '../../ports/transfer.ts';

/** What a page is made of. `grouped` when several rows of the engine make one. */
export interface PageText {
  readonly from: string;
  /** The key first, in the order of the logical row. */
  readonly columns: readonly string[];
  readonly grouped?: boolean;
}

/** The key of a row. */
export function keyOf(table: TransferTable, row: TransferRow): TransferRow {
  return row.slice(0, TRANSFER_TABLES[table]);
}

/** SELECT for the rows after a key in the order of their keys, with its parameters. */
export function pageQuery(
  table: TransferTable,
  { from, columns, grouped = false }: PageText,
  after: TransferRow | null,
  limit: number,
): { readonly text: string; readonly binds: TransferValue[] } {
  const key = columns.slice(0, TRANSFER_TABLES[table]);
  const { text, binds } = after === null ? { text: '', binds: [] } : afterKey(key, after);
  const where = text === '' ? '' : ` WHERE ${text}`;
  const group = grouped ? ` GROUP BY ${key.join(', ')}` : '';
  return {
    text: `SELECT ${columns.join(', ')} FROM ${from}${where}${group} ORDER BY ${key.join(', ')} LIMIT ${limit}`,
    binds: [...binds],
  };
}

/** `(a, b) > (x, y)`, spelled so that every engine finds the place in its index. */
function afterKey(
  [column = '', ...columns]: readonly string[],
  [value = null, ...values]: TransferRow,
): { readonly text: string; readonly binds: readonly TransferValue[] } {
  if (columns.length === 0) return { text: `${column} > ?`, binds: [value] };
  const inner = afterKey(columns, values);
  return {
    text: `${column} >= ? AND (${column} > ? OR (${column} = ? AND ${inner.text}))`,
    binds: [value, value, value, ...inner.binds],
  };
}
