import { WatchwordError } from '../../../core/errors.ts';
import type { LogEvent } from '../../../ports/environment.ts';
import type { StoreClock } from './clock.ts';
import type { Dialect } from './dialect.ts';
import { faultOf, unavailable } from './faults.ts';
import { load, type Loaded, type Needs } from './load.ts';
import { Pool } from './pool.ts';
import { transact } from './transactions.ts';
import { Work } from './work.ts';
import { writeWork } from './write.ts';

const MAX_BATCH = 128;
/** Items of one batch whose locked rows are waited for; with more, something holds the tables, and nobody waits longer. */
const MOST_HELD = 2;

/** Answered by an item that must see what an earlier one of its batch wrote: it is run in the next batch. */
export const LATER = Symbol('later');

/** One caller's request: which rows decide it, and the decision. */
export interface Item<Answer> {
  readonly needs: Needs;
  /** Decides on loaded rows alone. It checks everything before it changes `work`; throwing takes only itself down. */
  readonly run: (work: Work) => Answer | typeof LATER;
}

interface Entry {
  readonly item: Item<unknown>;
  readonly resolve: (answer: never) => void;
  readonly reject: (error: WatchwordError) => void;
}

/** What an item came to, not yet told to anybody. */
type Outcome =
  { readonly type: 'answer'; readonly answer: unknown } | { readonly type: 'error'; readonly error: unknown };

export interface WriterOptions {
  readonly dialect: Dialect;
  readonly clock: StoreClock;
  readonly log: (event: LogEvent) => void;
  /** Items per transaction; fewer only in measurements. */
  readonly maxBatch?: number;
}

/**
 * Group commit: everything asked for in one turn of the event loop, and while the batch before is on its way, goes out as
 * one transaction on one connection and is answered after its COMMIT. An item that cannot be done takes only itself down.
 */
export class Writer {
  readonly #options: WriterOptions;
  readonly #pool: Pool;
  #queue: Entry[] = [];
  #running: Promise<void> | null = null;
  #closed = false;
  #fault: WatchwordError | null = null;

  constructor(options: WriterOptions) {
    this.#options = options;
    this.#pool = new Pool(options.dialect, 1);
  }

  /** Why the last write failed; null when it worked. */
  get fault(): WatchwordError | null {
    return this.#fault;
  }

  /** Runs the item in the next transaction. Rejects with its own error or with `unavailable`. */
  write<Answer>(item: Item<Answer>): Promise<Answer> {
    if (this.#closed) return Promise.reject(new WatchwordError('unavailable', 'The store is closed.'));
    return new Promise<Answer>((resolve, reject) => {
      this.#queue.push({ item, resolve: resolve as (answer: never) => void, reject });
      this.#running ??= this.#start();
    });
  }

  /** Waits for what was asked for, then takes nothing more. */
  async close(): Promise<void> {
    this.#closed = true;
    await this.#running;
    this.#pool.close();
  }

  async #start(): Promise<void> {
    while (this.#queue.length > 0) {
      await new Promise((resolve) => setImmediate(resolve));
      await this.#commit(this.#queue.splice(0, this.#options.maxBatch ?? MAX_BATCH));
    }
    this.#running = null;
  }

  async #commit(batch: readonly Entry[]): Promise<void> {
    const error = await this.#attempt(batch);
    if (error === null) return;
    if (batch.length === 1 || !this.#isAboutOne(error)) this.#refuse(batch, error);
    else await this.#oneByOne(batch);
  }

  /** After an error that may be one item's alone: whose it was finds out, its neighbours are written. */
  async #oneByOne(batch: readonly Entry[]): Promise<void> {
    let held = 0;
    for (const [at, entry] of batch.entries()) {
      const error = await this.#attempt([entry]);
      if (error === null) continue;
      const isHeld = faultOf(this.#options.dialect, error).kind === 'held';
      if (isHeld) held++;
      if (held === MOST_HELD || !this.#isAboutOne(error)) return this.#refuse(batch.slice(at), error, true);
      this.#refuse([entry], error);
    }
  }

  /** Writes the batch in one transaction; null, or why it could not be. */
  async #attempt(batch: readonly Entry[]): Promise<unknown> {
    const { dialect } = this.#options;
    try {
      const needs = batch.map(({ item }) => item.needs);
      const parts = { dialect, pool: this.#pool, waitsAgain: batch.length === 1 };
      const outcomes = await transact(parts, async (session, begun) => {
        const [databaseNow, loaded] = await Promise.all([begun, load(session, needs)]);
        const { work, outcomes } = decide(batch, loaded, this.#options.clock.at(databaseNow));
        await writeWork(session, work);
        return outcomes;
      });
      this.#fault = null;
      this.#tell(batch, outcomes);
      return null;
    } catch (error) {
      return error ?? new Error('no reason given');
    }
  }

  #isAboutOne(error: unknown): boolean {
    return ['item', 'again', 'held'].includes(faultOf(this.#options.dialect, error).kind);
  }

  #tell(batch: readonly Entry[], outcomes: readonly Outcome[]): void {
    const later: Entry[] = [];
    batch.forEach((entry, i) => {
      const outcome = outcomes[i];
      if (outcome?.type === 'error') entry.reject(unavailable(this.#options.dialect, outcome.error));
      else if (outcome?.answer === LATER) later.push(entry);
      else entry.resolve(outcome?.answer as never);
    });
    this.#queue.unshift(...later);
  }

  /** When the database is at fault, what waited meanwhile is refused too: each call has an answer within five seconds. */
  #refuse(batch: readonly Entry[], cause: unknown, isDatabase = !this.#isAboutOne(cause)): void {
    const { dialect, log } = this.#options;
    const error = unavailable(dialect, cause);
    const entries = isDatabase ? [...batch, ...this.#queue.splice(0)] : batch;
    if (isDatabase) this.#fault = error;
    const { code } = faultOf(dialect, cause);
    log({ event: 'store.write_failed', level: 'error', reason: error.message, code, items: entries.length });
    for (const entry of entries) entry.reject(error);
  }
}

/** Lets each item decide in turn. One that throws is taken out, and what it may have left with it. */
function decide(
  batch: readonly Entry[],
  loaded: Loaded,
  now: number,
): { readonly work: Work; readonly outcomes: readonly Outcome[] } {
  const errors = new Map<Entry, Outcome>();
  for (;;) {
    const work = new Work(loaded, now);
    const before = errors.size;
    const outcomes = batch.map((entry) => errors.get(entry) ?? outcomeOf(entry, work, errors));
    if (errors.size === before) return { work, outcomes };
  }
}

function outcomeOf(entry: Entry, work: Work, errors: Map<Entry, Outcome>): Outcome {
  try {
    return { type: 'answer', answer: entry.item.run(work) };
  } catch (error) {
    const outcome: Outcome = { type: 'error', error };
    errors.set(entry, outcome);
    return outcome;
  }
}
