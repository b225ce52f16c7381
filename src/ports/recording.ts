import type { Mode, Send, Verification } from '../core/verification.ts';
import type { StoredDocument } from './documents.ts';
import type { VerificationEvent } from '../core/events.ts';

/** One commit of a verdict store elsewhere, as the records keep it. */
export interface RecordedCommit {
  /** The record as this commit left it. */
  readonly record: Verification;
  readonly events: readonly VerificationEvent[];
  /** Sends this commit wrote or changed, as it left them. */
  readonly sends: readonly Send[];
  /** Documents this commit wrote; one that is there already stays as it is. */
  readonly documents: readonly StoredDocument[];
}

/** A start that was refused and is only counted; `id` makes it count once. */
export interface RecordedRefusal {
  readonly id: string;
  readonly application: string;
  readonly mode: Mode;
  readonly reason: string;
  readonly at: number;
}

/** Where a recorder writes what a verdict store elsewhere committed. */
export interface RecordSink {
  /**
   * Writes a batch in one transaction. Offering a commit again, also from several processes at once and in any order, changes
   * nothing: an event is kept and counted once by its id, a record never goes back to an older `version`, and a settled send stays settled.
   */
  record(commits: readonly RecordedCommit[], refusals: readonly RecordedRefusal[]): Promise<void>;
}
