import type { AuditEntryView, AuditVerdictView } from '../../core/audit-views.ts';
import type { Result } from '../../core/errors.ts';
import type { ListView } from '../../core/views.ts';
import type { Caller } from '../api.ts';
import type { AuditTrail } from './trail.ts';

/** Times are epoch ms; absent = any. */
export interface AuditQuery {
  /** A type, an id, or `type:id`. */
  readonly actor?: string;
  /** Actions, or the words before their dot. */
  readonly actions?: readonly string[];
  readonly target?: string;
  readonly created_after?: number;
  readonly created_before?: number;
  readonly limit?: number;
  readonly cursor?: string;
}

/** The append-only log of an application: written by whoever does something, sealed by the worker, checked by anybody. */
export interface AuditService extends AuditTrail {
  /** Newest first. */
  list(caller: Caller, query: AuditQuery): Promise<Result<ListView<AuditEntryView>>>;
  /** Seals what waits, checks the whole log, and keeps the verdict. `root`, written down earlier, must be in its chain. */
  verify(caller: Caller, root?: string): Promise<Result<AuditVerdictView>>;
  /** Seals what waits now, without waiting for the worker. Returns how many batches were written. */
  seal(): Promise<number>;
  /** Removes rows sealed longer ago than `days`; roots and counts stay. Returns how many went. */
  purge(caller: Caller, days: number): Promise<number>;
  /** What the last check came to; null when there was none. */
  lastVerdict(caller: Caller): Promise<AuditVerdictView | null>;
  /** Everything sealed as JSON lines with proofs. Noted. */
  export(caller: Caller): Promise<Result<ReadableStream<Uint8Array>>>;
}
