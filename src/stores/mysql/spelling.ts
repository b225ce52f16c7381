import type { Table } from '../sql/server/index.ts';

/** One statement for any number of rows, which are its one parameter. Of rows whose key is taken nothing changes. */
export function insertText<Column extends string>(table: Table<Column>): string {
  const [key = ''] = table.key;
  return `INSERT INTO ${table.name} (${table.columns.join(', ')}) VALUES ?
    ON DUPLICATE KEY UPDATE ${key} = ${table.name}.${key}`;
}

/** Names of a derived table stand for the new values: `VALUES()` is on its way out in MySQL, and MariaDB has no row alias. */
export function upsertText<Column extends string>(table: Table<Column>, sum: Column | null, count: number): string {
  const sets = table.columns
    .slice(table.key.length)
    .map((column) => `${column} = ${column === sum ? `${table.name}.${column} + ` : ''}line.${column}`);
  return `INSERT INTO ${table.name} (${table.columns.join(', ')}) SELECT * FROM ${lines(table.columns, count)}
    ON DUPLICATE KEY UPDATE ${sets.join(', ')}`;
}

/** The rows are met in the order of the lines, each by its key, whatever the tables' sizes. */
export function updateText<Column extends string>(
  table: Table<Column>,
  columns: readonly Column[],
  count: number,
): string {
  const keys = table.key.map((column) => `${table.name}.${column} = line.${column}`);
  const sets = columns.map((column) => `${table.name}.${column} = line.${column}`);
  return `UPDATE ${lines([...table.key, ...columns], count)} STRAIGHT_JOIN ${table.name} ON ${keys.join(' AND ')}
    SET ${sets.join(', ')}`;
}

/** `count` lines of parameters as a table `line`. */
function lines(columns: readonly string[], count: number): string {
  const first = `SELECT ${columns.map((column) => `? AS ${column}`).join(', ')}`;
  const more = ` UNION ALL SELECT ${columns.map(() => '?').join(', ')}`;
  return `(${first}${more.repeat(count - 1)}) AS line`;
}
