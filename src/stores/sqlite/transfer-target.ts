import { TRANSFER_TABLES, type TransferRow, type TransferTable, type TransferTarget } from '../../ports/transfer.ts';
import { contentNumber, placeholders } from '../sql/index.ts';
import { packTimes, unpackTimes } from '../sql/server/send-times.ts';
import { RECORD_COLUMNS } from '../sql/verification-row.ts';
import { openConnection, type Connection } from './connection.ts';
import { PLAIN, readTransfer, afterIn } from './transfer.ts';

const TABLES = Object.keys(TRANSFER_TABLES) as readonly TransferTable[];
const POLICY = RECORD_COLUMNS.indexOf('policy');

type Destination = readonly [
  name: string,
  windowStart: number,
  windowMs: number,
  failures: number,
  consecutive: number,
  sendsMs: number,
  sends: string,
  keepUntil: number,
];

/**
 * The database file `path`, of this version's schema, as the target of a copy. Marks of refusals that were counted (`refusals`) have no
 * place in it: only a recorder beside Redis needs them. Nobody else may use the file before the copy is complete.
 */
export async function openSqliteTransferTarget(path: string): Promise<TransferTarget> {
  const connection = await openConnection(path);
  const source = readTransfer(connection);
  let destinations: readonly TransferRow[] = [];
  return {
    lacks: ['refusals'],
    async page(table, after, limit) {
      if (table !== 'destinations') return await source.page(table, after, limit);
      if (after === null) destinations = await inTransaction(connection, () => destinationsOf(connection));
      return afterIn(destinations, after).slice(0, limit);
    },
    async begin(from) {
      const begun = await connection.read(() => beganFrom(connection));
      if (begun !== null) return begun === from ? 'resumed' : 'occupied';
      if (await isOccupied(connection, source)) return 'occupied';
      await inTransaction(connection, () => connection.exec(BEGIN));
      await inTransaction(connection, () => connection.sql('INSERT INTO transfer (source) VALUES (?)').run(from));
      return 'fresh';
    },
    add: (table, rows) => inTransaction(connection, () => rows.forEach((row) => addRow(connection, table, row))),
    finish: () => inTransaction(connection, () => connection.exec(FINISH)),
    close: source.close,
  };
}

function inTransaction<T>(connection: Connection, work: () => T): Promise<T> {
  return connection.read(() => {
    connection.exec('BEGIN IMMEDIATE');
    try {
      const result = work();
      connection.exec('COMMIT');
      return result;
    } catch (error) {
      connection.rollback();
      throw error;
    }
  });
}

function beganFrom(connection: Connection): string | null {
  const found = connection.sql("SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = 'transfer'").get();
  if (found === undefined) return null;
  const [row] = connection.values('SELECT source FROM transfer').all() as unknown as [string][];
  return row?.[0] ?? '';
}

/** True when it holds anything but the application every database begins with. */
async function isOccupied(connection: Connection, source: Pick<TransferTarget, 'page'>): Promise<boolean> {
  const counted = await connection.read(() => connection.sql(COUNTED).get());
  if (counted !== undefined) return true;
  for (const table of TABLES.filter((one) => one !== 'destinations')) {
    const rows = await source.page(table, null, 2);
    if (rows.length > (table === 'applications' ? 1 : 0)) return true;
  }
  return false;
}

function addRow(connection: Connection, table: TransferTable, row: TransferRow): void {
  if (table === 'verifications') return addVerification(connection, row);
  if (table === 'events') return addEvents(connection, row);
  if (table === 'destinations') return addDestination(connection, row as unknown as Destination);
  const plain = PLAIN[table];
  if (plain !== undefined) insert(connection, plain.from, plain.columns, row);
}

/** True when it was not there. */
function insert(connection: Connection, into: string, columns: readonly string[], row: TransferRow): boolean {
  const text = `INSERT INTO ${into} (${columns.join(', ')}) VALUES (${placeholders(columns.length)}) ON CONFLICT DO NOTHING`;
  return Number(connection.sql(text).run(...row).changes) > 0;
}

