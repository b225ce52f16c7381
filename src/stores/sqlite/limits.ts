import { LIMITS, type Hit, type Refusal } from '../../core/limits.ts';
import { placeholders } from '../sql/index.ts';
import type { Connection } from './connection.ts';
import type { SendLog } from './send-log.ts';

const FOREVER_MS = 100 * 365 * 86_400_000;
const YEAR_MS = 365 * 86_400_000;

interface CounterRow {
  readonly name: string;
  readonly ends_at: number | null;
  readonly count: number;
}

interface DestinationRow {
  readonly name: string;
  readonly window_start: number;
  readonly window_ms: number;
  readonly failures: number;
  readonly consecutive: number;
}

/** A part of a count and when it ends. */
interface Part {
  readonly count: number;
  readonly endsAt: number | null;
}

/** The first hit that has no room, or null. Counts nothing, so that a refused commit leaves no trace. */
export function refusalOf(connection: Connection, log: SendLog, hits: readonly Hit[], now: number): Refusal | null {
  const rows = new DestinationRows(connection);
  for (const hit of hits) {
    const full = resetOf({ connection, log, rows, now }, hit);
    if (full !== null) return { name: hit.name, scope: hit.scope, resetAt: full.resetAt };
  }
  return null;
}

/** Counts hits that have room. Sends count through the send log and failures through {@link addFailure}. */
export function reserve(connection: Connection, hits: readonly Hit[], now: number): void {
  for (const hit of hits) {
    if (isDestinationHit(hit)) continue;
    const [key] = hit.keys;
    if (key === undefined) continue;
    const endsAt = hit.windowMs === null ? null : now + hit.windowMs;
    connection.sql(COUNT).run(counterName(hit, key), now, endsAt, hit.amount, now);
  }
}

/** One more failed check of a destination: in its window and in a row. `keys` are newest first. */
export function addFailure(connection: Connection, keys: readonly string[], now: number): void {
  const [key] = keys;
  if (key !== undefined)
    connection.sql(FAIL).run(key, now, LIMITS.destination_failures.windowSeconds * 1000, now + YEAR_MS);
}

/** The destination was approved: its row of failures ends, what the window counted stays. */
export function clearFailures(connection: Connection, keys: readonly string[]): void {
  for (const key of keys) {
    connection
      .sql(
        'UPDATE destinations SET consecutive = 0, keep_until = window_start + window_ms WHERE name = ? AND consecutive > 0',
      )
      .run(key);
  }
}

function isDestinationHit(hit: Hit): boolean {
  return (
    hit.name === 'destination_sends' ||
    hit.name === 'destination_failures' ||
    hit.name === 'destination_consecutive_failures'
  );
}

/** What the limits of one commit are read from. */
interface Sources {
  readonly connection: Connection;
  readonly log: SendLog;
  readonly rows: DestinationRows;
  readonly now: number;
}

/** Null when there is room, else when there will be. */
function resetOf(sources: Sources, hit: Hit): { resetAt: number | null } | null {
  switch (hit.name) {
    case 'destination_sends':
      return sendsReset(sources.log, hit, sources.now);
    case 'destination_failures':
      return partsReset(hit, failuresOf(sources, hit));
    case 'destination_consecutive_failures':
      return partsReset(hit, consecutiveOf(sources, hit));
    default:
      return partsReset(hit, countersOf(sources, hit));
  }
}

/** There is room while at most `max - amount` messages are inside the window; the newest one too many must leave. */
function sendsReset(log: SendLog, hit: Hit, now: number): { resetAt: number | null } | null {
  const windowMs = hit.windowMs ?? FOREVER_MS;
  const allowed = hit.max - hit.amount;
  if (allowed < 0) return { resetAt: null };
  const times = log.times(hit.keys, windowMs, now, allowed + 1);
  const leaves = times[allowed];
  return leaves === undefined ? null : { resetAt: hit.windowMs === null ? null : leaves + windowMs };
}

