import type { Socket } from 'node:net';
import type { Client, CustomTypesConfig, QueryArrayResult } from 'pg';
import type { Bind, Connection } from '../sql/server/index.ts';
import { bound, columnsOf, insertText, numbered, updateText, upsertText } from './spelling.ts';

type Rows = readonly (readonly (string | number | null)[])[];

/** Statements kept prepared per connection; the combinations of search filters beyond are parsed each time. */
const MAX_PREPARED = 200;
/** int8, int2, int4, float8 and numeric: all hold what a number can. */
const NUMBERS: ReadonlySet<number> = new Set([20, 21, 23, 701, 1700]);

/** How results are read: numbers as numbers, everything else as text. */
export const TYPES: CustomTypesConfig = {
  getTypeParser: ((oid: number) => (NUMBERS.has(oid) ? Number : String)) as CustomTypesConfig['getTypeParser'],
};

/** A client with the socket it talks through, which can be let go of without ceremony. */
export interface OpenClient {
  readonly client: Client;
  readonly socket: Socket;
}

/** A connection on an open client. Statements are sent without waiting for the answers to those before. */
export function createConnection({ client, socket }: OpenClient, number: number, clock: string): Connection {
  const names = new Map<string, string>();
  const texts = new Map<string, string>();
  let isOpen = true;
  let pending = 0;
  const gone = (): void => {
    isOpen = false;
  };
  client.on('error', gone).on('end', gone);

  async function query(text: string, values: unknown[] = []): Promise<QueryArrayResult<(string | number | null)[]>> {
    pending++;
    try {
      const name = nameOf(names, text);
      return await client.query({ text, values, rowMode: 'array', ...(name === undefined ? {} : { name }) });
    } finally {
      pending--;
    }
  }
  /** The text of a statement, spelled once. */
  function spelled(key: string, spell: () => string): string {
    const known = texts.get(key);
    if (known !== undefined) return known;
    const text = spell();
    if (texts.size < MAX_PREPARED) texts.set(key, text);
    return text;
  }
  const rows = async (text: string, binds: readonly Bind[] = []): Promise<Rows> =>
    (
      await query(
        spelled(text, () => numbered(text)),
        bound(binds),
      )
    ).rows;

  return {
    number,
    get isOpen() {
      return isOpen;
    },
    rows,
    async run(text, binds = []) {
      return (
        (
          await query(
            spelled(text, () => numbered(text)),
            bound(binds),
          )
        ).rowCount ?? 0
      );
    },
    async insert(table, lines) {
      const text = spelled(`insert ${table.name}`, () => insertText(table));
      return (await query(text, bound(columnsOf(lines, table.columns.length)))).rowCount ?? 0;
    },
    async update(table, columns, lines) {
      const text = spelled(`update ${table.name} ${columns.join()}`, () => updateText(table, columns));
      await query(text, bound(columnsOf(lines, table.key.length + columns.length)));
    },
    async upsert(table, lines, sum) {
      const text = spelled(`upsert ${table.name} ${sum ?? ''}`, () => upsertText(table, sum ?? null));
      await query(text, bound(columnsOf(lines, table.columns.length)));
    },
    async begin() {
      const [, now] = await Promise.all([query('BEGIN'), query(`SELECT ${clock}`)]);
      return Number(now.rows[0]?.[0]);
    },
    async commit() {
      const { command } = await query('COMMIT');
      if (command !== 'COMMIT') throw new Error(`COMMIT was answered by ${command}.`);
    },
    async rollback() {
      await query('ROLLBACK');
    },
    destroy() {
      isOpen = false;
      socket.unref();
      if (pending > 0) socket.destroy();
      else client.end().catch(() => undefined);
    },
  };
}

function nameOf(names: Map<string, string>, text: string): string | undefined {
  const known = names.get(text);
  if (known !== undefined || names.size >= MAX_PREPARED) return known;
  const name = `w${names.size}`;
  names.set(text, name);
  return name;
}
