import type { Mode } from '../../core/verification.ts';
import type { ApiKey, KeyStore, Scope } from '../../ports/settings.ts';
import type { Connection } from './connection.ts';
import type { Writer } from './writer.ts';

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

/** API keys on SQLite. */
export function createKeyStore(connection: Connection, writer: Writer): KeyStore {
  return {
    insert: (key) =>
      writer.write(() => {
        connection
          .sql(`INSERT INTO keys (${COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`)
          .run(
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
          );
      }),
    find: (id) =>
      connection.read(() => {
        const row = connection.sql(`SELECT ${COLUMNS} FROM keys WHERE id = ?`).get(id) as KeyRow | undefined;
        return row === undefined ? null : keyFrom(row);
      }),
    list: (application) =>
      connection.read(() => {
        const rows = connection.sql(`SELECT ${COLUMNS} FROM keys WHERE application = ? ORDER BY id`).all(application);
        return (rows as KeyRow[]).map(keyFrom);
      }),
    revoke: (application, id, now) =>
      writer.write(() => {
        const { changes } = connection
          .sql('UPDATE keys SET revoked_at = coalesce(revoked_at, ?) WHERE application = ? AND id = ?')
          .run(now, application, id);
        return Number(changes) > 0;
      }),
    touch: (id, now, hash) =>
      writer.write(() => {
        connection.sql('UPDATE keys SET last_used_at = ?, hash = ? WHERE id = ?').run(now, hash, id);
      }),
  };
}

function keyFrom(row: KeyRow): ApiKey {
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

const COLUMNS = 'id, application, mode, name, scopes, hash, created_at, expires_at, revoked_at, last_used_at';
