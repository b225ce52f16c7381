import type { LogEvent } from '../../ports/environment.ts';
import type { RecordSink } from '../../ports/recording.ts';
import type { Migrations, Store, StoreHealth } from '../../ports/store.ts';
import { createApplicationStore } from './applications.ts';
import { openConnection, type Connection } from './connection.ts';
import { createDestinationCounts } from './destinations.ts';
import { createDocuments } from './documents.ts';
import { createDirectory } from './directory.ts';
import { isBusy, unavailable } from './faults.ts';
import { createIdempotency } from './idempotency.ts';
import { createInbox } from './inbox.ts';
import { createKeyStore } from './keys.ts';
import { Lookups, SEGMENT_SIZE } from './lookups.ts';
import { createMigrations, refuseNewerSchema } from './migrations.ts';
import { createOutbox } from './outbox.ts';
import { PolicySnapshots } from './policy-snapshots.ts';
import { createRecords } from './records.ts';
import { createRecordSink } from './sink.ts';
import { SendLog } from './send-log.ts';
import { createVerificationStore, type Parts } from './verifications.ts';
import { Writer } from './writer.ts';

export interface SqliteOptions {
  /** The database file; created with its owner's permissions only. */
  readonly path: string;
  /** Host clock, epoch ms. */
  readonly now?: () => number;
  readonly log?: (event: LogEvent) => void;
}

export type SqliteStore = Store & { readonly migrations: Migrations; readonly sink: RecordSink };

/**
 * A store in one SQLite file, fully durable (`synchronous=FULL`), for any number of processes on one machine. Run
 * `migrations.migrate()` before the first use. Throws `unavailable`, with the cure, when the file cannot be opened.
 */
export async function openSqliteStore({ path, now = hostClock, log = ignore }: SqliteOptions): Promise<SqliteStore> {
  const connection = await openConnection(path);
  try {
    refuseNewerSchema(connection);
  } catch (error) {
    connection.close();
    throw unavailable(error);
  }
  return storeOn(connection, now, log);
}

/** The store on an open connection, which it takes over. */
export function storeOn(connection: Connection, now: () => number, log: (event: LogEvent) => void): SqliteStore {
  const parts = createParts(connection, neverBack(now), log);
  const { writer } = parts;
  return {
    verifications: createVerificationStore(parts),
    outbox: createOutbox(connection, writer),
    records: createRecords(parts),
    applications: createApplicationStore(connection, writer),
    keys: createKeyStore(connection, writer),
    directory: createDirectory(connection, writer),
    idempotency: createIdempotency(connection, writer),
    inbox: createInbox(connection, writer),
    destinations: createDestinationCounts(connection, writer),
    documents: createDocuments(connection, writer),
    queue: null,
    tasks: [],
    migrations: createMigrations(connection, now),
    sink: createRecordSink(parts),
    health: () => health(parts, now),
    close: () => close(parts),
  };
}

function createParts(connection: Connection, now: () => number, log: (event: LogEvent) => void): Parts {
  const policies = new PolicySnapshots(connection);
  const sendLog = new SendLog(connection);
  const lookups = new Lookups(connection);
  let indexing = false;
  const writer = new Writer({
    connection,
    now,
    log,
    mirrors: [policies, sendLog],
    afterCommit: (unindexed) => {
      if (indexing || unindexed < SEGMENT_SIZE) return;
      indexing = true;
      const done = (): void => {
        indexing = false;
      };
      // A failure is in the log; the next commit tries again.
      writer.write((batch) => lookups.index(batch)).then(done, done);
    },
  });
  return { connection, writer, policies, sendLog, lookups, now };
}

/** After a failed write the only proof of recovery is a write, so the probe is one; else taking the lock is enough. */
async function health({ connection, writer }: Parts, now: () => number): Promise<StoreHealth> {
  try {
    if (writer.fault === null) probeLock(connection);
    else await writer.write(() => undefined);
    const clock = await connection.read(
      () => connection.sql('SELECT now FROM clock WHERE id = 1').get() as { now: number },
    );
    return { ok: true, reason: null, clockBehindMs: Math.max(0, clock.now - now()), clockSkewMs: null };
  } catch (error) {
    return { ok: false, reason: unavailable(error).message, clockBehindMs: 0, clockSkewMs: null };
  }
}

/** Throws when the file cannot be written; another writer at work is fine. */
function probeLock(connection: Connection): void {
  try {
    connection.exec('BEGIN IMMEDIATE; ROLLBACK');
  } catch (error) {
    connection.rollback();
    if (!isBusy(error)) throw error;
  }
}

/** Writes what was asked for, folds the log into the file and lets go of it. */
async function close({ connection, writer, sendLog }: Parts): Promise<void> {
  await sendLog.warmedUp();
  await writer.close();
  if (!connection.isOpen) return;
  try {
    connection.exec('PRAGMA wal_checkpoint(TRUNCATE)');
  } catch {
    // Another process reads, or the disk is full: the log file stays and loses nothing.
  }
  connection.close();
}

/** A host clock that is set back stands still in this process: time never goes behind what was told, even when nothing was written. */
function neverBack(now: () => number): () => number {
  let told = Number.NEGATIVE_INFINITY;
  return () => (told = Math.max(told, now()));
}

function hostClock(): number {
  // oxlint-disable-next-line no-restricted-properties -- the host clock enters the store here and nowhere else
  return Date.now();
}

function ignore(): void {}
