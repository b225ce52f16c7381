import type { EventType } from './events.ts';

/** What a webhook can be told, and of which event of a verification it is made. */
export const WEBHOOK_EVENTS = {
  'verification.started': 'started',
  'verification.approved': 'approved',
  'verification.failed': 'failed',
  'verification.expired': 'expired',
  'verification.canceled': 'canceled',
  'send.delivered': 'delivered',
  'send.failed': 'send_failed',
  'check.failed': 'check_failed',
} as const satisfies Readonly<Record<string, EventType>>;

/** Told once a day: the newest signed root of the audit log. */
export const AUDIT_SEALED = 'audit.sealed';

/** Told to live webhooks when a limit refuses starts: once an hour for each limit of an application. */
export const ABUSE_DETECTED = 'abuse.detected';

type VerificationWebhook = keyof typeof WEBHOOK_EVENTS;
export type WebhookEvent = VerificationWebhook | typeof AUDIT_SEALED | typeof ABUSE_DETECTED;
const VERIFICATION_NAMES = Object.keys(WEBHOOK_EVENTS) as readonly VerificationWebhook[];
export const WEBHOOK_EVENT_NAMES: readonly WebhookEvent[] = [...VERIFICATION_NAMES, AUDIT_SEALED, ABUSE_DETECTED];

const BY_TYPE: ReadonlyMap<EventType, WebhookEvent> = new Map<EventType, WebhookEvent>([
  ...VERIFICATION_NAMES.map((name) => [WEBHOOK_EVENTS[name], name] as const),
  // A message that a provider took and could not deliver failed as well.
  ['undelivered', 'send.failed'],
]);

/** The webhook's word for an event; null for those that are nobody else's business. */
export function webhookEventOf(type: EventType): WebhookEvent | null {
  return BY_TYPE.get(type) ?? null;
}

const SECOND = 1_000;
const HOUR = 3_600 * SECOND;

/** Waits before the second, third, … try: ten tries over 75 hours (Standard Webhooks, “Deliverability and reliability”). */
const WAITS_MS = [
  5 * SECOND,
  300 * SECOND,
  1_800 * SECOND,
  2 * HOUR,
  5 * HOUR,
  10 * HOUR,
  14 * HOUR,
  20 * HOUR,
  24 * HOUR,
] as const;
const JITTER = 0.1;

/** When to try again after `tries` failures; null = that was the last. `chance` is uniform in [0, 1). */
export function nextTryAt(tries: number, now: number, chance: number): number | null {
  const wait = WAITS_MS[tries - 1];
  return wait === undefined ? null : now + Math.round(wait * (1 + JITTER * (2 * chance - 1)));
}
