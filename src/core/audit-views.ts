import type { AuditAction } from './audit.ts';
import type { EventData } from './events.ts';
import type { Actor } from './verification.ts';

/** One row of the audit log, as the API and the pages show it. Of an erased one only its place is left. */
export interface AuditEntryView {
  readonly id: string;
  readonly object: 'audit_entry';
  readonly created_at: string;
  readonly erased: boolean;
  readonly actor: Actor | null;
  readonly action: AuditAction | null;
  readonly target: string | null;
  readonly data: EventData;
  /** What stands for it in its batch. */
  readonly commitment: string;
  /** Number of the signed batch that holds it; null until it is sealed. */
  readonly batch: number | null;
}

export const AUDIT_PROBLEMS = [
  'entry_altered',
  'entry_missing',
  'entry_added',
  'batch_altered',
  'batch_missing',
  'root_unknown',
  'key_unknown',
] as const;

/** The first thing in an audit log that is not as it was sealed. */
export interface AuditProblem {
  readonly code: (typeof AUDIT_PROBLEMS)[number];
  readonly entry: string | null;
  readonly batch: number | null;
  readonly detail: string;
}

/** What checking an audit log from its first batch on came to. */
export interface AuditVerdictView {
  readonly object: 'audit_verdict';
  readonly application: string;
  readonly intact: boolean;
  /** Rows that were compared with what was sealed, erased ones among them. */
  readonly entries: number;
  readonly erased: number;
  /** Rows that the service removed when their time was over. */
  readonly purged: number;
  /** Rows that still wait for their seal: nothing is said of them. */
  readonly waiting: number;
  readonly batches: number;
  /** Of the newest batch; null when there is none. */
  readonly root: string | null;
  readonly checked_at: string;
  readonly problem: AuditProblem | null;
}
