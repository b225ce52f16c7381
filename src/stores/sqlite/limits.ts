import { LIMITS, type Hit } from '../../core/limits.ts';
import {
  counterName,
  isDestinationHit,
  placeholders,
  type CounterRow,
  type Counts,
  type FailureCounts,
} from '../sql/index.ts';
import type { Connection } from './connection.ts';
import type { SendLog } from './send-log.ts';

const YEAR_MS = 365 * 86_400_000;

/** What limits are decided from, read within the transaction of the commit. */
export function countsOf(connection: Connection, log: SendLog, now: number): Counts {
  const rows = new DestinationRows(connection);
  return {
    counters: (names) =>
      connection
        .sql(`SELECT ends_at, count FROM counters WHERE name IN (${placeholders(names.length)})`)
        .all(...names) as Pick<CounterRow, 'ends_at' | 'count'>[],
    failures: (names) => rows.of(names),
    sendTimes: (names, windowMs, limit) => log.times(names, windowMs, now, limit),
    adoptWindow(name, windowMs) {
      connection.sql(ADOPT).run(name, windowMs);
    },
  };
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

/** Two limits read the rows of the same destination: they are fetched once. */
class DestinationRows {
  readonly #connection: Connection;
  #keys: readonly string[] = [];
  #rows: FailureCounts[] = [];

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  of(keys: readonly string[]): readonly FailureCounts[] {
    if (keys.length !== this.#keys.length || keys.some((key, i) => key !== this.#keys[i])) {
      this.#keys = keys;
      this.#rows = this.#connection
        .sql(
          `SELECT name, window_start, window_ms, failures, consecutive FROM destinations
              WHERE name IN (${placeholders(keys.length)})`,
        )
        .all(...keys) as FailureCounts[];
    }
    return this.#rows;
  }
}

/** `hitCounter` as a statement. */
const COUNT = `INSERT INTO counters (name, window_start, ends_at, count) VALUES (?, ?, ?, max(0, ?))
  ON CONFLICT DO UPDATE SET
    count = max(0, CASE WHEN ends_at <= ?5 THEN 0 ELSE count END + ?4),
    window_start = CASE WHEN ends_at <= ?5 THEN excluded.window_start ELSE window_start END,
    ends_at = CASE WHEN ends_at <= ?5 THEN excluded.ends_at ELSE ends_at END`;

/** A longer window reaches further: its failures are kept as long. */
const ADOPT = `UPDATE destinations SET window_ms = ?2, keep_until = max(keep_until, window_start + ?2) WHERE name = ?1`;

const FAIL = `INSERT INTO destinations (name, window_start, window_ms, failures, consecutive, keep_until)
  VALUES (?, ?, ?, 1, 1, ?)
  ON CONFLICT DO UPDATE SET
    failures = CASE WHEN window_start + window_ms <= excluded.window_start THEN 1 ELSE failures + 1 END,
    window_start = CASE WHEN window_start + window_ms <= excluded.window_start THEN excluded.window_start ELSE window_start END,
    consecutive = consecutive + 1,
    keep_until = excluded.keep_until`;
