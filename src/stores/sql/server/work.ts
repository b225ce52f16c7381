import { LIMITS, type Hit } from '../../../core/limits.ts';
import {
  counterName,
  failedCounts,
  failuresKeptUntil,
  hitCounter,
  isDestinationHit,
  type CounterRow,
  type Counts,
} from '../limits.ts';
import { TotalDeltas } from '../totals.ts';
import type { SqlValue } from '../verification-row.ts';
import type { ClaimedKey, DestinationRow, Loaded, Queued, Stored } from './load.ts';
import { Rows } from './rows.ts';
import { packTimes, unpackTimes, withTime } from './send-times.ts';

/** Lines of the tables, in the order of the columns that `writeWork` names. */
type Lines = SqlValue[][];

/**
 * What the items of one batch read and leave to be written. Each item sees what the ones before it decided; nothing
 * reaches the database before all have.
 */
export class Work {
  /** The store's time. */
  readonly now: number;
  readonly destinations: Rows<DestinationRow>;
  readonly counters: Rows<CounterRow>;
  readonly idempotency: Rows<ClaimedKey>;
  readonly totals = new TotalDeltas();
  readonly records: Lines = [];
  readonly states: Lines = [];
  readonly rewritten: Lines = [];
  readonly events: Lines = [];
  readonly sends: Lines = [];
  readonly settledSends: Lines = [];
  readonly leases: Lines = [];
  readonly dropped: string[] = [];
  readonly documents: Lines = [];
  readonly devices = new Map<string, number>();
  readonly answers = new Map<string, string>();
  readonly releasedKeys = new Set<string>();
  readonly #loaded: Loaded;
  readonly #subjects: Set<string>;
  readonly #written = new Set<string>();
  readonly #swapped = new Set<string>();

  constructor(loaded: Loaded, now: number) {
    this.now = now;
    this.#loaded = loaded;
    this.#subjects = new Set(loaded.subjects);
    this.destinations = new Rows(loaded.destinations);
    this.counters = new Rows(loaded.counters);
    this.idempotency = new Rows(loaded.idempotency);
  }

  /** The record as it was before the batch; see {@link Work.isWritten}. */
  stored(id: string): Stored | null {
    return this.#loaded.verifications.get(id) ?? null;
  }

  sendsOf(verification: string): readonly Queued[] {
    return this.#loaded.sends.filter((send) => send.verification === verification);
  }

  /** True when an earlier item wrote the record or its sends: what was loaded of it is no longer so. */
  isWritten(id: string): boolean {
    return this.#written.has(id);
  }

  markWritten(id: string): void {
    this.#written.add(id);
  }

  /** True when an earlier item wrote the record itself: its version is not the one that was loaded. */
  isSwapped(id: string): boolean {
    return this.#swapped.has(id);
  }

  markSwapped(id: string): void {
    this.#written.add(id);
    this.#swapped.add(id);
  }

  isTaken(subject: string): boolean {
    return this.#subjects.has(subject);
  }

  takeSubject(subject: string): void {
    this.#subjects.add(subject);
  }
}

/** What limits are decided from, in the middle of a batch. */
export function countsOf(work: Work): Counts {
  return {
    counters: (names) => found(work.counters, names),
    failures: (names) => found(work.destinations, names),
    sendTimes: (names, windowMs) =>
      found(work.destinations, names)
        .flatMap((row) => unpackTimes(row.sends))
        .filter((time) => time > work.now - windowMs)
        .toSorted((a, b) => b - a),
    adoptWindow(name, windowMs) {
      const row = work.destinations.get(name);
      if (row === null) return;
      // A longer window reaches further: its failures are kept as long.
      const keep_until = Math.max(row.keep_until, row.window_start + windowMs);
      work.destinations.set(name, { ...row, window_ms: windowMs, keep_until });
    },
  };
}

/** Counts hits that have room. Sends count by {@link addSend} and failures by {@link addFailure}. */
export function reserve(work: Work, hits: readonly Hit[]): void {
  for (const hit of hits) {
    const [key] = hit.keys;
    if (key === undefined || isDestinationHit(hit)) continue;
    const name = counterName(hit, key);
    work.counters.set(name, hitCounter(work.counters.get(name), name, hit, work.now));
  }
}

/** One more live message of a destination. `hits` are those of its commit: the window they ask for is kept. */
export function addSend(work: Work, name: string, hits: readonly Hit[]): void {
  const row = work.destinations.get(name) ?? newDestination(name);
  const hit = hits.find((taken) => taken.name === 'destination_sends' && taken.keys.includes(name));
  const sends_ms = Math.max(row.sends_ms, hit?.windowMs ?? 0);
  const times = withTime(unpackTimes(row.sends), work.now, { windowMs: sends_ms, max: hit?.max ?? 0 });
  keep(work, { ...row, sends_ms, sends: packTimes(times) });
}

/** One more failed check of a destination: in its window and in a row. */
export function addFailure(work: Work, name: string): void {
  const row = work.destinations.get(name) ?? newDestination(name);
  keep(work, { ...row, ...failedCounts(row, name, work.now) });
}

/** The destination was approved: its row of failures ends, what the window counted stays. */
export function clearFailures(work: Work, name: string): void {
  const row = work.destinations.get(name);
  if (row !== null && row.consecutive > 0) keep(work, { ...row, consecutive: 0 });
}

function keep(work: Work, row: DestinationRow): void {
  const newest = unpackTimes(row.sends).at(-1) ?? 0;
  const keep_until = Math.max(failuresKeptUntil(row, work.now), newest + row.sends_ms);
  work.destinations.set(row.name, { ...row, keep_until });
}

function newDestination(name: string): DestinationRow {
  return {
    name,
    window_start: 0,
    window_ms: LIMITS.destination_failures.windowSeconds * 1000,
    failures: 0,
    consecutive: 0,
    sends_ms: LIMITS.destination_sends.windowSeconds * 1000,
    sends: '',
    keep_until: 0,
  };
}

function found<Row>(rows: Rows<Row>, names: readonly string[]): Row[] {
  return names.map((name) => rows.get(name)).filter((row) => row !== null);
}
