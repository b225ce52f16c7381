import type { Result } from '../../core/errors.ts';
import type { Policy } from '../../core/policy.ts';
import type { EventView, SendView } from '../../core/views.ts';
import type { Caller } from '../api.ts';
import type { DeskRecordView, NoteView, ReviewView } from '../desk/api.ts';

/** Everything that is kept about one verification. Never what anybody typed. */
export interface Evidence {
  readonly record: DeskRecordView;
  /** The rules it went by, as they stood when it started. */
  readonly policy: Policy;
  /** Oldest first, as the events. */
  readonly sends: readonly SendView[];
  readonly events: readonly EventView[];
  readonly notes: readonly NoteView[];
  /** Null where nobody has to look at it. */
  readonly review: ReviewView | null;
  /**
   * What an approval proves, signed, without its destination. Null while a receipt that somebody else may hold is still worth
   * something, and where nothing was approved.
   */
  readonly receipt: string | null;
  /** RFC 3339; null = for ever. */
  readonly kept_until: string | null;
  /** No address is left of it. */
  readonly erased: boolean;
}

/** A verification as evidence, and what leaders and administrators do about its destination. Reading changes nothing. */
export interface EvidenceService {
  read(caller: Caller, id: string): Promise<Result<Evidence>>;
  /** The destination in clear. Audited, with `reason` as a note of the record, before it answers. */
  reveal(caller: Caller, id: string, reason: string): Promise<Result<{ readonly to: string }>>;
  /** Erases the destination of a record everywhere in the application. Audited. */
  erase(caller: Caller, id: string): Promise<Result<{ readonly erased: number }>>;
  /** Notes that records are being taken out; `filters` names them without any address. */
  noteExport(caller: Caller, filters: string): Promise<void>;
  /** `addNote` of the desk, audited. */
  addNote(caller: Caller, id: string, text: string): Promise<Result<NoteView>>;
}
