import type { Dialect, Migration } from '../sql/server/index.ts';
import { CLOCK } from './clock.ts';
import { connect } from './connect.ts';
import { mysqlFault } from './faults.ts';
import { PATIENCE } from './fitness.ts';
import type { Place } from './place.ts';
import { SCHEMA_1, SCHEMA_2 } from './schema.ts';

/** The migrations that this release knows. */
export const MIGRATIONS: readonly Migration[] = [
  { version: 1, name: '001_first', minReader: 1, statements: SCHEMA_1 },
  { version: 2, name: '002_reason', minReader: 1, statements: SCHEMA_2 },
];

/** MySQL from 8.0.17 on and MariaDB from 10.6 on, with the same statements. */
export function mysqlDialect(place: Place): Dialect {
  return {
    name: 'MySQL',
    clock: CLOCK,
    random: 'UPPER(MD5(CONCAT(UUID(), RAND(), RAND())))',
    due: {
      live: 'live_due <= ? ORDER BY live_due',
      spent: 'spent_due <= ? ORDER BY spent_due',
    },
    connect: (timeoutMs) => connect(place, timeoutMs),
    faultOf: mysqlFault,
    migrations: MIGRATIONS,
    async lockMigrations(connection) {
      await connection.run(PATIENCE);
      const [row] = await connection.rows(LOCK);
      return row?.[0] === 1;
    },
  };
}

/** One lock per database; it ends with the connection. */
const LOCK = "SELECT GET_LOCK(CONCAT('watchword ', MD5(DATABASE())), 0)";
