import type { EventData, EventType } from './events.ts';
import type { PolicyOverrides, Policy, PresetName } from './policy.ts';
import type {
  Actor,
  ChannelName,
  MaskedDestination,
  Send,
  SendStatus,
  Status,
  StringMap,
  Verification,
} from './verification.ts';
import { effectiveStatus } from './verification.ts';

/**
 * The resources as every edge shows them: API, library, client, webhooks. Field names are the contract's (snake_case),
 * times RFC 3339 UTC. No view has a field that could hold a code.
 */
export interface VerificationView {
  readonly id: string;
  readonly object: 'verification';
  readonly application: string;
  readonly status: Status;
  readonly status_reason: string | null;
  readonly to: MaskedDestination;
  readonly purpose: string;
  readonly channel: ChannelName;
  readonly locale: string;
  readonly sends: number;
  readonly sends_remaining: number;
  readonly checks: number;
  readonly checks_remaining: number;
  readonly created_at: string;
  readonly expires_at: string;
  readonly next_send_at: string | null;
  readonly approved_at: string | null;
  readonly closed_at: string | null;
  readonly context: StringMap | null;
  readonly metadata: StringMap;
  readonly reference: string | null;
  readonly hosted_url: string | null;
  readonly test: boolean;
}

export const CHECK_RESULTS = ['approved', 'incorrect', 'expired', 'exhausted', 'closed', 'context_mismatch'] as const;
export type CheckResult = (typeof CHECK_RESULTS)[number];

export interface CheckView {
  readonly result: CheckResult;
  readonly verification: VerificationView;
  readonly receipt: string | null;
}

export interface SendView {
  readonly id: string;
  readonly object: 'send';
  readonly channel: ChannelName;
  readonly provider: string | null;
  readonly status: SendStatus;
  readonly error: string | null;
  readonly segments: number | null;
  readonly cost: string | null;
  readonly attempts: readonly { readonly provider: string; readonly at: string; readonly error: string | null }[];
  readonly created_at: string;
}

export interface EventView {
  readonly id: string;
  readonly object: 'event';
  readonly type: EventType;
  readonly actor: Actor;
  readonly created_at: string;
  readonly data: EventData;
}

export interface ListView<T> {
  readonly data: readonly T[];
  readonly has_more: boolean;
  readonly next_cursor: string | null;
}

export interface PreviewView {
  readonly to: MaskedDestination;
  readonly channel: ChannelName;
  readonly subject: string | null;
  readonly text: string;
  readonly html: string | null;
  /** The language of the message. */
  readonly locale: string;
  /** The template it is made from; null = our own words. */
  readonly template: string | null;
  /** The alphabet of an SMS; null for other channels. */
  readonly encoding: 'gsm7' | 'ucs2' | null;
  readonly segments: number | null;
  /** The limits this start would count against; `money_day` in whole units of its `currency`, which only that one has. */
  readonly limits: readonly {
    readonly name: string;
    readonly max: number;
    readonly window_seconds: number | null;
    readonly currency?: string;
  }[];
  /** The most the message may cost at the providers whose price is known. */
  readonly estimated_cost: string | null;
  readonly warnings: readonly string[];
}

/** `fields` lists what differs from the preset; `managed` is true when the configuration file sets it (read-only here). */
export interface PolicyView extends Policy {
  readonly object: 'policy';
  readonly purpose: string;
  readonly overrides: PolicyOverrides;
  readonly managed: boolean;
}

export interface ApplicationView {
  readonly id: string;
  readonly object: 'application';
  readonly name: string;
  readonly brand: string;
  readonly preset: PresetName;
  readonly default_country: string | null;
  readonly countries: readonly string[] | null;
  readonly time_zone: string;
  readonly locale: string;
  readonly return_urls: readonly string[];
  readonly reasons: readonly string[];
  readonly limits: Readonly<
    Record<string, { readonly max: number; readonly window_seconds?: number; readonly currency?: string }>
  >;
  readonly compat: readonly string[];
  readonly frame_ancestors: readonly string[];
  readonly accent: string | null;
  readonly logo: string | null;
  readonly test_code: string | null;
  readonly sends_stopped: boolean;
  readonly desk_networks: readonly string[];
  /** What clients of that dialect call the application; null while `compat` does not name `twilio`. */
  readonly twilio: { readonly account_sid: string; readonly service_sid: string } | null;
  /** Names of the fields that the configuration file sets. */
  readonly managed: readonly string[];
  readonly created_at: string;
}

/** `key` is there once, in the answer that creates it. */
export interface ApiKeyView {
  readonly id: string;
  readonly object: 'api_key';
  readonly name: string;
  readonly mode: 'live' | 'test';
  readonly scopes: readonly string[];
  readonly created_at: string;
  readonly expires_at: string | null;
  readonly revoked_at: string | null;
  readonly last_used_at: string | null;
  readonly key?: string;
}

