import type { Result } from '../../core/errors.ts';
import type { Confirmation, OverrideCause } from '../../core/overrides.ts';
import type { Actor } from '../../core/verification.ts';
import type { ListView, VerificationView } from '../../core/views.ts';
import type { Caller, IdempotencyRequest, SearchInput, StartInput } from '../api.ts';

/** A record as the desk shows it: who asked, and why. */
export interface DeskRecordView extends VerificationView {
  readonly actor: Actor;
  readonly reason: string | null;
  /** What an agent may do about it by the policy it was started under. */
  readonly override: 'never' | 'with_note' | 'with_review';
}

/** Something an agent wrote about a record. `text` is null when no key opens it any more. */
export interface NoteView {
  readonly id: string;
  readonly object: 'note';
  readonly actor: Actor;
  readonly text: string | null;
  readonly created_at: string;
}

export interface SkipInput {
  readonly cause: OverrideCause;
  readonly confirmation: Confirmation;
  /** Within `NOTE_LENGTH`, blanks around it not counted. */
  readonly note: string;
}

/** What agents do beyond what an API key can: go on without a code, write notes, see who asked. */
export interface DeskService {
  /** Ends an open verification without a code. `forbidden` where the policy does not let agents. */
  skip(
    caller: Caller,
    id: string,
    input: SkipInput,
    idempotency?: IdempotencyRequest | null,
  ): Promise<Result<DeskRecordView>>;
  /** Records that no code is used, without ever sending one. */
  skipWithoutSending(
    caller: Caller,
    input: Pick<StartInput, 'to' | 'purpose' | 'reason' | 'reference'> & SkipInput,
    idempotency?: IdempotencyRequest | null,
  ): Promise<Result<DeskRecordView>>;
  record(caller: Caller, id: string): Promise<Result<DeskRecordView>>;
  search(caller: Caller, input: SearchInput): Promise<Result<ListView<DeskRecordView>>>;
  notes(caller: Caller, id: string): Promise<Result<readonly NoteView[]>>;
  addNote(caller: Caller, id: string, text: string): Promise<Result<NoteView>>;
}
