import { sealed } from '../../core/redacted.ts';
import type { ChannelName, Mode } from '../../core/verification.ts';
import type { InboxMessage, InboxStore } from '../../ports/inbox.ts';
import { placeholders, type SqlValue } from '../sql/index.ts';
import type { Connection } from './connection.ts';
import type { Writer } from './writer.ts';

const KEEP_MS = 600_000;

interface InboxRow {
  readonly send_id: string;
  readonly verification: string;
  readonly application: string;
  readonly mode: Mode;
  readonly channel: ChannelName;
  readonly to_index: string;
  readonly sealed: string;
  readonly created_at: number;
}

/** Messages of test sends on SQLite. */
export function createInbox(connection: Connection, writer: Writer): InboxStore {
  return {
    put: (message) =>
      writer.write(() => {
        connection.sql(PUT).run(...valuesOf(message));
      }),
    list: (query) =>
      connection.read(() => {
        const { sql, values } = condition(query);
        const rows = connection
          .sql(`SELECT ${COLUMNS} FROM inbox WHERE ${sql} ORDER BY created_at DESC, send_id DESC LIMIT ?`)
          .all(...values, query.limit) as InboxRow[];
        return rows.map(messageFrom);
      }),
    clear: () =>
      writer.write(() => {
        connection.sql('DELETE FROM inbox').run();
      }),
  };
}

function condition(query: Parameters<InboxStore['list']>[0]): { sql: string; values: SqlValue[] } {
  const parts = ['created_at > ?'];
  const values: SqlValue[] = [query.now - KEEP_MS];
  if (query.application !== undefined) {
    parts.push('application = ?');
    values.push(query.application);
  }
  if (query.mode !== undefined) {
    parts.push('mode = ?');
    values.push(query.mode);
  }
  if (query.toIndexes !== undefined) {
    parts.push(`to_index IN (${placeholders(query.toIndexes.length)})`);
    values.push(...query.toIndexes);
  }
  return { sql: parts.join(' AND '), values };
}

function valuesOf(message: InboxMessage): SqlValue[] {
  return [
    message.sendId,
    message.verification,
    message.application,
    message.mode,
    message.channel,
    message.toIndex,
    message.sealed.reveal(),
    message.createdAt,
  ];
}

function messageFrom(row: InboxRow): InboxMessage {
  return {
    sendId: row.send_id,
    verification: row.verification,
    application: row.application,
    mode: row.mode,
    channel: row.channel,
    toIndex: row.to_index,
    sealed: sealed(row.sealed),
    createdAt: row.created_at,
  };
}

const COLUMNS = 'send_id, verification, application, mode, channel, to_index, sealed, created_at';
const PUT = `INSERT INTO inbox (${COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`;
