import type { LogEvent } from '../../../ports/environment.ts';
import type { RecordSink } from '../../../ports/recording.ts';
import type { Migrations, Store, StoreHealth } from '../../../ports/store.ts';
import { createApplicationStore } from './applications.ts';
import { StoreClock } from './clock.ts';
import { createDestinationCounts } from './destinations.ts';
import type { Dialect } from './dialect.ts';
import { createDocuments } from './documents.ts';
import { createDirectory } from './directory.ts';
import { unavailable } from './faults.ts';
import { createIdempotency } from './idempotency.ts';
import { createInbox } from './inbox.ts';
import { createKeyStore } from './keys.ts';
import { createMigrations, refuseNewerSchema } from './migrations.ts';
import { createOutbox } from './outbox.ts';
import type { Parts } from './parts.ts';
import { PolicySnapshots } from './policy-snapshots.ts';
import { Pool } from './pool.ts';
import { Reader } from './reader.ts';
import { createRecords } from './records.ts';
import { createSink } from './sink.ts';
import { createVerificationStore } from './verifications.ts';
import { Writer } from './writer.ts';

/** Connections beside the one that commits. */
const READERS = 4;

/** A device of nobody, which health writes. */
const PROBE = 'health';

export interface ServerStoreOptions {
  /** Stands in for the database's clock, epoch ms; for tests. */
  readonly now?: (() => number) | undefined;
  /** The host's clock, epoch ms, that health compares with the store's. */
  readonly hostNow?: (() => number) | undefined;
  readonly log?: ((event: LogEvent) => void) | undefined;
  /** Items per transaction; fewer only in measurements. */
  readonly maxBatch?: number | undefined;
}

export type SqlServerStore = Store & { readonly migrations: Migrations; readonly sink: RecordSink };

/**
 * A store on a database server, shared by any number of processes. Run `migrations.migrate()` before the first use. Throws
 * `unavailable`, with the cure, when the server cannot be used.
 */
export async function openServerStore(dialect: Dialect, options: ServerStoreOptions = {}): Promise<SqlServerStore> {
  const pool = new Pool(dialect, READERS);
  try {
    await pool.use((connection) => refuseNewerSchema(dialect, connection));
  } catch (error) {
    pool.close();
    throw unavailable(dialect, error);
  }
  return storeOn(createParts(dialect, pool, options), pool, options.hostNow ?? hostClock);
}

function createParts(dialect: Dialect, pool: Pool, { now, log = ignore, maxBatch }: ServerStoreOptions): Parts {
  const clock = new StoreClock(now ?? null);
  const reader = new Reader({ dialect, pool });
  const writer = new Writer({ dialect, clock, log, ...(maxBatch === undefined ? {} : { maxBatch }) });
  return { dialect, clock, reader, writer, policies: new PolicySnapshots(reader) };
}

function storeOn(parts: Parts, pool: Pool, hostNow: () => number): SqlServerStore {
  return {
    verifications: createVerificationStore(parts),
    outbox: createOutbox(parts),
    records: createRecords(parts),
    applications: createApplicationStore(parts),
    keys: createKeyStore(parts),
    directory: createDirectory(parts),
    idempotency: createIdempotency(parts),
    inbox: createInbox(parts),
    destinations: createDestinationCounts(parts),
    documents: createDocuments(parts),
    queue: null,
    tasks: [],
    migrations: createMigrations(parts),
    sink: createSink(parts),
    health: () => health(parts, hostNow),
    close: async () => {
      await parts.writer.close();
      pool.close();
    },
  };
}

/** After a failed write the only proof of recovery is a write, so the probe is one; else asking for the time is enough. */
async function health({ dialect, clock, reader, writer }: Parts, hostNow: () => number): Promise<StoreHealth> {
  try {
    if (writer.fault !== null) await writer.write({ needs: {}, run: (work) => work.devices.set(PROBE, work.now) });
    const before = hostNow();
    const [row] = await reader.rows(`SELECT ${dialect.clock}`);
    const after = hostNow();
    clock.at(Number(row?.[0]));
    // The answer took its time: what it says was so about halfway.
    const clockSkewMs = Math.round((before + after) / 2) - clock.last;
    return { ok: true, reason: null, clockBehindMs: clock.behindMs, clockSkewMs };
  } catch (error) {
    return { ok: false, reason: unavailable(dialect, error).message, clockBehindMs: 0, clockSkewMs: null };
  }
}

function hostClock(): number {
  // oxlint-disable-next-line no-restricted-properties -- what health compares the database's clock with
  return Date.now();
}

function ignore(): void {}
