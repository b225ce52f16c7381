import type { Connection } from './connection.ts';
import { SendRing } from './send-ring.ts';
import type { Batch, Mirror } from './writer.ts';

const DAY_MS = 86_400_000;
/** Rows read at once. */
const PAGE = 10_000;
const WINDOW_NAME = 'send_log_window_ms';

interface LogRow {
  readonly seq: number;
  readonly destination: number;
  readonly at: number;
}

/**
 * The live messages of the longest window in use: appended to the table `send_log` in the order of commits and mirrored
 * in memory, so that counting a destination is exact and touches no page of its own. What other processes
 * committed is read at the begin of each transaction.
 */
export class SendLog implements Mirror {
  readonly #connection: Connection;
  #ring = new SendRing();
  /** Newest row the ring holds; -1 = nothing was loaded. */
  #seq = -1;
  #windowMs = DAY_MS;
  #mark = 0;
  #markSeq = -1;

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  begin(batch: Batch): void {
    if (this.#seq >= 0) this.#catchUp(batch.now);
    this.#markHere();
  }

  committed(): void {
    this.#markHere();
  }

  rolledBack(): void {
    this.#ring.undoTo(this.#mark);
    this.#seq = this.#markSeq;
    // Nothing loaded means that the longer window was not written either.
    if (this.#seq < 0) this.#windowMs = DAY_MS;
  }

  append(name: string, now: number): void {
    const destination = destinationNumber(name);
    this.#ensureLoaded(now);
    this.#seq++;
    this.#connection
      .sql('INSERT INTO send_log (seq, destination, at) VALUES (?, ?, ?)')
      .run(this.#seq, destination, now);
    this.#ring.add(destination, now, now - this.#windowMs);
  }

  /** Times of the newest messages inside the window over all names, newest first, at most `limit`. */
  times(names: readonly string[], windowMs: number, now: number, limit: number): number[] {
    this.#ensureLoaded(now);
    if (windowMs > this.#windowMs) this.#widen(windowMs, now);
    const [only] = names;
    if (names.length === 1 && only !== undefined) {
      return this.#ring.times(destinationNumber(only), now - windowMs, limit);
    }
    const all = names.flatMap((name) => this.#ring.times(destinationNumber(name), now - windowMs, limit));
    return all.toSorted((a, b) => b - a).slice(0, limit);
  }

  /** Deletes rows that no window reaches any more, but never the newest: its number must not be given twice. */
  purge(now: number, limit: number): void {
    this.#connection
      .sql(
        `DELETE FROM send_log WHERE seq IN (
           SELECT seq FROM (SELECT seq, at FROM send_log ORDER BY seq LIMIT ?) WHERE at <= ?
         ) AND seq < (SELECT max(seq) FROM send_log)`,
      )
      .run(limit, now - Math.max(this.#windowMs, this.#storedWindow()));
  }

  /** Reads the log on first need: what never counts a send (a command, a reader) does not pay for it. */
  #ensureLoaded(now: number): void {
    if (this.#seq >= 0) return;
    this.#load(now);
    this.#markHere();
  }

  #markHere(): void {
    this.#mark = this.#ring.mark;
    this.#markSeq = this.#seq;
  }

  #catchUp(now: number): void {
    for (let rows = this.#after(); rows.length > 0; rows = rows.length < PAGE ? [] : this.#after()) {
      for (const row of rows) {
        this.#ring.add(row.destination, row.at, now - this.#windowMs);
        this.#seq = row.seq;
      }
    }
  }

  #after(): LogRow[] {
    return this.#connection
      .sql('SELECT seq, destination, at FROM send_log WHERE seq > ? ORDER BY seq LIMIT ?')
      .all(this.#seq, PAGE) as LogRow[];
  }

  #load(now: number): void {
    this.#windowMs = Math.max(this.#windowMs, this.#storedWindow());
    this.#ring = new SendRing();
    this.#seq = this.#before(now - this.#windowMs);
    this.#catchUp(now);
  }

  /** The longest window any process ever counted in. */
  #storedWindow(): number {
    const row = this.#connection.sql('SELECT value FROM meta WHERE name = ?').get(WINDOW_NAME) as
      { value: string } | undefined;
    return Number(row?.value ?? 0);
  }

  /** Number of the last row at or before a time; the rows are in the order of time, gaps only at the start. */
  #before(time: number): number {
    const ends = this.#connection
      .sql('SELECT (SELECT min(seq) FROM send_log) AS low, (SELECT max(seq) FROM send_log) AS high')
      .get() as { low: number | null; high: number | null };
    if (ends.low === null || ends.high === null) return 0;
    let [low, high] = [ends.low - 1, ends.high];
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      const row = this.#connection.sql('SELECT at FROM send_log WHERE seq = ?').get(middle) as
        { at: number } | undefined;
      if (row === undefined || row.at <= time) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  /** A longer window than ever before: remember it for the purge, and read the older rows too. */
  #widen(windowMs: number, now: number): void {
    this.#connection
      .sql('INSERT INTO meta (name, value) VALUES (?, ?) ON CONFLICT DO UPDATE SET value = excluded.value')
      .run(WINDOW_NAME, String(windowMs));
    this.#windowMs = windowMs;
    this.#load(now);
    // A rollback must read everything again.
    this.#mark = 0;
    this.#markSeq = -1;
  }
}

/**
 * A name as an integer below 2^53, the same in every process. Names end in a keyed blind index, so nobody can aim for a
 * collision; one by chance only counts too much. (Mixing as in MurmurHash3's finaliser.)
 */
export function destinationNumber(name: string): number {
  let high = 0xdeadbeef;
  let low = 0x41c6ce57;
  for (let i = 0; i < name.length; i++) {
    const char = name.charCodeAt(i);
    high = Math.imul(high ^ char, 2_654_435_761);
    low = Math.imul(low ^ char, 1_597_334_677);
  }
  high = Math.imul(high ^ (high >>> 16), 2_246_822_507) ^ Math.imul(low ^ (low >>> 13), 3_266_489_909);
  low = Math.imul(low ^ (low >>> 16), 2_246_822_507) ^ Math.imul(high ^ (high >>> 13), 3_266_489_909);
  return 2 ** 32 * (0x1fffff & high) + (low >>> 0);
}
