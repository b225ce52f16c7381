// `watchword/store`: the types a store of one's own fills, and the decisions that all stores make alike.
export { WatchwordError } from '../../core/errors.ts';
export type { VerificationEvent } from '../../core/events.ts';
export { newId } from '../../core/id.ts';
export type { Hit, Refusal } from '../../core/limits.ts';
export { type Digest, digest, type Sealed, sealed } from '../../core/redacted.ts';
export { subjectOf } from '../../core/subject.ts';
export { effectiveStatus, type Send, type Verification } from '../../core/verification.ts';
export type { DocumentQuery, Documents, StoredDocument } from '../../ports/documents.ts';
export type { ClaimOutcome, Idempotency, IdempotencyClaim } from '../../ports/idempotency.ts';
export type { InboxMessage, InboxStore } from '../../ports/inbox.ts';
export type { ClaimedSend, DeliveryProgress, Outbox } from '../../ports/outbox.ts';
export type { RecordQuery, Records, Tally, Total } from '../../ports/records.ts';
export type { SendQueue } from '../../ports/send-queue.ts';
export type { ApiKey, Application, ApplicationStore, DirectoryStore, KeyStore, Person } from '../../ports/settings.ts';
export type { BackgroundTask, DestinationCounts, Migrations, Store, StoreHealth } from '../../ports/store.ts';
export type {
  Changes,
  Found,
  InsertOutcome,
  ReplaceOutcome,
  SendUpdate,
  VerificationStore,
} from '../../ports/verification-store.ts';
export { defaultApplication } from './default-application.ts';
export { erasedEvent } from './event-row.ts';
export {
  counterName,
  type CounterRow,
  type Counts,
  failedCounts,
  type FailureCounts,
  failuresKeptUntil,
  hitCounter,
  isDestinationHit,
  refusalOf,
} from './limits.ts';
export { utcDay } from './totals.ts';
export { erased } from './verification-row.ts';