/** Parts end one by one; there is room again once enough of them did. */
function partsReset(hit: Hit, parts: readonly Part[]): { resetAt: number | null } | null {
  let left = parts.reduce((sum, part) => sum + part.count, 0) + hit.amount;
  if (left <= hit.max) return null;
  for (const part of parts.toSorted((a, b) => (a.endsAt ?? Infinity) - (b.endsAt ?? Infinity))) {
    left -= part.count;
    if (left <= hit.max) return { resetAt: part.endsAt };
  }
  return { resetAt: null };
}

function countersOf({ connection, now }: Sources, hit: Hit): Part[] {
  const rows = connection
    .sql(`SELECT name, ends_at, count FROM counters WHERE name IN (${placeholders(hit.keys.length)})`)
    .all(...hit.keys.map((key) => counterName(hit, key))) as CounterRow[];
  return rows
    .filter((row) => row.ends_at === null || row.ends_at > now)
    .map((row) => ({ count: row.count, endsAt: row.ends_at }));
}

function failuresOf({ connection, rows, now }: Sources, hit: Hit): Part[] {
  const windowMs = hit.windowMs ?? FOREVER_MS;
  return rows.of(hit.keys).flatMap((row) => {
    if (row.window_ms !== windowMs) adoptWindow(connection, row.name, windowMs);
    const endsAt = row.window_start + windowMs;
    return endsAt > now ? [{ count: row.failures, endsAt: hit.windowMs === null ? null : endsAt }] : [];
  });
}

function consecutiveOf({ rows }: Sources, hit: Hit): Part[] {
  return rows.of(hit.keys).map((row) => ({ count: row.consecutive, endsAt: null }));
}

/** Two limits read the rows of the same destination: they are fetched once. */
class DestinationRows {
  readonly #connection: Connection;
  #keys: readonly string[] = [];
  #rows: DestinationRow[] = [];

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  of(keys: readonly string[]): readonly DestinationRow[] {
    if (keys.length !== this.#keys.length || keys.some((key, i) => key !== this.#keys[i])) {
      this.#keys = keys;
      this.#rows = this.#connection
        .sql(
          `SELECT name, window_start, window_ms, failures, consecutive FROM destinations
              WHERE name IN (${placeholders(keys.length)})`,
        )
        .all(...keys) as DestinationRow[];
    }
    return this.#rows;
  }
}

/** A failed check does not know the window in force; the next start of the destination tells the row. */
function adoptWindow(connection: Connection, name: string, windowMs: number): void {
  connection.sql('UPDATE destinations SET window_ms = ? WHERE name = ?').run(windowMs, name);
}

function counterName(hit: Hit, key: string): string {
  return `${hit.name}|${key}`;
}

/** A window starts with its first hit and is replaced by a new one after its end. */
const COUNT = `INSERT INTO counters (name, window_start, ends_at, count) VALUES (?, ?, ?, ?)
  ON CONFLICT DO UPDATE SET
    count = CASE WHEN ends_at <= ?5 THEN excluded.count ELSE count + excluded.count END,
    window_start = CASE WHEN ends_at <= ?5 THEN excluded.window_start ELSE window_start END,
    ends_at = CASE WHEN ends_at <= ?5 THEN excluded.ends_at ELSE ends_at END`;

const FAIL = `INSERT INTO destinations (name, window_start, window_ms, failures, consecutive, keep_until)
  VALUES (?, ?, ?, 1, 1, ?)
  ON CONFLICT DO UPDATE SET
    failures = CASE WHEN window_start + window_ms <= excluded.window_start THEN 1 ELSE failures + 1 END,
    window_start = CASE WHEN window_start + window_ms <= excluded.window_start THEN excluded.window_start ELSE window_start END,
    consecutive = consecutive + 1,
    keep_until = excluded.keep_until`;
