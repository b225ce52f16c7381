import { sealed } from '../../../core/redacted.ts';
import type { ChannelName, Mode } from '../../../core/verification.ts';
import type { InboxMessage, InboxStore } from '../../../ports/inbox.ts';
import { rowOf } from './load.ts';
import type { Parts } from './parts.ts';
import type { Bind } from './session.ts';
import { INBOX } from './tables.ts';
import type { SqlValue } from '../verification-row.ts';

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

/** Messages of test sends on a database server. */
export function createInbox({ reader }: Parts): InboxStore {
  return {
    put: (message) =>
      reader.transaction(async (session) => {
        await session.insert(INBOX, [lineOf(message)]);
      }),
    async list(query) {
      const { sql, binds } = condition(query);
      const text = `SELECT ${INBOX.columns.join(', ')} FROM inbox WHERE ${sql} ORDER BY created_at DESC, send_id DESC LIMIT ?`;
      return (await reader.rows(text, [...binds, query.limit])).map(messageFrom);
    },
    clear: async () => {
      await reader.run('DELETE FROM inbox');
    },
  };
}

function condition(query: Parameters<InboxStore['list']>[0]): { sql: string; binds: Bind[] } {
  const parts: readonly (readonly [sql: string, bind: Bind | undefined])[] = [
    ['created_at > ?', query.now - KEEP_MS],
    ['application = ?', query.application],
    ['mode = ?', query.mode],
    ['to_index IN (?)', query.toIndexes],
  ];
  const given = parts.filter(([, bind]) => bind !== undefined);
  return { sql: given.map(([sql]) => sql).join(' AND '), binds: given.map(([, bind]) => bind ?? null) };
}

function lineOf(message: InboxMessage): SqlValue[] {
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

function messageFrom(values: readonly SqlValue[]): InboxMessage {
  const row = rowOf<InboxRow>(INBOX.columns, values);
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
