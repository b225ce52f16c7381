import type { WebhookEvent } from '../../core/webhooks.ts';
import type { ServiceDeps } from '../deps.ts';
import { pagesOf } from '../pages.ts';
import { deliveryDocument, newDelivery, type WebhookDelivery } from './delivery.ts';
import { endpointFrom, WEBHOOK_KIND } from './endpoint.ts';

/** What no verification tells. */
export interface Notice {
  readonly type: WebhookEvent;
  readonly application: string;
  readonly facts: NonNullable<WebhookDelivery['facts']>;
}

/** Queues a notice for every live webhook of its application that wants it, dated `now` (epoch ms). */
export async function notifyWebhooks(
  deps: Pick<ServiceDeps, 'store' | 'ring' | 'env'>,
  { type, application, facts }: Notice,
  now: number,
): Promise<void> {
  for await (const page of pagesOf(deps, { kind: WEBHOOK_KIND, application })) {
    for (const endpoint of page.map((document) => endpointFrom(deps.ring, document))) {
      if (!endpoint.enabled || endpoint.mode !== 'live' || !endpoint.events.includes(type)) continue;
      await deps.store.documents.put(deliveryDocument(newDelivery(deps.env, endpoint, { type, facts }, now), now));
    }
  }
}