/** `secret` is there in the answers that make one: creating the webhook and rotating its secret. */
export interface WebhookView {
  readonly id: string;
  readonly object: 'webhook';
  readonly url: string;
  readonly events: readonly string[];
  readonly description: string | null;
  readonly status: 'enabled' | 'disabled';
  readonly disabled_reason: string | null;
  readonly created_at: string;
  readonly test: boolean;
  readonly secret?: string;
}

export interface WebhookDeliveryView {
  readonly id: string;
  readonly object: 'webhook_delivery';
  readonly webhook: string;
  readonly type: string;
  readonly verification: string | null;
  readonly status: 'pending' | 'delivered' | 'failed' | 'discarded';
  readonly attempts: readonly {
    readonly at: string;
    readonly ms: number;
    readonly status: number | null;
    readonly error: string | null;
  }[];
  readonly next_attempt_at: string | null;
  readonly created_at: string;
}

export interface PersonView {
  readonly id: string;
  readonly object: 'person';
  readonly to: MaskedDestination;
  readonly name: string | null;
  readonly reference: string | null;
  readonly created_at: string;
}

/** A destination that gets nothing more; which one is not kept, only a keyed index of it. */
export interface SuppressionView {
  readonly id: string;
  readonly object: 'suppression';
  readonly reason: 'stop' | 'bounce' | 'complaint' | 'manual';
  /** Of the message that led to it. */
  readonly channel: ChannelName | null;
  /** The provider or the API key. */
  readonly by: string;
  readonly created_at: string;
}

export interface InboxMessageView {
  readonly send_id: string;
  readonly to: string;
  readonly channel: ChannelName;
  readonly subject: string | null;
  readonly text: string;
  readonly html: string | null;
  readonly created_at: string;
}

export interface ReceiptVerdictView {
  readonly valid: boolean;
  readonly reason?: string;
  readonly claims?: Readonly<Record<string, string | number | boolean | StringMap>>;
}

/** Epoch ms (a whole number) as RFC 3339 in UTC. */
export function timestamp(ms: number): string {
  const second = Math.floor(ms / 1_000);
  let text = seconds.get(second);
  if (text === undefined) {
    text = new Date(ms).toISOString().slice(0, -'000Z'.length);
    if (seconds.size >= MOST_SECONDS) seconds.clear();
    seconds.set(second, text);
  }
  const rest = ms - second * 1_000;
  return `${text}${rest < 10 ? '00' : rest < 100 ? '0' : ''}${rest}Z`;
}

/** Views of one moment name the same few seconds again and again. */
const seconds = new Map<number, string>();
const MOST_SECONDS = 64;

function timestampOrNull(ms: number | null): string | null {
  return ms === null ? null : timestamp(ms);
}

/** The resource as of `now`: a pending record past its end shows as expired, at its end, though nothing was written. */
export function verificationView(record: Verification, now: number, hostedUrl: string | null = null): VerificationView {
  const status = effectiveStatus(record, now);
  const open = status === 'pending';
  const lapsed = status !== record.status;
  return {
    id: record.id,
    object: 'verification',
    application: record.application,
    status,
    status_reason: record.statusReason,
    to: record.to,
    purpose: record.purpose,
    channel: record.channel,
    locale: record.locale,
    sends: record.sends,
    sends_remaining: Math.max(0, record.policy.max_sends - record.sends),
    checks: record.checks,
    checks_remaining: Math.max(0, record.policy.max_checks - record.checks),
    created_at: timestamp(record.createdAt),
    expires_at: timestamp(record.expiresAt),
    next_send_at: open ? timestampOrNull(record.nextSendAt) : null,
    approved_at: timestampOrNull(record.approvedAt),
    closed_at: timestampOrNull(lapsed ? record.expiresAt : record.closedAt),
    context: record.context,
    metadata: record.metadata,
    reference: record.reference,
    hosted_url: hostedUrl,
    test: record.mode === 'test',
  };
}

/** The view without what tells whose verification it is. */
export function atRestView(view: VerificationView): VerificationView {
  const to = { ...view.to, masked: '•••', line_type: null };
  return { ...view, to, context: null, metadata: {}, reference: null, hosted_url: null };
}

export function sendView(send: Send): SendView {
  return {
    id: send.id,
    object: 'send',
    channel: send.channel,
    provider: send.provider,
    status: send.status,
    error: send.error,
    segments: send.segments,
    cost: send.cost,
    attempts: send.attempts.map((attempt) => ({ ...attempt, at: timestamp(attempt.at) })),
    created_at: timestamp(send.createdAt),
  };
}
