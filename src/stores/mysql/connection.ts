import type { Socket } from 'node:net';
import type { Connection as Client } from 'mysql2';
import type { Bind, Connection } from '../sql/server/index.ts';
import { CLOCK } from './clock.ts';
import { isReadOnly } from './faults.ts';
import { insertText, updateText, upsertText } from './spelling.ts';
import { Turns } from './turns.ts';

type Rows = readonly (readonly (string | number | null)[])[];

/** What the server says of a statement without rows. */
interface Done {
  readonly affectedRows: number;
  readonly info: string;
}

/** A client with the socket it talks through, which can be let go of without ceremony. */
export interface OpenClient {
  readonly client: Client;
  readonly socket: Socket;
}

/** A connection on an open client. Values go as placeholders that the client fills in; the mode of the session is set for that. */
export function createConnection({ client, socket }: OpenClient, number: number): Connection {
  const turns = new Turns();
  let isOpen = true;
  let isDemoted = false;
  let pending = 0;
  const gone = (): void => {
    isOpen = false;
  };
  client.on('error', gone).on('end', gone);
  // The client tells a broken connection to the command under way alone.
  socket.once('close', gone);

  async function send<Answer>(sql: string, values: readonly unknown[]): Promise<Answer> {
    pending++;
    try {
      return await answerOf<Answer>(client, sql, values);
    } catch (error) {
      isDemoted ||= isReadOnly(error);
      throw error;
    } finally {
      pending--;
    }
  }
  const query = <Answer>(sql: string, values: readonly unknown[] = []): Promise<Answer> =>
    turns.next(() => send<Answer>(sql, values));
  const rows = (text: string, binds: readonly Bind[] = []): Promise<Rows> => query<Rows>(text, binds);
  function destroy(): void {
    isOpen = false;
    socket.unref();
    if (pending > 0) socket.destroy();
    else client.end(() => undefined);
  }

  return {
    number,
    get isOpen() {
      return isOpen;
    },
    rows,
    async run(text, binds = []) {
      const done = await query<Done>(text, binds);
      return Number(/^Rows matched: (\d+)/.exec(done.info)?.[1] ?? done.affectedRows);
    },
    async insert(table, lines) {
      return (await query<Done>(insertText(table), [lines])).affectedRows;
    },
    async update(table, columns, lines) {
      await query(updateText(table, columns, lines.length), lines.flat());
    },
    async upsert(table, lines, sum) {
      await query(upsertText(table, sum ?? null, lines.length), lines.flat());
    },
    async begin() {
      const [, now] = await Promise.all([turns.begin(() => send('START TRANSACTION', [])), rows(`SELECT ${CLOCK}`)]);
      return Number(now[0]?.[0]);
    },
    commit: () => turns.commit(() => send('COMMIT', [])),
    async rollback() {
      await turns.rollback(() => send('ROLLBACK', []));
      // What was the primary is a replica now: a new connection may find the new one.
      if (isDemoted) destroy();
    },
    destroy,
  };
}

/** Runs one question and awaits its answer, also when the connection goes. */
export function answerOf<Answer>(client: Client, sql: string, values: readonly unknown[] = []): Promise<Answer> {
  return new Promise((resolve, reject) => {
    client.query({ sql, values: [...values] }, (error, answer) => {
      if (error === null) {
        resolve(answer as Answer);
        return;
      }
      // The text has its values in it, which no log may see.
      Reflect.deleteProperty(error, 'sql');
      reject(error);
    });
  });
}
