import type { Actor } from './verification.ts';

export const EVENT_TYPES = [
  'started',
  'send_queued',
  'sent',
  'send_failed',
  'send_dropped',
  'delivered',
  'undelivered',
  'check_failed',
  'approved',
  'failed',
  'expired',
  'canceled',
  'blocked',
  'skipped',
  'not_me',
] as const;
export type EventType = (typeof EVENT_TYPES)[number];

/** Facts beside the type: names, counts, reasons. Never a code, never an address in clear. */
export type EventData = Readonly<Record<string, string | number | boolean | null>>;

/** What the state machine says happened; the use case stamps id, time and actor. */
export interface Fact {
  readonly type: EventType;
  readonly data: EventData;
}

/** An append-only fact about a verification. `createdAt` is epoch ms. */
export interface VerificationEvent extends Fact {
  readonly id: string;
  readonly actor: Actor;
  readonly createdAt: number;
}
