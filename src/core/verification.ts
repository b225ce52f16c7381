import type { Policy } from './policy.ts';
import type { Digest, Sealed } from './redacted.ts';

export const STATUSES = ['pending', 'approved', 'expired', 'canceled', 'failed', 'blocked', 'skipped'] as const;
/** `pending` is the only open status; the others are terminal and never change. */
export type Status = (typeof STATUSES)[number];

/** Why a verification is approved without a code, and how its receipt says so. */
export const REMEMBERED_DEVICE = 'remembered_device';
/** Why one is approved whose code the caller brought, checked itself, and vouches for. */
export const OWN_CODE = 'own_code';

export const CHANNELS = ['sms', 'email', 'voice', 'whatsapp', 'telegram'] as const;
export type ChannelName = (typeof CHANNELS)[number];

export const ACTOR_TYPES = ['agent', 'api_key', 'hosted', 'library', 'system'] as const;
/** Who acted. `id` names the agent or API key; null where there is nothing to name. */
export interface Actor {
  readonly type: (typeof ACTOR_TYPES)[number];
  readonly id: string | null;
  /** Of an administrator who acted on another application: the one that the agent or key belongs to. */
  readonly application?: string;
}

/** What happens by itself: delivery, reports, the end of a code. */
export const SYSTEM: Actor = { type: 'system', id: null };

/** `live` messages go to providers; `test` messages only ever reach the inbox. */
export type Mode = 'live' | 'test';

export const LINE_TYPES = [
  'mobile',
  'fixed_line',
  'fixed_line_or_mobile',
  'voip',
  'toll_free',
  'premium_rate',
  'shared_cost',
  'personal',
  'pager',
  'uan',
  'unknown',
] as const;
export type LineType = (typeof LINE_TYPES)[number];

/** What may be shown of a destination. `country` is ISO 3166-1 alpha-2, null when the range has none. */
export interface MaskedDestination {
  readonly type: 'phone' | 'email';
  readonly masked: string;
  readonly country: string | null;
  readonly line_type: LineType | null;
}

export type StringMap = Readonly<Record<string, string>>;

/**
 * One attempt to prove control of one destination for one purpose. Plain data: the exact address and the code are only
 * here sealed or digested. Times are epoch milliseconds. `version` rises by one with every commit (compare and swap).
 */
export interface Verification {
  readonly id: string;
  readonly application: string;
  readonly mode: Mode;
  readonly purpose: string;
  readonly version: number;
  readonly status: Status;
  readonly statusReason: string | null;
  readonly to: MaskedDestination;
  /** Sealed canonical address; null once erased. */
  readonly sealedTo: Sealed | null;
  /** Blind index of the exact address (look-up, open-subject key); null once erased. */
  readonly toIndex: string | null;
  /** Blind index of the folded address (limits); outlives erasure until the bare row goes. */
  readonly limitIndex: string;
  readonly channel: ChannelName;
  /** The ladder, first to last; holds at least `channel`. */
  readonly channels: readonly ChannelName[];
  /** Wait before each further channel of the ladder, as the start said; null = as the policy says. */
  readonly channelWaitSeconds: readonly number[] | null;
  readonly locale: string;
  /** The effective policy, frozen at the start. */
  readonly policy: Policy;
  /** Rises with every new code; a code of an older generation answers as wrong. */
  readonly generation: number;
  /** Null once no code can be right any more. */
  readonly digest: Digest | null;
  /** The code for delivery and same-code resend; null as soon as it is no longer needed. */
  readonly sealedCode: Sealed | null;
  /** The caller's own words for its SMS, as a template; null = the application's. Gone when it closes. */
  readonly sealedText: Sealed | null;
  /** Messages asked for, and codes evaluated (a right one counts too). */
  readonly sends: number;
  readonly checks: number;
  /** The caller brought the code, so it can vouch that the person has it. */
  readonly ownCode: boolean;
  /** True once any provider accepted a message of it. */
  readonly accepted: boolean;
  readonly createdAt: number;
  readonly expiresAt: number;
  /** Earliest next send; null when no sends are left or it is closed. */
  readonly nextSendAt: number | null;
  readonly approvedAt: number | null;
  readonly closedAt: number | null;
  /** Bound values; a check must repeat them. */
  readonly context: StringMap | null;
  readonly metadata: StringMap;
  readonly reference: string | null;
  /** Why an agent asks, one of the application's reasons; null where nobody had to say. */
  readonly reason: string | null;
  readonly returnUrl: string | null;
  readonly actor: Actor;
  /** Blind index of `signals.device_id`, remembered for the destination on approval. */
  readonly deviceIndex: string | null;
  /** True when the destination is unknown under `recipients: directory_silent`: nothing is ever delivered. */
  readonly silent: boolean;
  /** When the sweeper must look again: the end of its code while it has a digest, then the end of retention; null = keep for ever. */
  readonly dueAt: number | null;
}

export const SEND_STATUSES = ['queued', 'accepted', 'sent', 'delivered', 'undelivered', 'failed', 'dropped'] as const;
export type SendStatus = (typeof SEND_STATUSES)[number];

/** One try of a send with one provider. `error` is a failure kind and a redacted detail, null when accepted. */
export interface SendAttempt {
  readonly provider: string;
  readonly at: number;
  readonly error: string | null;
}

/** One message of a verification, over one channel, tried with one or more providers. */
export interface Send {
  readonly id: string;
  readonly verification: string;
  readonly application: string;
  readonly mode: Mode;
  readonly channel: ChannelName;
  readonly generation: number;
  /** Blind index for the send log that `destination_sends` counts. */
  readonly limitIndex: string;
  readonly status: SendStatus;
  readonly provider: string | null;
  readonly providerMessageId: string | null;
  readonly error: string | null;
  readonly attempts: readonly SendAttempt[];
  readonly segments: number | null;
  /** An amount and a currency, `0.0075 USD`: as the provider said, else by its price list. */
  readonly cost: string | null;
  /** What `money_day` counted for it, as `cost`; null while no budget is set. */
  readonly budgeted: string | null;
  readonly createdAt: number;
  /** Never delivered at or after this time. */
  readonly deadlineAt: number;
}

export function isOpen(record: Verification): boolean {
  return record.status === 'pending';
}

/** The status every view and filter shows: a pending record past its end is expired whether or not the sweeper came by. */
export function effectiveStatus(record: Verification, now: number): Status {
  return record.status === 'pending' && now >= record.expiresAt ? 'expired' : record.status;
}
