import { LIMITS } from '../../core/limits.ts';
import type { TransferRow, TransferSource, TransferTable } from '../../ports/transfer.ts';
import { contentNumber, packEvents, unpackEvents, VERIFICATION_COLUMNS } from '../sql/index.ts';
import { packTimes } from '../sql/server/send-times.ts';
import * as tables from '../sql/server/tables.ts';
import { keyOf, pageQuery } from '../sql/transfer-page.ts';
import { openConnection, type Connection } from './connection.ts';
import { EVENTS_OF } from './event-chain.ts';

const LOG_PAGE = 10_000;

/** Tables whose rows are those of the database servers. */
export const PLAIN: Readonly<
  Partial<Record<TransferTable, { readonly from: string; readonly columns: readonly string[] }>>
> = {
  applications: { from: 'applications', columns: tables.APPLICATIONS.columns },
  policies: { from: 'policies', columns: tables.POLICIES.columns },
  api_keys: { from: 'keys', columns: tables.API_KEYS.columns },
  people: { from: 'people', columns: tables.PEOPLE.columns },
  documents: { from: 'documents', columns: tables.DOCUMENTS.columns },
  sends: { from: 'sends', columns: tables.SENDS.columns },
  devices: { from: 'devices', columns: tables.DEVICES.columns },
  counters: { from: 'counters', columns: tables.COUNTERS.columns },
  idempotency: { from: 'idempotency', columns: tables.IDEMPOTENCY.columns },
  inbox: { from: 'inbox', columns: tables.INBOX.columns },
  totals: { from: 'totals', columns: tables.TOTALS.columns.filter((column) => column !== 'shard') },
  verifications: {
    from: 'verifications',
    columns: VERIFICATION_COLUMNS.slice(0, -1).map((column) =>
      column === 'policy' ? '(SELECT body FROM policy_snapshots WHERE id = policy)' : column,
    ),
  },
};

/** The database file `path` as the source of a copy. Nobody may write to it meanwhile. */
export async function openSqliteTransfer(path: string): Promise<TransferSource> {
  return readTransfer(await openConnection(path));
}

/** The same over an open connection, which it closes. */
export function readTransfer(connection: Connection): TransferSource {
  let destinations: readonly TransferRow[] | null = null;
  return {
    page: (table, after, limit) =>
      connection.read(() => {
        if (table === 'refusals') return [];
        if (table === 'events') return eventsPage(connection, after, limit);
        if (table !== 'destinations') return plainPage(connection, table, after, limit);
        destinations ??= destinationRows(connection);
        return afterIn(destinations, after).slice(0, limit);
      }),
    close: async () => connection.close(),
  };
}

function plainPage(
  connection: Connection,
  table: TransferTable,
  after: TransferRow | null,
  limit: number,
): TransferRow[] {
  const shape = PLAIN[table];
  if (shape === undefined) throw new Error(`The table ${table} has no rows of its own.`);
  const { text, binds } = pageQuery(table, shape, after, limit);
  return connection.values(text).all(...binds) as unknown as TransferRow[];
}

function eventsPage(connection: Connection, after: TransferRow | null, limit: number): TransferRow[] {
  const { text, binds } = pageQuery('events', { from: 'verifications', columns: ['id'] }, after, limit);
  const ids = connection.values(text).all(...binds) as unknown as [string][];
  return ids.map(([id]) => {
    const rows = connection.sql(EVENTS_OF).all(id) as { body: string }[];
    return [id, packEvents(rows.flatMap(({ body }) => unpackEvents(body)))];
  });
}

/**
 * Failures and times of messages by destination, as database servers keep them: in one row. The log of messages knows only a
 * number made from the name; the names are those of the verifications, which outlive the window that is counted.
 */
function destinationRows(connection: Connection): TransferRow[] {
  const { windowMs, times } = messageTimes(connection);
  const rows = new Map<string, TransferRow>();
  const failures = 'SELECT name, window_start, window_ms, failures, consecutive, keep_until FROM destinations';
  const withTimes = (row: readonly [string, number, number, number, number, number]): void => {
    const [name, windowStart, windowLength, failed, consecutive, keepUntil] = row;
    const own = times.get(contentNumber(name)) ?? [];
    const keep = Math.max(keepUntil, (own.at(-1) ?? 0) + (own.length > 0 ? windowMs : 0));
    rows.set(name, [name, windowStart, windowLength, failed, consecutive, windowMs, packTimes(own), keep]);
  };
  const emptyWindowMs = LIMITS.destination_failures.windowSeconds * 1_000;
  for (const [name] of connection.values(NAMES).all() as unknown as [string][]) {
    if (times.has(contentNumber(name))) withTimes([name, 0, emptyWindowMs, 0, 0, 0]);
  }
  for (const row of connection.values(failures).all()) withTimes(row as unknown as Parameters<typeof withTimes>[0]);
  return [...rows.values()].toSorted((a, b) => (String(a[0]) < String(b[0]) ? -1 : 1));
}

/** The messages inside the longest window ever counted in, up to the newest commit, oldest first. */
function messageTimes(connection: Connection): { windowMs: number; times: ReadonlyMap<number, readonly number[]> } {
  const [stored] = connection.values("SELECT value FROM meta WHERE name = 'send_log_window_ms'").all() as unknown as [
    string,
  ][];
  const windowMs = Math.max(LIMITS.destination_sends.windowSeconds * 1_000, Number(stored?.[0] ?? 0));
  const times = new Map<number, number[]>();
  for (const [, destination, at] of loggedSince(connection, windowMs)) {
    const own = times.get(destination);
    if (own === undefined) times.set(destination, [at]);
    else own.push(at);
  }
  return { windowMs, times };
}

function* loggedSince(
  connection: Connection,
  windowMs: number,
): Generator<[seq: number, destination: number, at: number]> {
  const text = `SELECT seq, destination, at FROM send_log
    WHERE seq > ? AND at > (SELECT now FROM clock) - ? ORDER BY seq LIMIT ${LOG_PAGE}`;
  for (let seq = 0, read = LOG_PAGE; read === LOG_PAGE;) {
    const rows = connection.values(text).all(seq, windowMs) as unknown as [number, number, number][];
    yield* rows;
    seq = rows.at(-1)?.[0] ?? seq;
    read = rows.length;
  }
}

/** Rows are in the order of their keys. */
export function afterIn(rows: readonly TransferRow[], after: TransferRow | null): readonly TransferRow[] {
  if (after === null) return rows;
  const last = String(after[0]);
  let [low, high] = [0, rows.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (String(keyOf('destinations', rows[middle] ?? [])[0]) <= last) low = middle + 1;
    else high = middle;
  }
  return rows.slice(low);
}

const NAMES = "SELECT DISTINCT application || '|' || limit_index FROM verifications WHERE mode = 'live'";
