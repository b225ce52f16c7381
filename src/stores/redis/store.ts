import { WatchwordError } from '../../core/errors.ts';
import type { LogEvent } from '../../ports/environment.ts';
import type { Store, StoreHealth } from '../../ports/store.ts';
import { parseRedisUrl, type RedisAddress } from './address.ts';
import { connectRedis, type RedisClient } from './client.ts';
import { Clock } from './clock.ts';
import { createDestinationCounts } from './destinations.ts';
import { inspectServer, replicationOf, type Durability } from './durability.ts';
import { unavailable } from './faults.ts';
import { Feeder } from './feeder.ts';
import { Frames } from './frames.ts';
import { createIdempotency } from './idempotency.ts';
import { infoOf, isPrimary, writesRefused } from './info.ts';
import { Keys } from './keys.ts';
import { createOutbox } from './outbox.ts';
import type { Parts, RecordStore } from './parts.ts';
import { createWakeUps, type WakeUps } from './queue.ts';
import { Recorder } from './recorder.ts';
import { createRecords } from './records.ts';
import { refuseMissingRights } from './rights.ts';
import { rememberingSettings } from './settings.ts';
import { createVerificationStore } from './verifications.ts';

export interface RedisOptions {
  /** `redis://…`, `rediss://…`, or `redis://h1,h2,h3?cluster=1`; a node of a cluster is recognised. */
  readonly url: string;
  /** Keeps the records and the settings; closed with this store. */
  readonly sql: RecordStore;
  /** Replaces the server's time (tests), epoch ms. */
  readonly now?: () => number;
  /** The host's clock, compared with the server's for readiness. */
  readonly hostNow?: () => number;
  readonly log?: (event: LogEvent) => void;
  readonly durability?: Durability;
  /** Begins every key; stores of different prefixes share nothing. */
  readonly prefix?: string;
}

/**
 * Verdicts in Redis 6.2 or newer, Valkey or a cluster of either; records and settings in a database. Throws `unavailable`, with
 * the cure, when the server cannot be reached or cannot keep the promises (see {@link Durability}).
 */
export async function openRedisStore(options: RedisOptions): Promise<Store> {
  const address = parseRedisUrl(options.url);
  if (address === null)
    throw new WatchwordError('unavailable', 'The Redis URL is not of the form redis://host:port/0.');
  const client = await connectRedis(address);
  try {
    const facts = await inspectServer(client, options.durability ?? 'strict');
    const parts = partsOf(client, options, replicationOf(client, facts));
    await refuseMissingRights(client, parts.keys);
    return storeOn(parts, address);
  } catch (error) {
    await client.close();
    throw unavailable(error);
  }
}

function partsOf(client: RedisClient, options: RedisOptions, replicated: () => Promise<void>): Parts {
  const { sql, now = null, hostNow = hostClock, log = ignore, prefix = 'ww' } = options;
  const keys = new Keys(prefix);
  const clock = new Clock({ client, now, hostNow });
  return { client, keys, frames: new Frames(client, keys), clock, sql, log, replicated };
}

function storeOn(parts: Parts, address: RedisAddress): Store {
  const { sql, log, keys } = parts;
  const recorder = new Recorder(parts);
  const queue = createWakeUps({ address, prefix: keys.prefix, log });
  const feeder = new Feeder(parts, queue);
  return {
    verifications: createVerificationStore(parts, recorder),
    outbox: createOutbox(parts),
    records: createRecords(parts, recorder),
    ...rememberingSettings(parts, recorder),
    idempotency: createIdempotency(parts),
    inbox: sql.inbox,
    destinations: createDestinationCounts(parts),
    queue,
    tasks: [recorder.task, feeder.task],
    health: () => health(parts),
    close: () => close(parts, queue),
  };
}

/** Ready while Redis is: without the database verifications go on, and only looking things up does not. */
async function health({ client, clock, sql }: Parts): Promise<StoreHealth> {
  try {
    const [replies, clockBehindMs, clockSkewMs] = await Promise.all([
      client.onPrimaries('INFO'),
      clock.behindMs(),
      clock.skewMs(),
    ]);
    const infos = replies.map((reply) => infoOf(String(reply)));
    const refusal = infos.every(isPrimary)
      ? infos.map(writesRefused).find((reason) => reason !== null)
      : 'The Redis server became a read-only replica.';
    if (refusal !== undefined) throw new WatchwordError('unavailable', refusal);
    const records = await sql.health();
    return { ok: true, reason: records.ok ? null : `Records: ${records.reason ?? ''}`, clockBehindMs, clockSkewMs };
  } catch (error) {
    return { ok: false, reason: unavailable(error).message, clockBehindMs: 0, clockSkewMs: null };
  }
}

async function close({ client, sql }: Parts, queue: WakeUps): Promise<void> {
  await queue.close();
  await client.close();
  await sql.close();
}

function hostClock(): number {
  // oxlint-disable-next-line no-restricted-properties -- the host clock enters the store here and nowhere else
  return Date.now();
}

function ignore(): void {}
