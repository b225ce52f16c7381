import { unpackEntry, type Entry } from './entries.ts';
import type { Parts } from './parts.ts';
import { glance } from './short-record.ts';
import type { ReadEntry } from './streams.ts';

/** An entry as it was read, and what is in it; null for one that says nothing. */
export interface Unpacked {
  readonly read: ReadEntry;
  readonly entry: Entry | null;
}

/** How long an entry waits that names what Redis lost, ms, and how many may wait. */
const WAIT_MS = 86_400_000;
const MOST = 10_000;

/**
 * Entries that name a frame which Redis does not have any more, after a flush that nobody was told of. They hold up no others and wait
 * until an instance that knows the frame has written it again; what nobody wrote for a day, or is the oldest of too many, is given up:
 * Redis cannot read such a verification either.
 */
export class Aside {
  readonly #parts: Parts;
  readonly #waiting = new Map<string, ReadEntry>();

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** What waits, oldest first. */
  waiting(): readonly ReadEntry[] {
    return [...this.#waiting.values()];
  }

  /** What of a batch can be read; the rest is put aside. */
  async readable(batch: readonly ReadEntry[]): Promise<readonly Unpacked[]> {
    const unpacked = batch.map((read): Unpacked => ({ read, entry: unpackEntry(read.entry, read.shard) }));
    const known = await Promise.all(unpacked.map(({ entry }) => this.#isReadable(entry)));
    const before = this.#waiting.size;
    for (const [at, read] of batch.entries()) {
      if (known[at] === true) this.#waiting.delete(placeOf(read));
      else this.#waiting.set(placeOf(read), read);
    }
    if (this.#waiting.size > before) {
      const detail = 'Redis lost what these records have in common; they wait until it is written again.';
      this.#parts.log({ event: 'recorder.put_aside', level: 'error', entries: this.#waiting.size, detail });
    }
    return unpacked.filter((_, at) => known[at]);
  }

  /** Takes away what waited too long; the caller acknowledges it. */
  async givenUp(): Promise<readonly ReadEntry[]> {
    if (this.#waiting.size === 0) return [];
    const keepFrom = (await this.#parts.clock.now()) - WAIT_MS;
    const tooMany = this.#waiting.size - MOST;
    const given = this.waiting().filter((read, at) => at < tooMany || writtenAt(read) <= keepFrom);
    for (const read of given) this.#waiting.delete(placeOf(read));
    if (given.length > 0) {
      const detail = 'Redis lost what these records have in common, and nobody wrote it again: they are not recorded.';
      this.#parts.log({ event: 'recorder.gave_up', level: 'error', entries: given.length, detail });
    }
    return given;
  }

  async #isReadable(entry: Entry | null): Promise<boolean> {
    if (entry?.type !== 'commit') return true;
    return (await this.#parts.frames.find(glance(entry.stored.state).frame)) !== null;
  }
}

function placeOf({ shard, entry }: ReadEntry): string {
  return `${shard} ${entry[0].toString()}`;
}

/** The first half of an entry's id is the server's time, epoch ms. */
function writtenAt({ entry }: ReadEntry): number {
  return Number(entry[0].toString().split('-', 1)[0]);
}
