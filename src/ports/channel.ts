import type { OptOutWish } from '../core/opt-out.ts';
import type { Code } from '../core/redacted.ts';
import type { Prices } from '../core/prices.ts';
import type { Route } from '../core/routing.ts';
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
  /** What the answer says it costs, an amount and a currency (`0.0075 USD`); absent when it does not. */
  readonly price?: string;
  /** SMS parts, as the answer says. */
  readonly segments?: number;
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

/** What a provider posted about messages it took. `url` is the exact public address it posted to, query included. */
export interface ReportRequest {
  readonly method: string;
  readonly url: string;
  readonly body: string;
  /** A header by its lower-case name, null when absent. */
  header(name: string): string | null;
}

/** How one message fared. `error` is safe to show; `price` is an amount and a currency (`0.0075 USD`), null when not told. */
export interface DeliveryReport {
  /** The id the provider gave when it accepted the message. */
  readonly messageId: string;
  readonly status: 'sent' | 'delivered' | 'undelivered' | 'failed';
  /** Epoch ms of the event at the provider, null when not told. */
  readonly at: number | null;
  readonly error: string | null;
  readonly segments: number | null;
  readonly price: string | null;
  /** The person or the mail server wants nothing more: `stop` = asked to be left alone, `bounce` = no such mailbox, `complaint` = called it spam. */
  readonly suppress: 'stop' | 'bounce' | 'complaint' | null;
}

/** What a person wrote to a sender. Only a wish to stop or to start is looked for in it; the text is kept nowhere. */
export interface InboundMessage {
  /** The provider's id, by which a repeated one is known. */
  readonly messageId: string;
  /** E.164. */
  readonly from: string;
  readonly text: string;
  /** Epoch ms at which the provider got it, null when not told. */
  readonly at: number | null;
  /** What the provider itself read in it; null = nothing, or it does not look. */
  readonly wish: OptOutWish | null;
}

/**
 * `refused`: the signature or its time is not right, nothing of the request may be believed. `malformed`: it is signed as it must be and
 * says nothing that is known here. `confirm`: the provider asks to open this address once. `answer`: it asks for this text back, plain
 * and with status 200, to see that the address is ours.
 */
export type ReportReading =
  | { readonly type: 'reports'; readonly reports: readonly DeliveryReport[] }
  | { readonly type: 'messages'; readonly messages: readonly InboundMessage[] }
  | { readonly type: 'refused'; readonly reason: string }
  | { readonly type: 'malformed'; readonly reason: string }
  | { readonly type: 'confirm'; readonly url: string }
  | { readonly type: 'answer'; readonly body: string };

/** What a provider answered when it was asked about a message; `report` null = no news yet. */
export interface PollAnswer {
  readonly report: DeliveryReport | null;
  /** Nothing more is to be learnt. */
  readonly done: boolean;
}

/** A way to carry a message. Knows nothing of limits or policy. Never throws for an expected failure; honours `signal`. */
export interface Channel {
  /** The provider's name as records show it, e.g. `smtp:mail.example:587`; never a credential. */
  readonly name: string;
  readonly channels: readonly ChannelName[];
  /** Its messages are in words that the provider approved: nothing of ours gets through but the code. */
  readonly onlyCode?: true;
  /** Which messages it is for; absent = any. */
  readonly route?: Route;
  /** What it charges, as far as it was told; absent = unknown. */
  readonly prices?: Prices;
  /** How long one call may take, 1000 to 10000 ms; absent = 10000. */
  readonly timeoutMs?: number;
  send(message: Message, signal: AbortSignal): Promise<Accepted | Failure>;
  /** Tries the connection without sending (doctor); null = fine, else what is wrong and the cure. */
  probe?(signal: AbortSignal): Promise<string | null>;
  /** It hears of deliveries over its own connection and tells them without being asked. */
  readonly tellsReports?: true;
  /** Reads what the provider posted about messages, its signature checked first; absent when it posts nothing. Never throws. */
  report?(request: ReportRequest): Promise<ReportReading>;
  /** Asks how a message fared; absent when reports come by themselves, or never. May throw. */
  poll?(messageId: string, signal: AbortSignal): Promise<PollAnswer>;
  close?(): Promise<void>;
}
