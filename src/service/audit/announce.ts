import { newId } from '../../core/id.ts';
import { timestamp } from '../../core/views.ts';
import { AUDIT_SEALED } from '../../core/webhooks.ts';
import { deliveryDocument, type WebhookDelivery } from '../webhooks/delivery.ts';
import { type Endpoint, endpointFrom, WEBHOOK_KIND } from '../webhooks/endpoint.ts';
import { newestBatch, openSeal, type Seal } from './batch.ts';
import { pagesOf } from './pages.ts';
import type { SealDeps } from './seal.ts';

/** Tells the newest root of every application to the log and to webhooks: what left the database cannot be taken back in it. */
export async function announceRoots(deps: SealDeps): Promise<void> {
  for (const { id } of await deps.store.applications.list()) {
    const head = await newestBatch(deps, id);
    const seal = head === null ? null : openSeal(deps, head);
    if (head === null || seal === null) continue;
    const { number, root, count, sealed_at } = seal;
    deps.env.log({ event: 'audit.root', level: 'info', application: id, batch: number, root, count, sealed_at });
    await tellWebhooks(deps, seal, head.seal);
  }
}

async function tellWebhooks(deps: SealDeps, seal: Seal, signed: string): Promise<void> {
  const now = await deps.store.verifications.time();
  for await (const page of pagesOf(deps, { kind: WEBHOOK_KIND, application: seal.application })) {
    for (const endpoint of page.map((document) => endpointFrom(deps.ring, document))) {
      if (!endpoint.enabled || endpoint.mode !== 'live' || !endpoint.events.includes(AUDIT_SEALED)) continue;
      await deps.store.documents.put(deliveryDocument(deliveryTo(deps, endpoint, { seal, signed, now }), now));
    }
  }
}

function deliveryTo(
  { env }: SealDeps,
  endpoint: Endpoint,
  { seal, signed, now }: { readonly seal: Seal; readonly signed: string; readonly now: number },
): WebhookDelivery {
  return {
    id: newId('whd', now, env.randomText(20)),
    application: endpoint.application,
    version: 1,
    webhook: endpoint.id,
    type: AUDIT_SEALED,
    at: now,
    verification: null,
    send: null,
    facts: { ...seal, seal: signed, announced_at: timestamp(now) },
    state: 'pending',
    failures: 0,
    tries: [],
    createdAt: now,
    dueAt: now,
  };
}
