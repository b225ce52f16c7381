import { WatchwordError } from '../../core/errors.ts';
import type { Hit, LimitName } from '../../core/limits.ts';
import type { LogEvent } from '../../ports/environment.ts';
import type { Store } from '../../ports/store.ts';
import type { VerificationStore } from '../../ports/verification-store.ts';
import { parseRedisUrl, type RedisAddress } from './address.ts';
import { connectRedis, type RedisClient } from './client.ts';
import { elapsedMs } from './elapsed.ts';
import { unavailable } from './faults.ts';
import { Keys } from './keys.ts';
import { takeHits, type Taken } from './limits.ts';

/** Rates that may be counted beside the database. Losing them opens no cap on messages or money. */
const BESIDE: readonly LimitName[] = ['signal_ip', 'hosted_ip', 'key_starts'];
/** After a failure Redis is not asked for this long: a start must not wait for it each time. */
const AWAY_MS = 1_000;
/** A start waits for these counts this long at most; then they are counted in the commit, and too much in Redis at worst. */
const MOST_WAIT_MS = 500;

export interface RedisCounterOptions {
  readonly url: string;
  readonly log?: (event: LogEvent) => void;
  readonly prefix?: string;
}

/** Rates in Redis. */
export interface RedisCounters {
  /** Reserves all hits or none; throws `unavailable` when Redis is away, having counted too much at worst. */
  take(hits: readonly Hit[], now: number): Promise<Taken>;
  close(): Promise<void>;
}

/** Counters in Redis, connected in the background: a server that is away now is used once it is there. */
export function createRedisCounters({ url, log, prefix = 'ww' }: RedisCounterOptions): RedisCounters {
  const address = parseRedisUrl(url);
  if (address === null)
    throw new WatchwordError('unavailable', 'The Redis URL is not of the form redis://host:port/0.');
  const connection = new Connection(address, log);
  const keys = new Keys(`${prefix}c`);
  return {
    take: (hits, now) => connection.use((client) => takeHits({ client, keys }, { take: hits, sends: [] }, now)),
    close: () => connection.close(),
  };
}

/**
 * A store whose rates by IP address and by key are counted in Redis, before the commit that they guard; everything else stays
 * in that commit. While Redis is away they are counted in the commit too, so nothing opens.
 */
export function withRedisCounters(store: Store, counters: RedisCounters): Store {
  const { verifications } = store;
  return {
    ...store,
    verifications: { ...verifications, insert: inserting(verifications, counters) },
    close: async () => void (await Promise.all([store.close(), counters.close()])),
  };
}

function inserting(verifications: VerificationStore, counters: RedisCounters): VerificationStore['insert'] {
  return async (record, changes) => {
    const beside = changes.take.filter(({ name }) => BESIDE.includes(name));
    if (beside.length === 0) return verifications.insert(record, changes);
    // The store's time stamped the record a moment ago.
    const taken = await counters.take(beside, record.createdAt).catch(() => null);
    if (taken === null) return verifications.insert(record, changes);
    if (taken.type === 'refused') return taken;
    const rest = changes.take.filter((hit) => !beside.includes(hit));
    // When this throws nobody knows whether it was written: what is counted stays counted.
    const outcome = await verifications.insert(record, { ...changes, take: rest });
    if (outcome.type !== 'inserted') await taken.reservation.giveBack();
    return outcome;
  };
}

/** A connection that is made when it can be, and left alone for a moment after a failure. */
class Connection {
  readonly #address: RedisAddress;
  readonly #log: (event: LogEvent) => void;
  #client: RedisClient | null = null;
  #connecting: Promise<void> | null = null;
  #awayUntil = Number.NEGATIVE_INFINITY;
  #closed = false;

  constructor(address: RedisAddress, log: (event: LogEvent) => void = () => undefined) {
    this.#address = address;
    this.#log = log;
    this.#connect();
  }

  async use<T>(work: (client: RedisClient) => Promise<T>): Promise<T> {
    if (elapsedMs() < this.#awayUntil) throw unavailable(new Error('Connection is closed.'));
    try {
      return await within(MOST_WAIT_MS, this.#work(work));
    } catch (error) {
      this.#awayUntil = elapsedMs() + AWAY_MS;
      this.#log({ event: 'redis.counters_away', level: 'warn', detail: unavailable(error).message });
      throw error;
    }
  }

  async #work<T>(work: (client: RedisClient) => Promise<T>): Promise<T> {
    if (this.#client === null) await this.#connect();
    if (this.#client === null) throw unavailable(new Error('Connection is closed.'));
    return await work(this.#client);
  }

  async close(): Promise<void> {
    this.#closed = true;
    await this.#connecting;
    await this.#client?.close();
  }

  /** Never throws; whether it worked shows in the client. */
  #connect(): Promise<void> {
    this.#connecting ??= connectRedis(this.#address)
      .then(
        (client) => {
          if (this.#closed) return client.close();
          this.#client = client;
          return undefined;
        },
        () => undefined,
      )
      .finally(() => (this.#connecting = null));
    return this.#connecting;
  }
}

/** What `work` resolves with, unless that takes longer: its outcome is then of no interest. */
async function within<T>(ms: number, work: Promise<T>): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(unavailable(new Error('timed out'))), ms);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
