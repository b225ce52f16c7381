import { newId } from '../../core/id.ts';
import { timestamp, type WebhookDeliveryView } from '../../core/views.ts';
import type { WebhookEvent } from '../../core/webhooks.ts';
import type { CommittedDocument, StoredDocument } from '../../ports/documents.ts';
import type { Environment } from '../../ports/environment.ts';
import type { Endpoint } from './endpoint.ts';

export const DELIVERY_KIND = 'webhook_delivery';
/** How long a settled delivery can be looked up and sent again. */
const KEEP_MS = 7 * 86_400_000;
const MOST_TRIES_KEPT = 20;

export interface DeliveryTry {
  readonly at: number;
  readonly ms: number;
  /** Null when nobody answered. */
  readonly status: number | null;
  readonly error: string | null;
}

/** One event on its way to one webhook. It names the event, and is filled in from the records when it is sent. */
export interface WebhookDelivery {
  readonly id: string;
  readonly application: string;
  readonly version: number;
  readonly webhook: string;
  readonly type: WebhookEvent | 'webhook.test';
  /** The event's time, epoch ms. */
  readonly at: number;
  readonly verification: string | null;
  readonly send: string | null;
  /** What it says, where no verification does. */
  readonly facts?: Readonly<Record<string, string | number>>;
  readonly state: 'pending' | 'delivered' | 'failed' | 'discarded';
  /** Failures since it was queued or sent again. */
  readonly failures: number;
  readonly tries: readonly DeliveryTry[];
  readonly createdAt: number;
  readonly dueAt: number | null;
}

type Body = Omit<WebhookDelivery, 'id' | 'application' | 'version' | 'webhook' | 'createdAt' | 'dueAt'>;

/** What a webhook is told: of a verification, or facts of its own. */
export type Told = Pick<WebhookDelivery, 'type' | 'facts'> & Partial<Pick<WebhookDelivery, 'verification' | 'send'>>;

/** A delivery that was not tried yet; due at once, `at` (epoch ms) being the time of what it tells. */
export function newDelivery(env: Environment, endpoint: Endpoint, told: Told, at: number): WebhookDelivery {
  return {
    id: newId('whd', at, env.randomText(20)),
    application: endpoint.application,
    version: 1,
    webhook: endpoint.id,
    at,
    verification: null,
    send: null,
    ...told,
    state: 'pending',
    failures: 0,
    tries: [],
    createdAt: at,
    dueAt: at,
  };
}

/** The delivery to be written at `now`; a settled one goes after a week. */
export function deliveryDocument(delivery: WebhookDelivery, now: number): CommittedDocument {
  const { id, application, version, webhook, createdAt, dueAt, ...rest } = delivery;
  const body: Body = { ...rest, tries: rest.tries.slice(-MOST_TRIES_KEPT) };
  const endsAt = dueAt === null ? now + KEEP_MS : null;
  const text = JSON.stringify(body);
  return { kind: DELIVERY_KIND, id, application, index: webhook, version, body: text, createdAt, dueAt, endsAt };
}

export function deliveryFrom(document: StoredDocument): WebhookDelivery {
  const { id, application, version, index, createdAt, dueAt } = document;
  return { id, application, version, webhook: index ?? '', createdAt, dueAt, ...(JSON.parse(document.body) as Body) };
}

export function deliveryView(delivery: WebhookDelivery): WebhookDeliveryView {
  return {
    id: delivery.id,
    object: 'webhook_delivery',
    webhook: delivery.webhook,
    type: delivery.type,
    verification: delivery.verification,
    status: delivery.state,
    attempts: delivery.tries.map(({ at, ms, status, error }) => ({ at: timestamp(at), ms, status, error })),
    next_attempt_at: delivery.dueAt === null ? null : timestamp(delivery.dueAt),
    created_at: timestamp(delivery.createdAt),
  };
}
