import { WatchwordError } from '../../../core/errors.ts';
import type { VerificationEvent } from '../../../core/events.ts';
import type { Policy } from '../../../core/policy.ts';
import { TRANSFER_TABLES, type TransferRow, type TransferTable, type TransferTarget } from '../../../ports/transfer.ts';
import { packEvent, packEvents, unpackEvent, unpackEvents } from '../event-row.ts';
import { keyOf, pageQuery } from '../transfer-page.ts';
import { RECORD_COLUMNS, type SqlValue } from '../verification-row.ts';
import type { Dialect } from './dialect.ts';
import { faultOf } from './faults.ts';
import { PolicySnapshots } from './policy-snapshots.ts';
import { Pool } from './pool.ts';
import { Reader } from './reader.ts';
import {
  API_KEYS,
  APPLICATIONS,
  COUNTERS,
  DESTINATIONS,
  DEVICES,
  DOCUMENTS,
  EVENTS,
  IDEMPOTENCY,
  INBOX,
  PEOPLE,
  POLICIES,
  REFUSALS,
  SENDS,
  type Table,
  TOTALS,
  VERIFICATIONS,
} from './tables.ts';

/** Tables whose rows are copied as they are; the others are put together. */
const PLAIN: Readonly<Partial<Record<TransferTable, Table<string>>>> = {
  applications: APPLICATIONS,
  policies: POLICIES,
  api_keys: API_KEYS,
  people: PEOPLE,
  documents: DOCUMENTS,
  sends: SENDS,
  destinations: DESTINATIONS,
  devices: DEVICES,
  counters: COUNTERS,
  idempotency: IDEMPOTENCY,
  inbox: INBOX,
  refusals: REFUSALS,
};

const TOTAL_KEY = ['application', 'day', 'mode', 'channel', 'country', 'kind'] as const;
const POLICY = RECORD_COLUMNS.indexOf('policy');
const TABLES = Object.keys(TRANSFER_TABLES) as readonly TransferTable[];

interface Parts {
  readonly dialect: Dialect;
  readonly pool: Pool;
  readonly reader: Reader;
  readonly policies: PolicySnapshots;
}

/** A database server as source or target of a copy. Its schema must be this version's. */
export function createServerTransfer(dialect: Dialect): TransferTarget {
  const pool = new Pool(dialect, 2);
  const reader = new Reader({ dialect, pool });
  const parts: Parts = { dialect, pool, reader, policies: new PolicySnapshots(reader) };
  return {
    page: (table, after, limit) => page(parts, table, after, limit),
    begin: (source) => begin(parts, source),
    add: (table, rows) => add(parts, table, rows),
    finish: async () => void (await reader.run('DROP TABLE transfer')),
    close: async () => pool.close(),
  };
}

async function page(
  parts: Parts,
  table: TransferTable,
  after: TransferRow | null,
  limit: number,
): Promise<TransferRow[]> {
  const ask = async (from: string, columns: readonly string[], grouped = false): Promise<TransferRow[]> => {
    const { text, binds } = pageQuery(table, { from, columns, grouped }, after, limit);
    return [...(await parts.reader.rows(text, binds))];
  };
  const plain = PLAIN[table];
  if (plain !== undefined) return await ask(plain.name, plain.columns);
  if (table === 'totals') return (await ask(TOTALS.name, [...TOTAL_KEY, 'sum(count)'], true)).map(withNumber);
  if (table === 'events')
    return await eventsOf(
      parts,
      (await ask(VERIFICATIONS.name, ['id'])).map(([id]) => String(id)),
    );
  return await withPolicies(parts, await ask(VERIFICATIONS.name, RECORD_COLUMNS));
}

/** A sum comes as a text from some servers. */
function withNumber(row: TransferRow): TransferRow {
  return [...row.slice(0, -1), Number(row.at(-1))];
}

async function withPolicies({ policies }: Parts, rows: readonly TransferRow[]): Promise<TransferRow[]> {
  const policyOf = await policies.policiesOf(rows.map((row) => Number(row[POLICY])));
  return rows.map((row) => row.with(POLICY, JSON.stringify(policyOf(Number(row[POLICY])))));
}

async function eventsOf({ reader }: Parts, ids: readonly string[]): Promise<TransferRow[]> {
  if (ids.length === 0) return [];
  const text = 'SELECT verification, id, body FROM events WHERE verification IN (?) ORDER BY verification, seq, id';
  const rows = await reader.rows(text, [ids]);
  const events = new Map(ids.map((id) => [id, [] as VerificationEvent[]]));
  for (const [verification, id, body] of rows) {
    events.get(String(verification))?.push(unpackEvent(String(id), String(body)));
  }
  return [...events].map(([id, own]) => [id, packEvents(own)]);
}

/** The table `transfer` is there while a copy is under way, and names its source. */
async function begin(parts: Parts, source: string): Promise<'fresh' | 'resumed' | 'occupied'> {
  const { reader } = parts;
  const begun = await beganFrom(parts);
  if (begun !== null) return begun === source ? 'resumed' : 'occupied';
  for (const table of TABLES) {
    const [first, second] = await page(parts, table, null, 2);
    const pristine = table === 'applications' && second === undefined;
    if (first !== undefined && !pristine) return 'occupied';
  }
  await reader.run('CREATE TABLE transfer (source VARCHAR(200) NOT NULL)');
  await reader.transaction(async (session) => {
    await session.run('INSERT INTO transfer (source) VALUES (?)', [source]);
    await session.run('DELETE FROM applications');
  });
  return 'fresh';
}

async function beganFrom({ dialect, pool }: Parts): Promise<string | null> {
  try {
    const [row] = await pool.use((connection) => connection.rows('SELECT source FROM transfer'));
    return String(row?.[0] ?? '');
  } catch (error) {
    const { kind, reason } = faultOf(dialect, error);
    if (kind === 'unmigrated') return null;
    throw new WatchwordError('unavailable', reason, { cause: error });
  }
}

async function add(parts: Parts, table: TransferTable, rows: readonly TransferRow[]): Promise<void> {
  if (rows.length === 0) return;
  const [into, lines] = await linesOf(parts, table, rows);
  await parts.reader.transaction(async (session) => {
    if (lines.length > 0) await session.insert(into, lines);
  });
}

async function linesOf(
  { policies }: Parts,
  table: TransferTable,
  rows: readonly TransferRow[],
): Promise<[Table<string>, readonly (readonly SqlValue[])[]]> {
  const plain = PLAIN[table];
  if (plain !== undefined) return [plain, rows];
  if (table === 'totals') return [TOTALS, rows.map((row) => [...keyOf(table, row), 0, row.at(-1) ?? 0])];
  if (table === 'events') return [EVENTS, rows.flatMap(eventLines)];
  const bodies = [...new Set(rows.map((row) => String(row[POLICY])))];
  const numbers = new Map<string, number>();
  for (const body of bodies) numbers.set(body, await policies.numberOf(JSON.parse(body) as Policy));
  return [VERIFICATIONS, rows.map((row) => row.with(POLICY, numbers.get(String(row[POLICY])) ?? null))];
}

/** Their place is their number: what is written later is numbered by the version of its record, and comes after. */
function eventLines([verification = null, body]: TransferRow): SqlValue[][] {
  return unpackEvents(String(body)).map((event, place) => [verification, event.id, place, packEvent(event)]);
}
