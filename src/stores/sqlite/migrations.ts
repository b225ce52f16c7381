import { WatchwordError } from '../../core/errors.ts';
import { newId } from '../../core/id.ts';
import type { Migrations } from '../../ports/store.ts';
import { defaultApplication } from '../sql/index.ts';
import { giveUpTime, pause, type Connection } from './connection.ts';
import { isBusy, unavailable } from './faults.ts';
import { SCHEMA_1, SCHEMA_2, SCHEMA_3, SCHEMA_4 } from './schema.ts';

const CROCKFORD = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/** One step of the schema. `minReader` is the oldest schema version whose code still works on the result. */
interface Migration {
  readonly version: number;
  readonly name: string;
  readonly minReader: number;
  readonly up: (connection: Connection, now: number) => void;
}

const MIGRATIONS: readonly Migration[] = [
  { version: 1, name: '001_first', minReader: 1, up: first },
  { version: 2, name: '002_documents', minReader: 1, up: (connection) => connection.exec(SCHEMA_2) },
  { version: 3, name: '003_reason', minReader: 1, up: (connection) => connection.exec(SCHEMA_3) },
  { version: 4, name: '004_reference', minReader: 1, up: (connection) => connection.exec(SCHEMA_4) },
];

/** The schema version this code was written for. */
const KNOWN_VERSION = 4;

/** The migrations of one database. `migrate` applies each in its own transaction, whoever comes first. */
export function createMigrations(connection: Connection, now: () => number): Migrations {
  return {
    pending: () => connection.read(() => pendingOf(connection).map((migration) => migration.name)),
    migrate: async () => {
      const applied: string[] = [];
      const giveUpAt = giveUpTime();
      for (;;) {
        try {
          const name = applyNext(connection, now());
          if (name === null) return applied;
          applied.push(name);
        } catch (error) {
          connection.rollback();
          if (!isBusy(error) || performance.now() > giveUpAt) throw unavailable(error);
          await pause();
        }
      }
    },
  };
}

/** Throws when a newer release changed the schema so that this one cannot read it. A newer, compatible schema is fine. */
export function refuseNewerSchema(connection: Connection): void {
  if (!hasTable(connection)) return;
  const row = connection.sql('SELECT max(min_reader) AS needed FROM schema_migrations').get() as {
    needed: number | null;
  };
  if ((row.needed ?? 0) > KNOWN_VERSION) {
    throw new WatchwordError('unavailable', 'The database was upgraded by a newer release; upgrade this one too.');
  }
}

function pendingOf(connection: Connection): readonly Migration[] {
  if (!hasTable(connection)) return MIGRATIONS;
  const rows = connection.sql('SELECT version FROM schema_migrations').all() as { version: number }[];
  const done = new Set(rows.map((row) => row.version));
  return MIGRATIONS.filter((migration) => !done.has(migration.version));
}

function applyNext(connection: Connection, now: number): string | null {
  if (pendingOf(connection).length === 0) return null;
  connection.exec('BEGIN IMMEDIATE');
  connection.exec(`CREATE TABLE IF NOT EXISTS schema_migrations (
    version INTEGER PRIMARY KEY, name TEXT NOT NULL, min_reader INTEGER NOT NULL, applied_at INTEGER NOT NULL)`);
  // Another process may have been faster.
  const [migration] = pendingOf(connection);
  if (migration === undefined) {
    connection.exec('ROLLBACK');
    return null;
  }
  migration.up(connection, now);
  connection
    .sql('INSERT INTO schema_migrations (version, name, min_reader, applied_at) VALUES (?, ?, ?, ?)')
    .run(migration.version, migration.name, migration.minReader, now);
  connection.exec('COMMIT');
  return migration.name;
}

function hasTable(connection: Connection): boolean {
  const found = connection.sql("SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = 'schema_migrations'").get();
  return found !== undefined;
}

function first(connection: Connection, now: number): void {
  connection.exec(SCHEMA_1);
  // SQLite's own generator will do: an application's id is no secret.
  const { bytes } = connection.sql('SELECT randomblob(20) AS bytes').get() as { bytes: Uint8Array };
  const random = Array.from(bytes, (byte) => CROCKFORD.charAt(byte % 32)).join('');
  const application = defaultApplication(newId('app', now, random), now);
  connection
    .sql('INSERT INTO applications (id, name, body) VALUES (?, ?, ?)')
    .run(application.id, application.name, JSON.stringify(application));
}
