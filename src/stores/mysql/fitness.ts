import { WatchwordError } from '../../core/errors.ts';
import { isUnmigrated } from './faults.ts';

/**
 * What every connection is set to. `/*!80017` is read by MySQL from 8.0.17 on, `/*M!100600` by MariaDB from 10.6 on.
 * Texts compare as they are stored, whatever the database's collation; values that do not fit are refused, and backslashes
 * escape, which is what the client fills placeholders in for. Each statement sees what was committed before it. The server gives
 * up before the engine does, and does not hold the locks of an instance whose host is gone.
 */
export const SETTINGS: readonly string[] = [
  'SET NAMES utf8mb4 /*!80017 COLLATE utf8mb4_0900_bin */ /*M!100600 COLLATE utf8mb4_nopad_bin */',
  'SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED, READ WRITE',
  `SET SESSION sql_mode = 'STRICT_ALL_TABLES,NO_ENGINE_SUBSTITUTION', autocommit = 1, sql_select_limit = DEFAULT,
    sql_safe_updates = 0, innodb_lock_wait_timeout = 1, lock_wait_timeout = 2
    /*!80017 , max_execution_time = 2800, wait_timeout = 60 */
    /*M!100600 , max_statement_time = 2.8, idle_transaction_timeout = 10 */`,
];

/** Before a migration, which may take long and wait for others. */
export const PATIENCE = `SET SESSION lock_wait_timeout = 60
  /*!80017 , max_execution_time = 0 */ /*M!100600 , max_statement_time = 0 */`;

/** Asks the server and gives its rows. */
type Ask = (sql: string) => Promise<readonly (readonly (string | number | null)[])[]>;

/** Variables of the server by name; those it does not know are missing. */
export type Facts = Readonly<Partial<Record<string, string>>>;

/**
 * Throws `unavailable`, saying what was found and what to do, when the server would break a promise; or the server's own
 * error when the user lacks a right.
 */
export async function refuseUnfit(ask: Ask): Promise<void> {
  const rows = await ask(`SHOW GLOBAL VARIABLES WHERE Variable_name IN ('${NAMES.join("', '")}')`);
  const problem = problemOf(Object.fromEntries(rows.map(([name, value]) => [String(name), String(value)])));
  if (problem !== null) throw new WatchwordError('unavailable', problem);
  for (const right of RIGHTS) {
    try {
      await ask(right);
    } catch (error) {
      if (!isUnmigrated(error)) throw error;
    }
  }
}

/** What makes a server unfit, with the cure; null = it is fit. */
export function problemOf(facts: Facts): string | null {
  return tooOld(facts['version'] ?? '') ?? notWritable(facts) ?? notDurable(facts);
}

function tooOld(version: string): string | null {
  const isMariadb = /mariadb/i.test(version);
  const [name, oldest] = isMariadb ? (['MariaDB', [10, 6, 0]] as const) : (['MySQL', [8, 0, 17]] as const);
  const found = (/^\d+\.\d+\.\d+/.exec(version)?.[0] ?? '0.0.0').split('.').map(Number);
  const at = oldest.findIndex((part, i) => part !== found[i]);
  if (at < 0 || (found[at] ?? 0) > (oldest[at] ?? 0)) return null;
  return `${name} ${version} is too old. Use MySQL 8.0.17 or newer, or MariaDB 10.6 or newer.`;
}

function notWritable(facts: Facts): string | null {
  const name = ['super_read_only', 'innodb_read_only', 'read_only'].find((flag) => (facts[flag] ?? 'OFF') !== 'OFF');
  if (name === undefined) return null;
  return `The server in DATABASE_URL is read-only (${name} = ${facts[name] ?? ''}), as replicas are. Connect to the primary.`;
}

/** A commit is kept over a crash of the machine only if the redo log and, where there is one, the binary log are flushed with it. */
function notDurable(facts: Facts): string | null {
  const flush = facts['innodb_flush_log_at_trx_commit'];
  if (flush !== '1') {
    return `The server runs with innodb_flush_log_at_trx_commit = ${flush ?? '?'}: a crash would lose verdicts. Set it to 1.`;
  }
  if ((facts['log_bin'] ?? 'OFF') === 'OFF') return null;
  if (facts['sync_binlog'] !== '1') {
    return `The server keeps a binary log with sync_binlog = ${facts['sync_binlog'] ?? '?'}: a crash would lose verdicts. Set it to 1.`;
  }
  if (facts['binlog_format'] === 'STATEMENT') {
    return 'The server keeps a binary log with binlog_format = STATEMENT, which READ COMMITTED does not allow. Set it to ROW.';
  }
  return null;
}

const NAMES = [
  'version',
  'read_only',
  'super_read_only',
  'innodb_read_only',
  'innodb_flush_log_at_trx_commit',
  'log_bin',
  'sync_binlog',
  'binlog_format',
];

/** They change nothing and need every right that the service uses; the server says which one is missing. */
const RIGHTS = [
  'INSERT INTO devices (name, at) SELECT name, at FROM devices AS d WHERE FALSE ON DUPLICATE KEY UPDATE at = d.at',
  'DELETE FROM devices WHERE FALSE',
];
