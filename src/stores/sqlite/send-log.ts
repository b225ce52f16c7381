import { contentNumber } from '../sql/index.ts';
import type { Connection } from './connection.ts';
import { SendRing } from './send-ring.ts';
import type { Batch, Mirror } from './writer.ts';

const DAY_MS = 86_400_000;
/** Rows read at once inside a transaction, and between two breaths of the event loop outside one. */
const PAGE = 10_000;
const SLICE = 2_000;
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
  #warming: Promise<void> | null = null;

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  get isLoaded(): boolean {
    return this.#seq >= 0;
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

  /**
   * Reads the log in slices, outside any transaction, before something is counted for the first time: neither the event loop nor
   * another process waits for it. What is committed meanwhile is read at the next begin.
   */
  warmUp(now: number): Promise<void> {
    return (this.#warming ??= this.#readAll(now).finally(() => (this.#warming = null)));
  }

  /** Resolves when nobody waits for {@link warmUp} any more. */
  async warmedUp(): Promise<void> {
    await this.#warming?.catch(() => undefined);
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

  async #readAll(now: number): Promise<void> {
    const windowMs = Math.max(this.#windowMs, await this.#connection.read(() => this.#storedWindow()));
    const ring = new SendRing();
    let seq = await this.#connection.read(() => this.#before(now - windowMs));
    for (let read = SLICE; read === SLICE;) {
      const rows = await this.#connection.read(() => this.#after(seq, SLICE));
      for (const row of rows) ring.add(row.destination, row.at, now - windowMs);
      seq = rows.at(-1)?.seq ?? seq;
      read = rows.length;
      await new Promise((resolve) => setImmediate(resolve));
    }
    // A write that could not wait has read it all itself.
    if (this.#seq >= 0) return;
    [this.#ring, this.#seq, this.#windowMs] = [ring, seq, windowMs];
    this.#markHere();
  }

  #markHere(): void {
    this.#mark = this.#ring.mark;
    this.#markSeq = this.#seq;
  }

  #catchUp(now: number): void {
    const next = (): LogRow[] => this.#after(this.#seq, PAGE);
    for (let rows = next(); rows.length > 0; rows = rows.length < PAGE ? [] : next()) {
      for (const row of rows) {
        this.#ring.add(row.destination, row.at, now - this.#windowMs);
        this.#seq = row.seq;
      }
    }
  }

  #after(seq: number, limit: number): LogRow[] {
    return this.#connection
      .sql('SELECT seq, destination, at FROM send_log WHERE seq > ? ORDER BY seq LIMIT ?')
      .all(seq, limit) as LogRow[];
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

/** Names end in a keyed blind index, so nobody can aim for a collision; one by chance only counts too much. */
function destinationNumber(name: string): number {
  return contentNumber(name);
}
