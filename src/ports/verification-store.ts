import type { VerificationEvent } from '../core/events.ts';
import type { Hit, Refusal } from '../core/limits.ts';
import type { Send, Verification } from '../core/verification.ts';
import type { CommittedDocument } from './documents.ts';
import type { DeliveryProgress } from './outbox.ts';

/** What delivery learned about one send; written in the verification's own commit. */
export interface SendUpdate {
  readonly send: Send;
  readonly progress: DeliveryProgress;
  /** When the outbox offers it again (epoch ms); null = never (it is settled). */
  readonly dueAt: number | null;
}

/**
 * Everything one commit writes beside the record, all or nothing. `take` is checked first: when one hit has no room,
 * nothing is written and the commit answers `refused`.
 */
export interface Changes {
  readonly events: readonly VerificationEvent[];
  /** New sends, `queued` (the outbox delivers them) or `dropped`. */
  readonly sends: readonly Send[];
  readonly sendUpdate: SendUpdate | null;
  /** Queued sends of this verification for which no provider is being asked are dropped (an older generation, or the record closed). */
  readonly dropQueued: boolean;
  readonly take: readonly Hit[];
  /** Index keys of the destination (newest first) when a check failed: +1 in the window, +1 in a row. */
  readonly failed: readonly string[] | null;
  /** Index keys of the destination when it was approved: the row of failures ends (the window count stays). */
  readonly cleared: readonly string[] | null;
  /** Remember this device for this destination (`application|limitIndex|deviceIndex`). */
  readonly device: string | null;
  /** New documents (version 1); one that is there already stays as it is. */
  readonly documents: readonly CommittedDocument[];
  /** The outcome of the idempotent request this commit belongs to. */
  readonly answer: { readonly key: string; readonly answer: string } | null;
}

/** A commit of the record alone. */
export const NO_CHANGES: Changes = {
  events: [],
  sends: [],
  sendUpdate: null,
  dropQueued: false,
  take: [],
  failed: null,
  cleared: null,
  device: null,
  documents: [],
  answer: null,
};

export type InsertOutcome = { readonly type: 'inserted' } | { readonly type: 'subject_busy' } | RefusedOutcome;
export type ReplaceOutcome = { readonly type: 'replaced' } | { readonly type: 'conflict' } | RefusedOutcome;
export interface RefusedOutcome {
  readonly type: 'refused';
  readonly refusal: Refusal;
}

/** A record together with the store's time (epoch ms), the only time a decision may use. */
export interface Found {
  readonly record: Verification | null;
  readonly now: number;
}

/**
 * The verdict: strongly consistent, durable before it answers. Every member throws `WatchwordError('unavailable')` when
 * the store cannot answer, and then has changed nothing or everything. Calls of one event-loop turn go out together; each
 * caller gets its own answer and a bad item never fails its neighbours.
 */
export interface VerificationStore {
  /**
   * The store's time: never behind what this process was told before, nor, where it is the host's clock, behind the newest commit of
   * any process. A server's clock that is set back is followed by a process that starts afterwards.
   */
  time(): Promise<number>;
  /**
   * The record. `need` says that it is only for judging a code: the sealed address and code may then stand for what the store
   * keeps elsewhere (they open under no key), and a `replace` of such a record leaves them as they are.
   */
  get(id: string, need?: 'verdict'): Promise<Found>;
  /** The open record that holds this subject key (see `subjectOf` in core), or null. */
  newestOpen(subject: string): Promise<Found>;
  /** Limits are asked before the subject: a start without room is `refused` even while another record holds its subject. */
  insert(record: Verification, changes: Changes): Promise<InsertOutcome>;
  /** Compare and swap: writes `record` only if the stored version equals `expectedVersion`. */
  replace(record: Verification, expectedVersion: number, changes: Changes): Promise<ReplaceOutcome>;
  /** Ids of records that still hold a digest although `dueAt` has passed: pending ones, and reusable approvals. Oldest first. */
  due(now: number, limit: number): Promise<readonly string[]>;
}
