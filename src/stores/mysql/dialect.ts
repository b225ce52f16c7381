import type { Dialect, Migration } from '../sql/server/index.ts';
import { CLOCK } from './clock.ts';
import { connect } from './connect.ts';
import { mysqlFault } from './faults.ts';
import { PATIENCE } from './fitness.ts';
import type { Place } from './place.ts';
import { SCHEMA_1, SCHEMA_2, SCHEMA_3 } from './schema.ts';

/** The migrations that this release knows. */
export const MIGRATIONS: readonly Migration[] = [
  { version: 1, name: '001_first', minReader: 1, statements: SCHEMA_1 },
  { version: 2, name: '002_reason', minReader: 1, statements: SCHEMA_2 },
  { version: 3, name: '003_reference', minReader: 1, statements: SCHEMA_3 },
];

/** MySQL from 8.0.17 on and MariaDB from 10.6 on, with the same statements. Only what MySQL 9 kept: it has no MD5. */
export function mysqlDialect(place: Place): Dialect {
  return {
    name: 'MySQL',
    clock: CLOCK,
    random: 'UPPER(SHA2(CONCAT(UUID(), RAND(), RAND()), 256))',
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

/** One lock per database; it ends with the connection. Its name has room for 64 characters. */
const LOCK = "SELECT GET_LOCK(CONCAT('watchword ', LEFT(SHA2(DATABASE(), 256), 32)), 0)";