function addVerification(connection: Connection, row: TransferRow): void {
  const body = String(row[POLICY]);
  insert(connection, 'policy_snapshots', ['body'], [body]);
  const { id } = connection.sql('SELECT id FROM policy_snapshots WHERE body = ?').get(body) as { id: number };
  insert(connection, 'verifications', RECORD_COLUMNS, row.with(POLICY, id));
}

/** All that happened before the copy is one row. */
function addEvents(connection: Connection, [verification = null, body = null]: TransferRow): void {
  const found = connection.sql('SELECT last_event FROM verifications WHERE id = ?').get(verification);
  const isThere = found === undefined || (found as { last_event: number | null }).last_event !== null;
  if (isThere || body === '[]') return;
  const { lastInsertRowid } = connection.sql('INSERT INTO events (previous, body) VALUES (NULL, ?)').run(body);
  connection.sql('UPDATE verifications SET last_event = ? WHERE id = ?').run(Number(lastInsertRowid), verification);
}

/** The times wait: the log of messages has those of all destinations in their order. */
function addDestination(connection: Connection, row: Destination): void {
  const [name, windowStart, windowMs, failures, consecutive, sendsMs, sends, keepUntil] = row;
  const values = [name, windowStart, windowMs, failures, consecutive, keepUntil];
  if (!insert(connection, 'destinations', FAILURES, values)) return;
  connection.sql('INSERT INTO transfer_windows (name, sends_ms) VALUES (?, ?)').run(name, sendsMs);
  for (const at of unpackTimes(sends))
    connection.sql('INSERT INTO transfer_times (destination, at) VALUES (?, ?)').run(contentNumber(name), at);
}

/** Writes the log of messages, and reads what is counted of every destination back from where it counts. */
function destinationsOf(connection: Connection): readonly TransferRow[] {
  connection.exec(WRITE_LOG);
  const times = new Map<number, number[]>();
  const log = 'SELECT destination, at FROM send_log ORDER BY seq';
  for (const [destination, at] of connection.values(log).all() as unknown as [number, number][]) {
    const own = times.get(destination);
    if (own === undefined) times.set(destination, [at]);
    else own.push(at);
  }
  const rows = connection.values(DESTINATIONS).all() as unknown as Destination[];
  return rows.map(([name, ...rest]) => [name, ...rest].with(6, packTimes(times.get(contentNumber(name)) ?? [])));
}

const FAILURES = ['name', 'window_start', 'window_ms', 'failures', 'consecutive', 'keep_until'];

const COUNTED = 'SELECT 1 FROM destinations UNION ALL SELECT 1 FROM send_log LIMIT 1';

/** `transfer` is there while a copy is under way, and names its source. */
const BEGIN = `CREATE TABLE transfer (source TEXT NOT NULL);
  CREATE TABLE transfer_windows (name TEXT PRIMARY KEY, sends_ms INTEGER NOT NULL) WITHOUT ROWID;
  CREATE TABLE transfer_times (destination INTEGER NOT NULL, at INTEGER NOT NULL);
  DELETE FROM applications`;

const WRITE_LOG = `DELETE FROM send_log;
  INSERT INTO send_log (seq, destination, at)
    SELECT row_number() OVER (ORDER BY at, rowid), destination, at FROM transfer_times;
  INSERT INTO meta (name, value) SELECT 'send_log_window_ms', max(sends_ms) FROM transfer_windows WHERE true
    HAVING count(*) > 0 ON CONFLICT DO UPDATE SET value = excluded.value`;

const DESTINATIONS = `SELECT name, window_start, window_ms, failures, consecutive, sends_ms, '', keep_until
  FROM destinations JOIN transfer_windows USING (name) ORDER BY name`;

const FINISH = `UPDATE clock SET unindexed = (SELECT count(*) FROM verifications),
    now = max(now, ifnull((SELECT max(created_at) FROM verifications), 0)) WHERE id = 1;
  DROP TABLE transfer; DROP TABLE transfer_windows; DROP TABLE transfer_times`;
