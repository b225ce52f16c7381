import { WatchwordError } from '../../core/errors.ts';
import type { LogEvent } from '../../ports/environment.ts';
import { TotalDeltas } from '../sql/index.ts';
import { giveUpTime, pause, type Connection } from './connection.ts';
import { isBusy, isStorageFault, sqliteCode, unavailable } from './faults.ts';

/** More items than this wait for the next transaction, so that one turn never holds the event loop for long. */
const MAX_BATCH = 256;
/** Turns of the event loop that a transaction waits for at most. */
const MOST_TURNS = 16;

/** What the items of one transaction share. */
export interface Batch {
  /** The store's time: the host clock, never behind the newest commit of any process. */
  readonly now: number;
  /** Every record with an id up to this one is in the address lookups; an item that indexes more moves it. */
  indexedThrough: string;
  readonly totals: TotalDeltas;
  /** Records written that the address lookups do not know yet. */
  inserted: number;
}

/** State in memory that mirrors the database and must not keep what was rolled back. */
export interface Mirror {
  /** Called in the transaction before its first item. */
  begin(batch: Batch): void;
  committed(): void;
  rolledBack(): void;
}

interface Item {
  readonly run: (batch: Batch) => unknown;
  readonly resolve: (answer: never) => void;
  readonly reject: (error: WatchwordError) => void;
  /** When waiting for another process's lock ends, on the monotonic clock. */
  readonly giveUpAt: number;
}

interface Clock {
  readonly now: number;
  readonly unindexed: number;
  readonly indexed_through: string;
}

export interface WriterOptions {
  readonly connection: Connection;
  readonly now: () => number;
  readonly log: (event: LogEvent) => void;
  readonly mirrors: readonly Mirror[];
  /** Told after each commit how many records the address lookups lack. */
  readonly afterCommit: (unindexed: number) => void;
}

/**
 * Group commit: everything asked for in one turn of the event loop, and in those after it as long as each brings more, runs in one
 * transaction, one fsync, and is answered after its COMMIT. An item that throws takes only itself down.
 */
export class Writer {
  readonly #options: WriterOptions;
  #queue: Item[] = [];
  #running: Promise<void> | null = null;
  #closed = false;
  #fault: WatchwordError | null = null;

  constructor(options: WriterOptions) {
    this.#options = options;
  }

  /** Why the last write failed; null when it worked. */
  get fault(): WatchwordError | null {
    return this.#fault;
  }

  /** Runs `run` in the next transaction; it must check everything before it writes. Rejects with `unavailable` only. */
  write<T>(run: (batch: Batch) => T): Promise<T> {
    if (this.#closed) return Promise.reject(new WatchwordError('unavailable', 'The store is closed.'));
    return new Promise<T>((resolve, reject) => {
      this.#queue.push({ run, resolve: resolve as (answer: never) => void, reject, giveUpAt: giveUpTime() });
      this.#running ??= this.#start();
    });
  }

  /** Waits for what was asked for, then takes nothing more. */
  async close(): Promise<void> {
    this.#closed = true;
    await this.#running;
  }

  async #start(): Promise<void> {
    while (this.#queue.length > 0) {
      await this.#gather();
      const items = this.#queue.splice(0, MAX_BATCH);
      await this.#commit(items);
    }
    this.#running = null;
  }

  /**
   * Waits for the end of the turn, and of the next as long as each brings more: under load a commit is shared by twice as many,
   * and who is alone waits for one turn.
   */
  async #gather(): Promise<void> {
    let seen = 0;
    for (let turn = 0; turn < MOST_TURNS && seen < Math.min(this.#queue.length, MAX_BATCH); turn++) {
      seen = this.#queue.length;
      await new Promise((resolve) => setImmediate(resolve));
    }
  }

  async #commit(batch: readonly Item[]): Promise<void> {
    let items = batch;
    while (items.length > 0) {
      try {
        this.#transaction(items);
        this.#fault = null;
        return;
      } catch (error) {
        if (isBusy(error)) items = await this.#wait(items, error);
        else if (items.length === 1 || isStorageFault(error)) return this.#refuse(items, error);
        else return this.#commitOneByOne(items);
      }
    }
  }

  async #commitOneByOne(items: readonly Item[]): Promise<void> {
    for (const item of items) await this.#commit([item]);
  }

  /** Another process holds the lock: refuses who waited long enough and returns the others after a pause. */
  async #wait(items: readonly Item[], error: unknown): Promise<readonly Item[]> {
    const now = performance.now();
    const late = items.filter((item) => item.giveUpAt <= now);
    if (late.length > 0) this.#refuse(late, error);
    await pause();
    return items.filter((item) => item.giveUpAt > now);
  }

  #refuse(items: readonly Item[], cause: unknown): void {
    const error = unavailable(cause);
    // One item's own mistake says nothing about the database.
    if (isStorageFault(cause)) this.#fault = error;
    const code = sqliteCode(cause);
    if (error.code === 'unavailable') {
      this.#options.log({
        event: 'store.write_failed',
        level: 'error',
        reason: error.message,
        code,
        items: items.length,
      });
    }
    for (const item of items) item.reject(error);
  }

  #transaction(items: readonly Item[]): void {
    const { connection, mirrors } = this.#options;
    const answers: unknown[] = [];
    let unindexed: number;
    try {
      connection.sql('BEGIN IMMEDIATE').run();
      const clock = connection.sql('SELECT now, unindexed, indexed_through FROM clock WHERE id = 1').get() as Clock;
      const batch: Batch = {
        now: Math.max(this.#options.now(), clock.now),
        indexedThrough: clock.indexed_through,
        totals: new TotalDeltas(),
        inserted: 0,
      };
      for (const mirror of mirrors) mirror.begin(batch);
      for (const item of items) answers.push(item.run(batch));
      unindexed = this.#finish(batch);
      connection.sql('COMMIT').run();
    } catch (error) {
      connection.rollback();
      for (const mirror of mirrors) mirror.rolledBack();
      throw error;
    }
    for (const mirror of mirrors) mirror.committed();
    items.forEach((item, i) => {
      item.resolve(answers[i] as never);
    });
    this.#options.afterCommit(unindexed);
  }

  #finish(batch: Batch): number {
    const { connection } = this.#options;
    for (const total of batch.totals.values()) {
      connection
        .sql(ADD_TOTAL)
        .run(total.application, total.day, total.mode, total.channel, total.country, total.kind, total.count);
    }
    const row = connection
      .sql('UPDATE clock SET now = ?, unindexed = unindexed + ? WHERE id = 1 RETURNING unindexed')
      .get(batch.now, batch.inserted) as { unindexed: number };
    return row.unindexed;
  }
}

const ADD_TOTAL = `INSERT INTO totals (application, day, mode, channel, country, kind, count) VALUES (?, ?, ?, ?, ?, ?, ?)
  ON CONFLICT DO UPDATE SET count = count + excluded.count`;
