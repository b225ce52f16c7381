import type { DatabaseLocation } from '../config/index.ts';
import { WatchwordError } from '../core/errors.ts';
import {
  TRANSFER_TABLES,
  type TransferRow,
  type TransferSource,
  type TransferTable,
  type TransferTarget,
} from '../ports/transfer.ts';
import { contentNumber } from '../stores/sql/index.ts';

const PAGE = 200;
const TABLES = Object.keys(TRANSFER_TABLES) as readonly TransferTable[];

/** One table of a copy after it was compared with its source, row by row. */
export interface TableVerdict {
  readonly table: TransferTable;
  readonly rows: number;
  /** Rows that are not the same on both sides; 0 = the tables are equal. */
  readonly different: number;
  /** Of all rows of the source in their order. 53 bits: against accidents, not against people. */
  readonly digest: string;
}

/** Opens a database to be read. */
export async function openTransferSource(location: DatabaseLocation): Promise<TransferSource> {
  if (location.kind !== 'sqlite') return await openTransferTarget(location);
  const { openSqliteTransfer } = await import('../stores/sqlite/transfer.ts');
  return await openSqliteTransfer(location.path);
}

/** Opens a database to be filled. */
export async function openTransferTarget(location: DatabaseLocation): Promise<TransferTarget> {
  if (location.kind === 'sqlite') {
    const { openSqliteTransferTarget } = await import('../stores/sqlite/transfer-target.ts');
    return await openSqliteTransferTarget(location.path);
  }
  const { createServerTransfer } = await import('../stores/sql/server/transfer.ts');
  const url = location.url.reveal();
  if (location.kind === 'mysql') {
    const [{ mysqlDialect }, { placeOf }] = [
      await import('../stores/mysql/dialect.ts'),
      await import('../stores/mysql/place.ts'),
    ];
    return createServerTransfer(mysqlDialect(placeOf(url)));
  }
  const [{ postgresDialect }, { placeOf }] = [
    await import('../stores/postgres/dialect.ts'),
    await import('../stores/postgres/connect.ts'),
  ];
  return createServerTransfer(postgresDialect(placeOf(url)));
}

/** A name that only this database has: the id of its first application. */
export async function nameOfDatabase(source: TransferSource): Promise<string> {
  const [first] = await source.page('applications', null, 1);
  if (first === undefined)
    throw new WatchwordError('unavailable', 'The source has no applications: it is not complete.');
  return String(first[0]);
}

/** Copies every table, or the rest of it when a copy was begun before. `told` hears how many rows of a table are there. */
export async function copyAll(
  source: TransferSource,
  target: TransferTarget,
  told: (table: TransferTable, rows: number) => void,
): Promise<void> {
  for (const table of tablesOf(target)) {
    let rows = 0;
    for await (const page of pagesOf(source, table)) {
      await target.add(table, page);
      rows += page.length;
      told(table, rows);
    }
  }
}

/** Compares every row of every table. Ends a copy whose tables are all equal. */
export async function compareAll(source: TransferSource, target: TransferTarget): Promise<readonly TableVerdict[]> {
  const verdicts: TableVerdict[] = [];
  for (const table of tablesOf(target)) verdicts.push(await compare(source, target, table));
  if (verdicts.every(({ different }) => different === 0)) await target.finish();
  return verdicts;
}

function tablesOf({ lacks = [] }: TransferTarget): readonly TransferTable[] {
  return TABLES.filter((table) => !lacks.includes(table));
}

async function compare(source: TransferSource, target: TransferSource, table: TransferTable): Promise<TableVerdict> {
  let [rows, different, digest] = [0, 0, 0];
  let after: TransferRow | null = null;
  for await (const page of pagesOf(source, table)) {
    const others = (await target.page(table, after, page.length)).map((row) => JSON.stringify(row));
    // A row too few or too many moves the rest of its page, and the next page begins at the same key again.
    page.forEach((row, at) => {
      const line = JSON.stringify(row);
      if (line !== others[at]) different++;
      digest = contentNumber(`${digest}${line}`);
    });
    rows += page.length;
    after = keyOf(table, page.at(-1) ?? []);
  }
  different += (await target.page(table, after, 1)).length;
  return { table, rows, different, digest: digest.toString(16).padStart(14, '0') };
}

async function* pagesOf(source: TransferSource, table: TransferTable): AsyncGenerator<readonly TransferRow[]> {
  let after: TransferRow | null = null;
  for (;;) {
    const page: readonly TransferRow[] = await source.page(table, after, PAGE);
    if (page.length > 0) yield page;
    if (page.length < PAGE) return;
    after = keyOf(table, page.at(-1) ?? []);
  }
}

function keyOf(table: TransferTable, row: TransferRow): TransferRow {
  return row.slice(0, TRANSFER_TABLES[table]);
}
