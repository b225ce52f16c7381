import { WatchwordError } from '../../../core/errors.ts';
import type { Mode } from '../../../core/verification.ts';
import type { ApiKey, KeyStore, Scope } from '../../../ports/settings.ts';
import { rowOf } from './load.ts';
import type { Parts } from './parts.ts';
import { API_KEYS } from './tables.ts';
import type { SqlValue } from '../verification-row.ts';

interface KeyRow {
  readonly id: string;
  readonly application: string;
  readonly mode: Mode;
  readonly name: string;
  readonly scopes: string;
  readonly hash: string;
  readonly created_at: number;
  readonly expires_at: number | null;
  readonly revoked_at: number | null;
  readonly last_used_at: number | null;
}

/** API keys on a database server. */
export function createKeyStore({ reader }: Parts): KeyStore {
  return {
    insert: (key) =>
      reader.transaction(async (session) => {
        if ((await session.insert(API_KEYS, [lineOf(key)])) === 0)
          throw new WatchwordError('unavailable', 'There is a key with this id.');
      }),
    async find(id) {
      const [row] = await reader.rows(`SELECT ${COLUMNS} FROM api_keys WHERE id = ?`, [id]);
      return row === undefined ? null : keyFrom(row);
    },
    async list(application) {
      const rows = await reader.rows(`SELECT ${COLUMNS} FROM api_keys WHERE application = ? ORDER BY id`, [
        application,
      ]);
      return rows.map(keyFrom);
    },
    revoke: async (application, id, now) => {
      await reader.run('UPDATE api_keys SET revoked_at = ? WHERE application = ? AND id = ? AND revoked_at IS NULL', [
        now,
        application,
        id,
      ]);
      return (
        (await reader.rows('SELECT 1 FROM api_keys WHERE application = ? AND id = ?', [application, id])).length > 0
      );
    },
    touch: async (id, now, hash) => {
      await reader.run('UPDATE api_keys SET last_used_at = ?, hash = ? WHERE id = ?', [now, hash, id]);
    },
  };
}

function lineOf(key: ApiKey): SqlValue[] {
  return [
    key.id,
    key.application,
    key.mode,
    key.name,
    JSON.stringify(key.scopes),
    key.hash,
    key.createdAt,
    key.expiresAt,
    key.revokedAt,
    key.lastUsedAt,
  ];
}

function keyFrom(values: readonly SqlValue[]): ApiKey {
  const row = rowOf<KeyRow>(API_KEYS.columns, values);
  return {
    id: row.id,
    application: row.application,
    mode: row.mode,
    name: row.name,
    scopes: JSON.parse(row.scopes) as Scope[],
    hash: row.hash,
    createdAt: row.created_at,
    expiresAt: row.expires_at,
    revokedAt: row.revoked_at,
    lastUsedAt: row.last_used_at,
  };
}

const COLUMNS = API_KEYS.columns.join(', ');
