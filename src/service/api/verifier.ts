import type { Result } from '../../core/errors.ts';
import type { ChannelName, StringMap } from '../../core/verification.ts';
import type { CheckView, PreviewView, VerificationView } from '../../core/views.ts';
import type { Caller, IdempotencyRequest, To } from './caller.ts';

/** What a start may carry; only `to` must be. */
export interface StartInput {
  readonly to: To;
  readonly channel?: ChannelName;
  readonly channels?: readonly ChannelName[];
  /** Wait before the ladder goes on to each further channel by itself, instead of the policy's; empty = it does not. */
  readonly channel_wait_seconds?: readonly number[];
  readonly purpose?: string;
  readonly locale?: string;
  readonly context?: StringMap;
  readonly metadata?: StringMap;
  readonly reference?: string;
  /** Why: one of the application's reasons where an agent asks, any text elsewhere. */
  readonly reason?: string;
  readonly return_url?: string;
  readonly signals?: { readonly ip?: string; readonly user_agent?: string; readonly device_id?: string };
  /** Taken only where the policy says `custom_code`. */
  readonly code?: string;
  /** Only the hosted pages set it; no edge takes it from a request. */
  readonly challenge?: ChallengeAnswer;
  /** Tokens by which a browser may be remembered; only the hosted pages set them. */
  readonly devices?: readonly string[];
  /** What only a façade asks for; no edge takes it from a request. */
  readonly facade?: {
    /** An id that fits 128 bits (see `newShortId`). */
    readonly short_id?: true;
    /** An open verification of the same context gets another message over the asked channel, whatever its ladder; no silent wait. */
    readonly resend_open?: true;
    /** Fixed lines take no SMS. */
    readonly no_landline?: true;
    /** Who is unknown or said stop is not told apart from anybody: a verification like any other, and no message. */
    readonly hides_recipients?: true;
    /** The words of its SMS, as a template of our own kind; looked at like any template. */
    readonly text?: string;
  };
}

/** What a browser answers to a challenge: what it was given, and what it found or its widget gave; '' twice where it only waited. */
export interface ChallengeAnswer {
  readonly token: string;
  readonly nonce: string;
  /** Of the widget of a CAPTCHA. */
  readonly captcha: string;
}

/** What a façade knows of the verification it means: any other answers as unknown. */
export interface Expected {
  readonly purpose: string;
  readonly to?: To;
}

/** A code as somebody typed it. */
export interface CheckInput {
  readonly code: string;
  /** The token of a link in an e-mail, in place of the code; only its page sets it. */
  readonly link?: string;
  readonly context?: StringMap;
  readonly receipt?: boolean;
  /** Only a façade sets it; no edge takes it from a request. */
  readonly expected?: Expected;
  /** In place of the code, where the caller brought that: it compared it itself, with what it is bound to. Only a façade sets it. */
  readonly vouched?: true;
}

/** A code for the newest open verification of a destination. */
export interface CheckByDestinationInput extends CheckInput {
  readonly to: To;
  readonly purpose?: string;
}

/** A verification, and whether this start made it. */
export interface Started {
  readonly verification: VerificationView;
  /** False when `on_open: reuse` answered with the open one (HTTP 200 instead of 201). */
  readonly created: boolean;
  /** The next token of the browser that was remembered, and signed in without a code. */
  readonly device?: RememberedDevice;
}

/** What a browser keeps to be known again until `endsAt` (epoch ms). */
export interface RememberedDevice {
  readonly token: string;
  readonly endsAt: number;
}

/** Verifications: start, check, send again, cancel, look. */
export interface Verifier {
  start(caller: Caller, input: StartInput, idempotency?: IdempotencyRequest | null): Promise<Result<Started>>;
  check(
    caller: Caller,
    id: string,
    input: CheckInput,
    idempotency?: IdempotencyRequest | null,
  ): Promise<Result<CheckView>>;
  checkByDestination(
    caller: Caller,
    input: CheckByDestinationInput,
    idempotency?: IdempotencyRequest | null,
  ): Promise<Result<CheckView>>;
  /** `channel: "next"` walks the ladder. */
  resend(
    caller: Caller,
    id: string,
    input: { readonly channel?: ChannelName | 'next' },
    idempotency?: IdempotencyRequest | null,
  ): Promise<Result<VerificationView>>;
  cancel(caller: Caller, id: string, idempotency?: IdempotencyRequest | null): Promise<Result<VerificationView>>;
  get(caller: Caller, id: string): Promise<Result<VerificationView>>;
  /** The open verification of a destination, where the policy allows checks by destination. */
  findOpen(caller: Caller, input: { readonly to: To; readonly purpose?: string }): Promise<Result<VerificationView>>;
  preview(caller: Caller, input: StartInput): Promise<Result<PreviewView>>;
}
