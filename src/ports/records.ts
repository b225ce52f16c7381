import type { VerificationEvent } from '../core/events.ts';
import type { Actor, ChannelName, Mode, Send, Status, Verification } from '../core/verification.ts';

/** A filter over the records of one application. Times are epoch ms; absent = any. `status` means the effective status at `now`. */
export interface RecordQuery {
  readonly application: string;
  readonly mode: Mode;
  readonly now: number;
  readonly status?: Status;
  readonly channel?: ChannelName;
  readonly purpose?: string;
  /** Leaves out the records of this one. */
  readonly exceptPurpose?: string;
  readonly country?: string;
  /** Blind indexes of the exact address, under every key of the ring. */
  readonly toIndexes?: readonly string[];
  readonly actorType?: Actor['type'];
  readonly actorId?: string;
  readonly reference?: string;
  readonly reason?: string;
  readonly createdAfter?: number;
  readonly createdBefore?: number;
  /** Return records older than this id (newest first). */
  readonly before?: string;
  readonly limit: number;
  /** Stop after about so many records, found or not, where the store reads one by one; absent = read on to the end. */
  readonly patience?: number;
}

/** One line of the daily totals, which outlive every purge. `kind` is an event type or `refused:<limit or error code>`. */
export interface Total {
  readonly day: string;
  readonly mode: Mode;
  readonly channel: string;
  readonly country: string;
  readonly kind: string;
  readonly count: number;
}

/** How many of the records that were looked at fit, by effective status and who started them. */
export interface Tally {
  readonly counts: readonly {
    readonly status: Status;
    readonly actorId: string | null;
    readonly count: number;
  }[];
  /** Older records were not looked at. */
  readonly isPartial: boolean;
}

/** Looking things up, and forgetting them. Reads never write. */
export interface Records {
  /**
   * Newest first; asks for one more than `limit` to tell whether there are more. `reached`: patience ended at this id, and older
   * records may fit too.
   */
  search(query: RecordQuery): Promise<{
    readonly rows: readonly Verification[];
    readonly hasMore: boolean;
    readonly reached?: string;
  }>;
  /** Counts instead of reading; looks at the newest `patience` records (all when absent). `limit` and `toIndexes` mean nothing here. */
  tally(query: RecordQuery): Promise<Tally>;
  sends(verification: string): Promise<readonly Send[]>;
  events(verification: string): Promise<readonly VerificationEvent[]>;
  /** Totals per UTC day, `from` and `to` as `YYYY-MM-DD` inclusive. */
  stats(application: string, from: string, to: string): Promise<readonly Total[]>;
  /** Counts a start that was refused: nothing else of it is kept. */
  countRefused(application: string, mode: Mode, reason: string, now: number): Promise<void>;
  /** Deletes up to `limit` records without a digest whose `dueAt` has passed (with sends and events), and spent counters, idempotency keys and inbox messages. Returns how many records went; `dryRun` only counts. */
  purge(now: number, limit: number, dryRun?: boolean): Promise<number>;
  /** Erases every trace of a destination in one application but the bare rows and totals. Returns how many records changed. */
  erase(application: string, toIndexes: readonly string[], now: number): Promise<number>;
}
