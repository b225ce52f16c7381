import type { RawEntry } from './entries.ts';
import { SHARDS } from './keys.ts';
import type { Parts } from './parts.ts';

/** Who reads the streams: the records and the queue. An entry goes once both have it. */
export const GROUPS = ['recorder', 'feeder'] as const;
export type Group = (typeof GROUPS)[number];

/** One entry and where it came from. */
export interface ReadEntry {
  readonly shard: string;
  readonly entry: RawEntry;
}

const PER_SHARD = 64;
const FORGET_CONSUMER_MS = 3_600_000;

type Reply = readonly (readonly [stream: Buffer, entries: readonly RawEntry[]])[] | null;

/** One process's place in one consumer group over all shards. */
export class StreamReader {
  readonly #parts: Parts;
  readonly #group: Group;
  #consumer: Promise<string> | null = null;

  constructor(parts: Parts, group: Group) {
    this.#parts = parts;
    this.#group = group;
  }

  /** New entries of all shards; each goes to one reader of the group. */
  async read(): Promise<readonly ReadEntry[]> {
    return this.#fromAll(async (stream, consumer) => {
      const reply = await this.#call(
        'XREADGROUP',
        'GROUP',
        this.#group,
        consumer,
        'COUNT',
        PER_SHARD,
        'STREAMS',
        stream,
        '>',
      );
      return (reply as Reply)?.[0]?.[1] ?? [];
    });
  }

  /** Entries that another reader took this long ago and never finished: it died. */
  async takeOver(idleMs: number): Promise<readonly ReadEntry[]> {
    return this.#fromAll(async (stream, consumer) => {
      const reply = await this.#call('XAUTOCLAIM', stream, this.#group, consumer, idleMs, '0', 'COUNT', PER_SHARD);
      return (reply as [Buffer, RawEntry[]])[1];
    });
  }

  async acknowledge(entries: readonly ReadEntry[]): Promise<void> {
    const byShard = grouped(entries);
    await Promise.all(
      [...byShard].map(([shard, ids]) => this.#call('XACK', this.#parts.keys.stream(shard), this.#group, ...ids)),
    );
  }

  /** Lets go of readers that are long dead and hold nothing. */
  async forgetDead(): Promise<void> {
    await Promise.all(
      SHARDS.map(async (shard) => {
        const stream = this.#parts.keys.stream(shard);
        for (const fields of (await this.#call('XINFO', 'CONSUMERS', stream, this.#group)) as unknown[][]) {
          const { name, pending, idle } = named(fields);
          if (Number(pending) > 0 || Number(idle) < FORGET_CONSUMER_MS) continue;
          await this.#call('XGROUP', 'DELCONSUMER', stream, this.#group, String(name));
        }
      }),
    );
  }

  async #fromAll(
    read: (stream: string, consumer: string) => Promise<readonly RawEntry[]>,
  ): Promise<readonly ReadEntry[]> {
    const consumer = await this.#joined();
    try {
      const lists = await Promise.all(SHARDS.map((shard) => read(this.#parts.keys.stream(shard), consumer)));
      return lists.flatMap((entries, at) => entries.map((entry) => ({ shard: SHARDS[at] ?? '', entry })));
    } catch (error) {
      // The server was restarted empty: the groups are made again.
      if (isMissing(error)) this.#consumer = null;
      throw error;
    }
  }

  #joined(): Promise<string> {
    this.#consumer ??= this.#join();
    this.#consumer.catch(() => (this.#consumer = null));
    return this.#consumer;
  }

  async #join(): Promise<string> {
    await ensureGroups(this.#parts);
    return `r${Number(await this.#call('INCR', this.#parts.keys.readers()))}`;
  }

  #call(command: string, ...values: (string | number | Buffer)[]): Promise<unknown> {
    return this.#parts.client.call(command, ...values);
  }
}

/** Makes both groups on every shard, from the first entry on; fine when they are there. */
async function ensureGroups({ client, keys }: Parts): Promise<void> {
  const made = SHARDS.flatMap((shard) =>
    GROUPS.map((group) =>
      client.call('XGROUP', 'CREATE', keys.stream(shard), group, '0', 'MKSTREAM').catch((error: unknown) => {
        if (!causeText(error).startsWith('BUSYGROUP')) throw error;
      }),
    ),
  );
  await Promise.all(made);
}

/** Deletes what both groups have finished from these shards' streams. */
export async function trimStreams(parts: Parts, shards: Iterable<string>): Promise<void> {
  await Promise.all(
    [...shards].map(async (shard) => {
      const unfinished = await Promise.all(GROUPS.map((group) => firstUnfinished(parts, shard, group)));
      const keepFrom = unfinished.reduce((a, b) => (isBefore(a, b) ? a : b));
      await parts.client.call('XTRIM', parts.keys.stream(shard), 'MINID', keepFrom);
    }),
  );
}

/** The id from which on a group may have entries to finish; all before it are. */
export async function firstUnfinished({ client, keys }: Parts, shard: string, group: Group): Promise<string> {
  const stream = keys.stream(shard);
  try {
    // In this order: what is delivered in between counts as pending.
    const groups = (await client.call('XINFO', 'GROUPS', stream)) as unknown[][];
    const [count, first] = (await client.call('XPENDING', stream, group)) as [number, Buffer | null];
    const known = groups.map(named).find(({ name }) => String(name) === group);
    const undelivered = after(String(known?.['last-delivered-id'] ?? '0-0'));
    return count > 0 && isBefore(String(first), undelivered) ? String(first) : undelivered;
  } catch (error) {
    if (isMissing(error)) return '0-0';
    throw error;
  }
}

function grouped(entries: readonly ReadEntry[]): Map<string, Buffer[]> {
  const byShard = new Map<string, Buffer[]>();
  for (const { shard, entry } of entries) byShard.set(shard, [...(byShard.get(shard) ?? []), entry[0]]);
  return byShard;
}

function named(fields: unknown[]): Record<string, unknown> {
  const values: Record<string, unknown> = {};
  for (let i = 0; i + 1 < fields.length; i += 2) values[String(fields[i])] = fields[i + 1];
  return values;
}

function after(id: string): string {
  const [ms = '0', seq = '0'] = id.split('-');
  return `${ms}-${Number(seq) + 1}`;
}

function isBefore(a: string, b: string): boolean {
  const [[aMs = 0, aSeq = 0], [bMs = 0, bSeq = 0]] = [a.split('-').map(Number), b.split('-').map(Number)];
  return aMs === bMs ? aSeq < bSeq : aMs < bMs;
}

/** No such group, or no such stream: nobody read it yet, or the server was restarted empty. */
function isMissing(error: unknown): boolean {
  return /^(NOGROUP|ERR no such key)/.test(causeText(error));
}

function causeText(error: unknown): string {
  const cause = error instanceof Error ? error.cause : null;
  return cause instanceof Error ? cause.message : '';
}
