import type { Send } from '../../core/verification.ts';
import type { BackgroundTask } from '../../ports/store.ts';
import { elapsedMs } from './elapsed.ts';
import { unpackEntry } from './entries.ts';
import { loop } from './loop.ts';
import type { Parts } from './parts.ts';
import type { WakeUp, WakeUps } from './queue.ts';
import { StreamReader, trimStreams, type ReadEntry } from './streams.ts';

const IDLE_MS = 50;
const AWAY_MS = 1_000;
const TAKE_OVER_EVERY_MS = 5_000;
const TAKE_OVER_MS = 10_000;
const OWNER_EXTRA_MS = 3_600_000;
/** A job of a settled send may still run: it finds at once that there is nothing to do. */
const SETTLED_MS = 10_000;

/**
 * Carries every send of the streams to the queue, acknowledged only once it is there: a start that was answered is delivered
 * even when the feeder dies. A wake-up that comes twice finds the send taken.
 */
export class Feeder {
  readonly #parts: Parts;
  readonly #queue: WakeUps;
  readonly #reader: StreamReader;
  readonly #takeOverMs: number;
  #held: readonly ReadEntry[] = [];

  constructor(parts: Parts, queue: WakeUps, { takeOverMs = TAKE_OVER_MS }: { readonly takeOverMs?: number } = {}) {
    this.#parts = parts;
    this.#queue = queue;
    this.#takeOverMs = takeOverMs;
    this.#reader = new StreamReader(parts, 'feeder');
  }

  get task(): BackgroundTask {
    return { name: 'feeder', run: (signal) => this.#run(signal) };
  }

  /** Feeds what nobody has taken yet; returns how many entries that were. */
  async step(): Promise<number> {
    if (this.#held.length === 0) this.#held = await this.#reader.read();
    const entries = this.#held;
    await this.#feed(entries);
    this.#held = [];
    return entries.length;
  }

  /** Feeds what dead feeders left behind. */
  async takeOver(): Promise<number> {
    const entries = await this.#reader.takeOver(this.#takeOverMs);
    await this.#feed(entries);
    return entries.length;
  }

  async #run(signal: AbortSignal): Promise<void> {
    let tookOverAt = Number.NEGATIVE_INFINITY;
    await loop(signal, this.#parts.log, { name: 'feeder', idleMs: IDLE_MS, awayMs: AWAY_MS }, async () => {
      if (elapsedMs() - tookOverAt > TAKE_OVER_EVERY_MS) {
        tookOverAt = elapsedMs();
        await this.takeOver();
      }
      return this.step();
    });
  }

  async #feed(entries: readonly ReadEntry[]): Promise<void> {
    if (entries.length === 0) return;
    const now = await this.#parts.clock.now();
    const wakeUps = (await Promise.all(entries.map((read) => this.#wakeUps(read, now)))).flat();
    if (wakeUps.length > 0) await this.#queue.add(wakeUps);
    await this.#reader.acknowledge(entries);
    await trimStreams(this.#parts, new Set(entries.map(({ shard }) => shard)));
  }

  async #wakeUps({ shard, entry }: ReadEntry, now: number): Promise<WakeUp[]> {
    const commit = unpackEntry(entry, shard);
    if (commit?.type !== 'commit') return [];
    const wakeUps = await Promise.all(commit.sends.map(([send, dueAt]) => this.#wakeUp(send, dueAt, now)));
    return wakeUps.filter((wakeUp) => wakeUp !== null);
  }

  /** Notes whose a send is, so that its id alone finds it. */
  async #wakeUp(send: Send, dueAt: number | null, now: number): Promise<WakeUp | null> {
    const { client, keys } = this.#parts;
    const keepMs = Math.max(0, send.deadlineAt - now) + OWNER_EXTRA_MS;
    if (dueAt === null) {
      await client.call('SET', keys.sendOwner(send.id), '', 'PX', SETTLED_MS, 'XX');
      return null;
    }
    await client.call('SET', keys.sendOwner(send.id), send.verification, 'PX', keepMs);
    // The job that is settling the send still has its name: going round again needs another.
    const name = dueAt === send.createdAt ? send.id : `${send.id}-${dueAt}`;
    return { name, sendId: send.id, delayMs: dueAt - now };
  }
}
