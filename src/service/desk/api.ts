import type { Result } from '../../core/errors.ts';
import type { Confirmation, OverrideCause } from '../../core/overrides.ts';
import type { Policy } from '../../core/policy.ts';
import type { Actor, ChannelName } from '../../core/verification.ts';
import type { EventView, ListView, SendView, VerificationView } from '../../core/views.ts';
import type { Caller, IdempotencyRequest, DeskSearch, StartInput } from '../api.ts';

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

/** A channel an agent may choose. `restingUntil` (epoch ms): no provider of it answers before then. */
export interface ChannelChoice {
  readonly channel: ChannelName;
  readonly providers: readonly string[];
  readonly restingUntil: number | null;
}

/** What the form that sends a code offers. */
export interface SendFormView {
  /** The application's purposes; the first is what agents verify callers for. */
  readonly purposes: readonly string[];
  readonly policy: Policy;
  readonly reasons: readonly string[];
  readonly channels: readonly ChannelChoice[];
}

/** The way for a caller to type the code on their own phone. */
export interface CallerLink {
  readonly url: string;
  /** Shown on both sides, so that each knows whom it talks to. */
  readonly words: string;
}

/** A skip that a supervisor looks at, or has looked at. */
export interface ReviewView {
  readonly reviewed_by: Actor | null;
  readonly reviewed_at: string | null;
}

/** One verification with everything an agent needs while the caller waits. Reading it changes nothing. */
export interface CaseView {
  readonly record: DeskRecordView;
  readonly policy: Policy;
  readonly sends: readonly SendView[];
  readonly events: readonly EventView[];
  /** Channels another message can go over now, the one it went over among them. */
  readonly channels: readonly ChannelChoice[];
  /** Null until an agent makes one. */
  readonly link: CallerLink | null;
  /** Null where nobody has to look at it. */
  readonly review: ReviewView | null;
  /** Another one stands for another state: see {@link LiveService}. */
  readonly mark: string;
  /** Epoch ms. */
  readonly now: number;
}

/** What agents did since midnight of the application's zone. */
export interface TodayView {
  /** The newest ten. */
  readonly records: readonly DeskRecordView[];
  readonly total: number;
  /** There were more than are counted here. */
  readonly isPartial: boolean;
  readonly agents: number;
  readonly open: number;
  readonly ownOpen: number;
  readonly approved: number;
  /** Ended with a code that was right, wrong or never came; skips and cancels are no such end. */
  readonly decided: number;
  readonly skipped: number;
  /** Another one stands for another state: see {@link LiveService}. */
  readonly mark: string;
}

/** Who looks on. Both are called by one loop of the process and must not wait. */
export interface Onlooker {
  /** The mark of what it shows. */
  readonly seen: string;
  changed(mark: string): void;
  /** Every 15 seconds or so. */
  beat(): void;
  /** The process shuts down. */
  over(): void;
}

/** Tells open pages that something changed, never what: they read the page again. One poller for all of them. */
export interface LiveService {
  /** Of the verification, or of the caller's board when `id` is null. Returns how to stop. */
  watch(caller: Pick<Caller, 'application' | 'mode' | 'actor'>, id: string | null, onlooker: Onlooker): () => void;
  /** One look at everything that is watched; for tests, which have no time to wait. */
  look(): Promise<void>;
  close(): void;
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
  search(caller: Caller, input: DeskSearch): Promise<Result<ListView<DeskRecordView>>>;
  notes(caller: Caller, id: string): Promise<Result<readonly NoteView[]>>;
  addNote(caller: Caller, id: string, text: string): Promise<Result<NoteView>>;
  /** What the form that sends a code offers for a purpose; '' = the first. */
  sendForm(caller: Caller, purpose: string): Promise<SendFormView>;
  open(caller: Caller, id: string): Promise<Result<CaseView>>;
  today(caller: Caller): Promise<TodayView>;
  /** A page of its own where the caller types the code; the same for the same verification. */
  makeLink(caller: Caller, id: string): Promise<Result<CallerLink>>;
  /** Skips that wait for a supervisor, newest first. */
  openReviews(caller: Caller): Promise<readonly DeskRecordView[]>;
  /** Nobody reviews a skip of their own. */
  review(caller: Caller, id: string): Promise<Result<ReviewView>>;
  readonly live: LiveService;
}
