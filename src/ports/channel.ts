import type { Code } from '../core/redacted.ts';
import type { ChannelName } from '../core/verification.ts';

/** A finished message. `code` is read only by template and voice channels; `from` is the provider's own when null. */
export interface Message {
  readonly sendId: string;
  readonly verification: string;
  readonly channel: ChannelName;
  /** The exact canonical address. */
  readonly to: string;
  readonly from: string | null;
  readonly subject: string | null;
  readonly text: string;
  readonly html: string | null;
  readonly locale: string;
  readonly code: Code;
  /** Epoch ms at which the message is worthless. */
  readonly expiresAt: number;
}

export interface Accepted {
  readonly type: 'accepted';
  /** The provider's id of the message, null when it gives none. */
  readonly messageId: string | null;
}

export const FAILURE_KINDS = [
  'unavailable',
  'rejected',
  'invalid_destination',
  'suspected_fraud',
  'rate_limited',
  'misconfigured',
] as const;
export type FailureKind = (typeof FAILURE_KINDS)[number];

/**
 * `final`: this provider will never take it. `retry`: another provider, or this one later. `once`: nobody knows whether it
 * went out, so exactly one more try with the same message id. `detail` is safe to show: no code, no credential, no address.
 */
export interface Failure {
  readonly type: 'failure';
  readonly kind: FailureKind;
  readonly retry: 'final' | 'retry' | 'once';
  readonly detail: string;
}

/** A way to carry a message. Knows nothing of limits or policy. Never throws for an expected failure; honours `signal`. */
export interface Channel {
  /** The provider's name as records show it, e.g. `smtp:mail.example:587`; never a credential. */
  readonly name: string;
  readonly channels: readonly ChannelName[];
  send(message: Message, signal: AbortSignal): Promise<Accepted | Failure>;
  /** Tries the connection without sending (doctor); null = fine, else what is wrong and the cure. */
  probe?(signal: AbortSignal): Promise<string | null>;
  close?(): Promise<void>;
}
