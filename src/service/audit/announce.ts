import { timestamp } from '../../core/views.ts';
import { AUDIT_SEALED } from '../../core/webhooks.ts';
import { notifyWebhooks } from '../webhooks/notice.ts';
import { newestBatch, openSeal } from './batch.ts';
import type { SealDeps } from './seal.ts';

/** Tells the newest root of every application to the log and to webhooks: what left the database cannot be taken back in it. */
export async function announceRoots(deps: SealDeps): Promise<void> {
  for (const { id } of await deps.store.applications.list()) {
    const head = await newestBatch(deps, id);
    const seal = head === null ? null : openSeal(deps, head);
    if (head === null || seal === null) continue;
    const { number, root, count, sealed_at } = seal;
    deps.env.log({ event: 'audit.root', level: 'info', application: id, batch: number, root, count, sealed_at });
    const now = await deps.store.verifications.time();
    const facts = { ...seal, seal: head.seal, announced_at: timestamp(now) };
    await notifyWebhooks(deps, { type: AUDIT_SEALED, application: seal.application, facts }, now);
  }
}
