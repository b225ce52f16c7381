import type { Dialect, Migration } from '../sql/server/index.ts';
import { CLOCK } from './clock.ts';
import { connect, type Place } from './connect.ts';
import { postgresFault } from './faults.ts';
import { SCHEMA_1, SCHEMA_2, SCHEMA_3 } from './schema.ts';

/** The migrations that this release knows. */
export const MIGRATIONS: readonly Migration[] = [
  { version: 1, name: '001_first', minReader: 1, statements: SCHEMA_1 },
  { version: 2, name: '002_reason', minReader: 1, statements: SCHEMA_2 },
  { version: 3, name: '003_reference', minReader: 1, statements: SCHEMA_3 },
];

/** PostgreSQL 12 and newer, and what speaks its protocol and keeps its promises. */
export function postgresDialect(place: Place): Dialect {
  const { schema } = place;
  return {
    name: 'PostgreSQL',
    clock: CLOCK,
    random: 'upper(md5(random()::text || clock_timestamp()::text))',
    due: {
      live: 'digest IS NOT NULL AND due_at <= ? ORDER BY due_at',
      spent: 'digest IS NULL AND due_at <= ? ORDER BY due_at',
    },
    connect: (timeoutMs) => connect(place, timeoutMs),
    faultOf: postgresFault,
    migrations: MIGRATIONS,
    async lockMigrations(connection) {
      await connection.run('SET statement_timeout = 0');
      const [row] = await connection.rows(LOCK);
      return row?.[0] === 1;
    },
    ...(schema === null
      ? {}
      : { prepare: async (session) => void (await session.run(`CREATE SCHEMA IF NOT EXISTS "${schema}"`)) }),
  };
}

/** One lock per schema; it ends with the connection. */
const LOCK = `SELECT pg_try_advisory_lock(hashtext('watchword migrations'), hashtext(current_setting('search_path')))::int`;
