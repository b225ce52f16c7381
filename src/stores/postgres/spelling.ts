import { typeOf, type Bind, type ColumnType, type Table } from '../sql/server/index.ts';

const TYPES: Readonly<Record<ColumnType, string>> = { text: 'text', integer: 'bigint', real: 'double precision' };

/** `?` as `$1`, `$2`, …, and lists as arrays. The texts of the engine hold no question mark but parameters. */
export function numbered(text: string): string {
  let count = 0;
  return text.replaceAll(/IN \(\?\)|\?/g, (mark) => {
    count++;
    return mark === '?' ? `$${count}` : `= ANY($${count})`;
  });
}

/** Values as PostgreSQL takes them: its texts cannot hold NUL, which therefore is never found and stored as U+FFFD. */
export function bound(binds: readonly Bind[]): unknown[] {
  return binds.map((bind) => (isList(bind) ? bind.map(withoutNul) : withoutNul(bind)));
}

/** Rows as one array per column, for {@link insertText} and the like. */
export function columnsOf(rows: readonly (readonly Bind[])[], width: number): Bind[] {
  return Array.from({ length: width }, (_, i) => rows.map((row) => row[i] ?? null) as Bind);
}

export function insertText<Column extends string>(table: Table<Column>): string {
  const columns = table.columns.join(', ');
  return `INSERT INTO ${table.name} (${columns}) SELECT * FROM ${unnest(table, table.columns)} ON CONFLICT DO NOTHING`;
}

export function upsertText<Column extends string>(table: Table<Column>, sum: Column | null): string {
  const columns = table.columns.join(', ');
  const sets = table.columns
    .slice(table.key.length)
    .map((column) => `${column} = ${column === sum ? `${table.name}.${column} + ` : ''}excluded.${column}`);
  return `INSERT INTO ${table.name} (${columns}) SELECT * FROM ${unnest(table, table.columns)}
    ON CONFLICT (${table.key.join(', ')}) DO UPDATE SET ${sets.join(', ')}`;
}

export function updateText<Column extends string>(table: Table<Column>, columns: readonly Column[]): string {
  const sets = columns.map((column) => `${column} = line.${column}`);
  const keys = table.key.map((column) => `${table.name}.${column} = line.${column}`);
  const names = [...table.key, ...columns];
  return `UPDATE ${table.name} SET ${sets.join(', ')}
    FROM ${unnest(table, names)} AS line (${names.join(', ')}) WHERE ${keys.join(' AND ')}`;
}

function unnest<Column extends string>(table: Table<Column>, columns: readonly Column[]): string {
  return `unnest(${columns.map((column, i) => `$${i + 1}::${TYPES[typeOf(table, column)]}[]`).join(', ')})`;
}

function withoutNul<Value>(value: Value): Value | string {
  return typeof value === 'string' && value.includes('\0') ? value.replaceAll('\0', '\uFFFD') : value;
}

function isList(bind: Bind): bind is Exclude<Bind, string | number | null> {
  return Array.isArray(bind);
}
