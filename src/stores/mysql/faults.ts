import type { Fault } from '../sql/server/index.ts';

type Cure = readonly [Fault['kind'], string];

const DENIED =
  'The server refused the user or its password. Correct them in DATABASE_URL, or allow the user from this host.';
const BUSY = 'The database is busy; try again.';
const BROKE = 'The connection to the server broke. Check that it runs and that the network lets the service reach it.';
const DISK = 'The disk of the database server is full. Free space on its volume.';
const REPLICA = 'The database is read-only, as replicas are. Connect to the primary.';
const SLOW = 'The server took too long. Check its load and that no tool holds its tables.';
const GRANT = 'Grant it all rights on the database.';
const MIGRATE = 'Run "watchword migrate".';
const STOPPING = 'The server is shutting down or restarting; the service goes on by itself when it is back.';

/**
 * Errors of the server that an operator can cure, by number
 * (https://dev.mysql.com/doc/mysql-errors/8.0/en/server-error-reference.html, https://mariadb.com/kb/en/mariadb-error-code-reference/).
 */
const CURES: Readonly<Record<number, Cure>> = {
  1020: ['again', BUSY],
  1021: ['down', DISK],
  1026: ['down', DISK],
  1030: ['down', 'The server cannot read or write its files. Check its disk and its log.'],
  1037: ['down', 'The database server is out of memory. Give it more, or lower its settings.'],
  1040: ['down', 'The server has too many connections. Raise max_connections, or run fewer instances.'],
  1041: ['down', 'The database server is out of memory. Give it more, or lower its settings.'],
  1044: ['down', `The database user may not use the database in DATABASE_URL. ${GRANT}`],
  1045: ['down', DENIED],
  1049: ['down', 'The database in DATABASE_URL does not exist. Create it (CREATE DATABASE), or correct the name.'],
  1053: ['lost', STOPPING],
  1054: ['unmigrated', `The tables are those of an older release. ${MIGRATE}`],
  1062: ['again', BUSY],
  1114: ['down', DISK],
  1129: ['down', 'The server blocks this host after failed attempts. Run FLUSH HOSTS on it.'],
  1130: ['down', DENIED],
  1142: ['down', `The database user lacks a right. ${GRANT}`],
  1143: ['down', `The database user lacks a right. ${GRANT}`],
  1146: ['unmigrated', `The database has no tables of this service. ${MIGRATE}`],
  1153: ['item', 'The server does not take statements this large. Raise max_allowed_packet.'],
  1158: ['lost', BROKE],
  1159: ['lost', BROKE],
  1160: ['lost', BROKE],
  1161: ['lost', BROKE],
  1203: ['down', 'The user has too many connections. Raise max_user_connections, or run fewer instances.'],
  1205: ['held', 'A row was locked for too long. Stop long-running tools on the database, or try again.'],
  1206: ['down', 'The lock table of the server is full. Raise innodb_buffer_pool_size.'],
  1213: ['again', BUSY],
  1226: ['down', 'A limit of the database user is reached. Raise it on the server.'],
  1227: ['down', `The database user lacks a right. ${GRANT}`],
  1290: ['down', REPLICA],
  1317: ['down', SLOW],
  1637: ['down', 'The server has too many transactions at once. Run fewer instances.'],
  1698: ['down', DENIED],
  1792: ['down', REPLICA],
  1836: ['down', REPLICA],
  1927: ['lost', BROKE],
  1969: ['down', SLOW],
  3024: ['down', SLOW],
  3101: ['again', BUSY],
  3118: ['down', 'The account of the database user is locked. Unlock it (ALTER USER … ACCOUNT UNLOCK).'],
  3159: ['down', 'The server wants TLS. Add ?ssl-mode=required or verify_identity to DATABASE_URL.'],
  4031: ['lost', 'The server ended an idle connection.'],
};

const READ_ONLY: readonly number[] = [1290, 1792, 1836];
const UNMIGRATED = 1146;

/** What the operating system says when there is no server at the other end. */
const NETWORK: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'The server does not listen at the address in DATABASE_URL. Start it, or correct host and port.',
  ENOTFOUND: 'The host in DATABASE_URL is not known. Correct its name, or the name server.',
  EAI_AGAIN: 'The host in DATABASE_URL cannot be looked up now. Check the name server.',
  ENOENT: 'The socket in DATABASE_URL does not exist. Start the server, or correct the path.',
};
const GONE = 'The server cannot be reached. Check that it runs and that the network lets the service reach it.';
const TLS = 'The server and the service do not agree on TLS. Check ssl-mode and ssl-ca in DATABASE_URL.';

/** What an error of the client means. One without a number came from the client or its socket. */
export function mysqlFault(error: unknown): Fault {
  const code = codeOf(error);
  const number = numberOf(error);
  if (number === null) {
    const reason = (code === null ? undefined : NETWORK[code]) ?? (isTls(error) ? TLS : GONE);
    return { kind: 'lost', reason, code };
  }
  const cure = CURES[number];
  if (cure === undefined) {
    return { kind: 'item', reason: 'The database refused the operation; the log has the cause.', code };
  }
  const [kind, reason] = cure;
  return { kind, reason: missingRight(error) ?? reason, code };
}

/** True when the server takes no writes any more. */
export function isReadOnly(error: unknown): boolean {
  return READ_ONLY.includes(numberOf(error) ?? 0);
}

/** True when a table is missing. */
export function isUnmigrated(error: unknown): boolean {
  return numberOf(error) === UNMIGRATED;
}

function codeOf(error: unknown): string | null {
  if (typeof error !== 'object' || error === null || !('code' in error)) return null;
  return typeof error.code === 'string' ? error.code : null;
}

/** The number of an error of the server, which has an SQLSTATE too; those of the system are negative. */
function numberOf(error: unknown): number | null {
  if (typeof error !== 'object' || error === null || !('errno' in error) || !('sqlState' in error)) return null;
  return typeof error.errno === 'number' ? error.errno : null;
}

/** The server names the right, also the name and host of the user, which need not be shown. */
function missingRight(error: unknown): string | null {
  const [, right] = (error instanceof Error ? /^([A-Z, ]+) command denied/.exec(error.message) : null) ?? [];
  return right === undefined ? null : `The database user lacks the right to ${right}. ${GRANT}`;
}

function isTls(error: unknown): boolean {
  return error instanceof Error && /SSL|certificate|TLS/i.test(`${error.message} ${codeOf(error) ?? ''}`);
}
