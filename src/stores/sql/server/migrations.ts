import { WatchwordError } from '../../../core/errors.ts';
import { newId } from '../../../core/id.ts';
import type { Migrations } from '../../../ports/store.ts';
import { defaultApplication } from '../default-application.ts';
import type { Dialect, Migration } from './dialect.ts';
import { faultOf, unavailable } from './faults.ts';
import type { Parts } from './parts.ts';
import type { Connection, Statements } from './session.ts';
import { APPLICATIONS, SCHEMA_MIGRATIONS } from './tables.ts';

const CONNECT_MS = 5_000;
const POLL_MS = 100;
/** How long one instance waits for another that migrates. */
const MAX_POLLS = 3_000;

/** The migrations of one database: whoever gets the lock applies them, the others wait and find nothing left. */
export function createMigrations({ dialect, clock }: Parts): Migrations {
  return {
    pending: () =>
      onConnection(dialect, async (connection) => (await pendingOf(dialect, connection)).map(({ name }) => name)),
    migrate: () =>
      onConnection(dialect, async (connection) => {
        if ((await pendingOf(dialect, connection)).length === 0) return [];
        await lock(dialect, connection);
        await dialect.prepare?.(connection);
        const applied: string[] = [];
        // Another process may have been faster.
        for (const migration of await pendingOf(dialect, connection)) {
          await apply(dialect, connection, migration, (databaseNow) => clock.at(databaseNow));
          applied.push(migration.name);
        }
        return applied;
      }),
  };
}

/** Throws when a newer release changed the schema so that this one cannot read it. A newer, compatible schema is fine. */
export async function refuseNewerSchema(dialect: Dialect, statements: Statements): Promise<void> {
  const needed = Math.max(0, ...(await done(dialect, statements)).map(({ minReader }) => minReader));
  const known = Math.max(...dialect.migrations.map(({ version }) => version));
  if (needed > known) {
    throw new WatchwordError('unavailable', 'The database was upgraded by a newer release; upgrade this one too.');
  }
}

/** A connection of its own: its lock and time-outs end with it, and migrating may take long. */
async function onConnection<T>(dialect: Dialect, work: (connection: Connection) => Promise<T>): Promise<T> {
  try {
    const connection = await dialect.connect(CONNECT_MS);
    try {
      await refuseNewerSchema(dialect, connection);
      return await work(connection);
    } finally {
      connection.destroy();
    }
  } catch (error) {
    throw unavailable(dialect, error);
  }
}

async function lock(dialect: Dialect, connection: Connection): Promise<void> {
  for (let polls = 0; polls < MAX_POLLS; polls++) {
    if (await dialect.lockMigrations(connection)) return;
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
  throw new WatchwordError('unavailable', 'Another process has been migrating the database for five minutes.');
}

async function pendingOf(dialect: Dialect, statements: Statements): Promise<readonly Migration[]> {
  const versions = new Set((await done(dialect, statements)).map(({ version }) => version));
  return dialect.migrations.filter(({ version }) => !versions.has(version));
}

async function done(
  dialect: Dialect,
  statements: Statements,
): Promise<readonly { readonly version: number; readonly minReader: number }[]> {
  try {
    const rows = await statements.rows('SELECT version, min_reader FROM schema_migrations');
    return rows.map(([version, minReader]) => ({ version: Number(version), minReader: Number(minReader) }));
  } catch (error) {
    if (faultOf(dialect, error).kind === 'unmigrated') return [];
    throw error;
  }
}

async function apply(
  { random }: Dialect,
  connection: Connection,
  { version, name, minReader, statements }: Migration,
  timeAt: (databaseNow: number) => number,
): Promise<void> {
  const now = timeAt(await connection.begin());
  for (const statement of statements) await connection.run(statement);
  if (version === 1) await insertDefaultApplication(connection, random, now);
  await connection.insert(SCHEMA_MIGRATIONS, [[version, name, minReader, now]]);
  await connection.commit();
}

async function insertDefaultApplication(connection: Connection, random: string, now: number): Promise<void> {
  const [row] = await connection.rows(`SELECT ${random}, (SELECT count(*) FROM applications)`);
  if (Number(row?.[1]) > 0) return;
  const application = defaultApplication(newId('app', now, String(row?.[0]).slice(0, 20)), now);
  await connection.insert(APPLICATIONS, [[application.id, application.name, JSON.stringify(application)]]);
}
