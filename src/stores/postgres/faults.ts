import type { Fault } from '../sql/server/index.ts';

/**
 * SQLSTATE codes that an operator can cure, by the whole code or its class
 * (https://www.postgresql.org/docs/current/errcodes-appendix.html).
 */
const CURES: Readonly<Record<string, readonly [Fault['kind'], string]>> = {
  '08': [
    'lost',
    'The connection to PostgreSQL broke. Check that it runs and that the network lets the service reach it.',
  ],
  '28': [
    'down',
    'PostgreSQL refused the user or its password. Correct them in DATABASE_URL, or allow the service in pg_hba.conf.',
  ],
  '40001': ['again', 'The database is busy; try again.'],
  '40P01': ['again', 'The database is busy; try again.'],
  '3D000': ['down', 'The database in DATABASE_URL does not exist. Create it (createdb), or correct the name.'],
  '3F000': ['unmigrated', 'The schema does not exist. Run "watchword migrate".'],
  '42P01': ['unmigrated', 'The database has no tables of this service. Run "watchword migrate".'],
  '42703': ['unmigrated', 'The tables are those of an older release. Run "watchword migrate".'],
  '42501': [
    'down',
    'The database user lacks a right. Grant it USAGE and CREATE on the schema and all rights on its tables.',
  ],
  '25006': [
    'down',
    'The database is read-only: a replica, or default_transaction_read_only is on. Connect to the primary.',
  ],
  '53100': ['down', 'The disk of the database server is full. Free space on its volume.'],
  '53200': ['down', 'The database server is out of memory. Give it more, or lower its settings.'],
  '53300': ['down', 'PostgreSQL has too many connections. Raise max_connections, or run fewer instances.'],
  '53400': ['down', 'A limit of the database server is reached. Raise it in its configuration.'],
  '54': ['item', 'PostgreSQL cannot hold a value this large.'],
  // One row that somebody holds must not take the neighbours in the batch down.
  '55P03': ['item', 'A row was locked for too long. Stop long-running tools on the database, or try again.'],
  '57014': ['down', 'PostgreSQL took too long. Check its load and that no tool holds its tables.'],
  '57P01': ['lost', 'PostgreSQL is shutting down or restarting; the service goes on by itself when it is back.'],
  '57P02': ['lost', 'PostgreSQL crashed and is restarting; the service goes on by itself when it is back.'],
  '57P03': ['lost', 'PostgreSQL is starting up or shutting down; the service goes on by itself when it is ready.'],
  '57P05': ['lost', 'PostgreSQL ended an idle connection.'],
  '58': ['down', 'PostgreSQL cannot read or write its files. Check its disk and its log.'],
  XX: [
    'down',
    'PostgreSQL reports damage or an internal error. Check its log; restore the latest backup if tables are damaged.',
  ],
};

/** What the operating system says when there is no server at the other end. */
const NETWORK: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'PostgreSQL does not listen at the address in DATABASE_URL. Start it, or correct host and port.',
  ENOTFOUND: 'The host in DATABASE_URL is not known. Correct its name, or the name server.',
  EAI_AGAIN: 'The host in DATABASE_URL cannot be looked up now. Check the name server.',
  ENOENT: 'The socket in DATABASE_URL does not exist. Start PostgreSQL, or correct the path.',
};
const REFUSED = 'The database refused the operation; the log has the cause.';
const GONE = 'PostgreSQL cannot be reached. Check that it runs and that the network lets the service reach it.';

/** What an error of the `pg` client means. One without a SQLSTATE came from the client or its socket. */
export function postgresFault(error: unknown): Fault {
  const code = codeOf(error);
  if (code === null && error instanceof Error && error.name !== 'Error') {
    // A mistake of this program, such as a TypeError: the client's own errors have no name.
    return { kind: 'item', reason: REFUSED, code };
  }
  if (code === null || !isSqlState(error)) {
    const reason = (code === null ? undefined : NETWORK[code]) ?? tlsReason(error) ?? GONE;
    return { kind: 'lost', reason, code };
  }
  const known = CURES[code] ?? CURES[code.slice(0, 2)];
  if (known === undefined) {
    return { kind: 'item', reason: REFUSED, code };
  }
  return { kind: known[0], reason: known[1], code };
}

function codeOf(error: unknown): string | null {
  if (typeof error !== 'object' || error === null || !('code' in error)) return null;
  return typeof error.code === 'string' ? error.code : null;
}

/** Errors of the server carry a severity. */
function isSqlState(error: unknown): boolean {
  return typeof error === 'object' && error !== null && 'severity' in error;
}

function tlsReason(error: unknown): string | undefined {
  const message = error instanceof Error ? error.message : '';
  if (/SSL|certificate|TLS/i.test(message)) {
    return 'PostgreSQL and the service do not agree on TLS. Check sslmode and the certificates in DATABASE_URL.';
  }
  return /password|SASL|SCRAM/i.test(message) ? CURES['28']?.[1] : undefined;
}
