import type { RecordedCommit, RecordedRefusal } from '../../ports/recording.ts';
import type { BackgroundTask } from '../../ports/store.ts';
import { Aside } from './aside.ts';
import { elapsedMs } from './elapsed.ts';
import { recordedCommit, unpackEntry, verificationOf, type CommitEntry, type Entry, type RawEntry } from './entries.ts';
import { SHARDS, shardOf } from './keys.ts';
import { loop } from './loop.ts';
import type { Parts } from './parts.ts';
import { firstUnfinished, StreamReader, trimStreams, type ReadEntry } from './streams.ts';

/** Commits per transaction of the database. */
const BATCH = 500;
const PAGE = 500;
const IDLE_MS = 100;
const AWAY_MS = 1_000;
const TAKE_OVER_EVERY_MS = 5_000;
/** A reader that held an entry for this long has died: a batch takes seconds at most. */
const TAKE_OVER_MS = 30_000;
const MOST_DRAIN_MS = 2_000;
const FORGET_EVERY_MS = 600_000;
const DAY_MS = 86_400_000;
/** How long Redis keeps a record after its end when the records have it, and the spread that parts the deletions. */
const MARGIN_MS = 60_000;
const JITTER_MS = 30_000;

export interface RecorderOptions {
  /** How long another reader must have held an entry to count as dead, ms. */
  readonly takeOverMs?: number;
}

/**
 * Moves the streams into the records: in batches, each event once (the sink knows its id), acknowledged only after it is
 * written. Any number may run; what one held when it died is taken over by another. While the database is away a batch waits
 * in memory and the rest in Redis.
 */
export class Recorder {
  readonly #parts: Parts;
  readonly #reader: StreamReader;
  readonly #takeOverMs: number;
  #held: readonly ReadEntry[] = [];
  readonly #aside: Aside;
  #running: Promise<unknown> = Promise.resolve();

  constructor(parts: Parts, { takeOverMs = TAKE_OVER_MS }: RecorderOptions = {}) {
    this.#parts = parts;
    this.#aside = new Aside(parts);
    this.#takeOverMs = takeOverMs;
    this.#reader = new StreamReader(parts, 'recorder');
  }

  get task(): BackgroundTask {
    return { name: 'recorder', run: (signal) => this.#run(signal) };
  }

  /**
   * Records what nobody has taken yet, so that a look at the records is as new as this call; for two seconds at most, after which the
   * look is a little old.
   */
  async drain(): Promise<void> {
    const endsAt = elapsedMs() + MOST_DRAIN_MS;
    while ((await this.step()) > 0 && elapsedMs() < endsAt);
  }

  /** Records one batch and returns how many entries it had. Throws when the database is away; the batch is tried again. */
  step(): Promise<number> {
    const next = this.#running.then(() => this.#step());
    this.#running = next.catch(() => undefined);
    return next;
  }

  /** Records what dead readers left behind, and what was put aside and can be read again. Returns how many entries were left behind. */
  async takeOver(): Promise<number> {
    const entries = await this.#reader.takeOver(this.#takeOverMs);
    await this.#record(entries);
    await this.#record(this.#aside.waiting());
    const given = await this.#aside.givenUp();
    await this.#reader.acknowledge(given);
    await this.#trim(given);
    return entries.length;
  }

  /** Records what one verification has in its stream, whoever holds it: offering it twice changes nothing. What was recorded long ago, and perhaps purged, is not offered again. */
  catchUp(verification: string): Promise<void> {
    return this.#offer(shardOf(verification), verification);
  }

  /** The same for every verification: afterwards the records know everything that was committed before this call. */
  async catchUpAll(): Promise<void> {
    for (const shard of SHARDS) await this.#offer(shard, null);
  }

  async #offer(shard: string, verification: string | null): Promise<void> {
    const { client, keys, sql } = this.#parts;
    const stream = keys.stream(shard);
    let from = await firstUnfinished(this.#parts, shard, 'recorder');
    for (;;) {
      const page = (await client.call('XRANGE', stream, from, '+', 'COUNT', PAGE)) as RawEntry[];
      const entries = page
        .filter((entry) => verification === null || verificationOf(entry) === verification)
        .map((entry) => unpackEntry(entry, stream));
      const { commits } = await this.#contents(entries);
      if (commits.length > 0) await sql.sink.record(commits, []);
      const last = page.at(-1);
      if (page.length < PAGE || last === undefined) return;
      from = `(${last[0].toString()}`;
    }
  }

  async #run(signal: AbortSignal): Promise<void> {
    let [tookOverAt, forgotAt] = [Number.NEGATIVE_INFINITY, elapsedMs()];
    await loop(signal, this.#parts.log, { name: 'recorder', idleMs: IDLE_MS, awayMs: AWAY_MS }, async () => {
      if (elapsedMs() - tookOverAt > TAKE_OVER_EVERY_MS) {
        tookOverAt = elapsedMs();
        await this.takeOver();
      }
      if (elapsedMs() - forgotAt > FORGET_EVERY_MS) {
        forgotAt = elapsedMs();
        await this.#reader.forgetDead();
      }
      return this.step();
    });
  }

  async #step(): Promise<number> {
    if (this.#held.length === 0) this.#held = await this.#reader.read();
    const entries = this.#held;
    await this.#record(entries);
    this.#held = [];
    return entries.length;
  }

  async #record(read: readonly ReadEntry[]): Promise<void> {
    for (let i = 0; i < read.length; i += BATCH) {
      const batch = await this.#aside.readable(read.slice(i, i + BATCH));
      const { commits, refusals } = await this.#contents(batch.map(({ entry }) => entry));
      await this.#parts.sql.sink.record(commits, refusals);
      await this.#letGo(commits);
      await this.#reader.acknowledge(batch.map(({ read: taken }) => taken));
    }
    await this.#trim(read);
  }

  async #trim(read: readonly ReadEntry[]): Promise<void> {
    if (read.length > 0) await trimStreams(this.#parts, new Set(read.map(({ shard }) => shard)));
  }

  async #contents(
    entries: readonly (Entry | null)[],
  ): Promise<{ readonly commits: readonly RecordedCommit[]; readonly refusals: readonly RecordedRefusal[] }> {
    const commits = entries.filter((entry) => entry?.type === 'commit');
    const refusals = entries.flatMap((entry) => (entry?.type === 'refusal' ? [entry.refusal] : []));
    return { commits: await Promise.all(commits.map((entry) => this.#commitOf(entry))), refusals };
  }

  /** An entry that leaves out the sealed address does so because the records have it. */
  async #commitOf(entry: CommitEntry): Promise<RecordedCommit> {
    const { frames, sql } = this.#parts;
    const whole = entry.partial ? (await sql.verifications.get(entry.verification)).record : null;
    return recordedCommit(frames, entry, whole);
  }

  /** What the records have now, Redis keeps only as long as it is needed there. */
  async #letGo(commits: readonly RecordedCommit[]): Promise<void> {
    const { client, keys, clock } = this.#parts;
    const newest = new Map<string, RecordedCommit['record']>();
    for (const { record } of commits) {
      if ((newest.get(record.id)?.version ?? 0) < record.version) newest.set(record.id, record);
    }
    const now = await clock.now();
    await Promise.all(
      [...newest.values()].map((record) => {
        const end = record.digest === null ? now : Math.max(now, record.dueAt ?? record.expiresAt);
        const keepMs = end - now + MARGIN_MS + (record.createdAt % JITTER_MS);
        return client.run(
          'recorded',
          [keys.record(record.id), keys.long(record.id)],
          [record.version, keepMs, keepMs + DAY_MS],
        );
      }),
    );
  }
}
