import type { Documents } from './documents.ts';
import type { Idempotency } from './idempotency.ts';
import type { InboxStore } from './inbox.ts';
import type { Outbox } from './outbox.ts';
import type { Records } from './records.ts';
import type { SendQueue } from './send-queue.ts';
import type { ApplicationStore, DirectoryStore, KeyStore } from './settings.ts';
import type { VerificationStore } from './verification-store.ts';

/** The destination's failure counts as an operator re-binds them, and its known devices. */
export interface DestinationCounts {
  /** True when a row was there. `keys` are `application|limitIndex` under every key of the ring. */
  rebind(keys: readonly string[]): Promise<boolean>;
  /** Forgets every device of a destination; `keys` as for {@link DestinationCounts.rebind}. */
  forgetDevices(keys: readonly string[]): Promise<void>;
  /** Whether the device was approved for the destination before. */
  knowsDevice(device: string): Promise<boolean>;
}

export interface StoreHealth {
  readonly ok: boolean;
  /** Safe to show, with the cure; null when fine. */
  readonly reason: string | null;
  /** How far the clock that commits go by is behind the newest commit, ms (0 = not behind). */
  readonly clockBehindMs: number;
  /** Host clock minus the store's own, ms; null when the store goes by the host clock. */
  readonly clockSkewMs: number | null;
}

/** Work a store needs done beside requests, e.g. moving a stream. The worker runs it until `signal` aborts, and again after it threw. */
export interface BackgroundTask {
  readonly name: string;
  run(signal: AbortSignal): Promise<void>;
}

/** What one driver provides; compose picks the parts. */
export interface Store {
  readonly verifications: VerificationStore;
  readonly outbox: Outbox;
  readonly records: Records;
  readonly applications: ApplicationStore;
  readonly keys: KeyStore;
  readonly directory: DirectoryStore;
  readonly idempotency: Idempotency;
  readonly inbox: InboxStore;
  readonly destinations: DestinationCounts;
  readonly documents: Documents;
  /** How workers learn that a send waits; null = they ask {@link Outbox.claim} now and then. */
  readonly queue: SendQueue | null;
  /** What the worker runs beside delivery; any number of processes may run the same at once. */
  readonly tasks: readonly BackgroundTask[];
  health(): Promise<StoreHealth>;
  close(): Promise<void>;
}

/** Schema state. `migrate` is idempotent and safe to run from several processes at once. */
export interface Migrations {
  pending(): Promise<readonly string[]>;
  migrate(): Promise<readonly string[]>;
}
