import { ok, refuse, type Problem, type Result } from '../../core/errors.ts';
import { isId, newId } from '../../core/id.ts';
import type { ListView, WebhookDeliveryView, WebhookView } from '../../core/views.ts';
import { WEBHOOK_EVENT_NAMES } from '../../core/webhooks.ts';
import { newWebhookSecret } from '../../crypto/index.ts';
import type { Caller, WebhookInput, WebhooksService } from '../api.ts';
import {
  deliveryDocument,
  deliveryFrom,
  DELIVERY_KIND,
  deliveryView,
  newDelivery,
  type WebhookDelivery,
} from './delivery.ts';
import {
  type Endpoint,
  endpointDocument,
  endpointFrom,
  endpointView,
  liveSecrets,
  OLD_SECRET_MS,
  WEBHOOK_KIND,
} from './endpoint.ts';
import type { WebhookDeps } from './post.ts';
import { BAD_CURSOR } from '../problems.ts';

export { createPosts, type WebhookDeps } from './post.ts';
export { createSubscriptions } from './subscriptions.ts';

const MOST_WEBHOOKS = 50;
const PAGE = 20;
const NOT_FOUND: Problem = { code: 'not_found', detail: 'There is no such webhook.' };
const NO_DELIVERY: Problem = { code: 'not_found', detail: 'There is no such delivery.' };
const CHANGED: Problem = { code: 'conflict', detail: 'The webhook was changed meanwhile. Look at it and try again.' };

/** Webhooks of an application: made, changed, looked at and tried. A key of one mode sees those of its mode. */
export function createWebhooks(deps: WebhookDeps): WebhooksService {
  return {
    create: (caller, input) => create(deps, caller, input),
    list: (caller) => list(deps, caller),
    get: (caller, id) => withEndpoint(deps, caller, id, async (endpoint) => ok(endpointView(endpoint))),
    update: (caller, id, input) =>
      withEndpoint(deps, caller, id, (endpoint) => change(deps, endpoint, changedBy(endpoint, input))),
    remove: (caller, id) => withEndpoint(deps, caller, id, (endpoint) => remove(deps, endpoint)),
    rotate: (caller, id) => withEndpoint(deps, caller, id, (endpoint) => rotate(deps, endpoint)),
    test: (caller, id) => withEndpoint(deps, caller, id, (endpoint) => queueTest(deps, endpoint)),
    deliveries: (caller, id, input) =>
      withEndpoint(deps, caller, id, (endpoint) => deliveries(deps, endpoint, input.limit ?? PAGE, input.cursor)),
    delivery: (caller, id) => withDelivery(deps, caller, id, async (found) => ok(deliveryView(found))),
    redeliver: (caller, id) => redeliver(deps, caller, id),
  };
}

async function create(deps: WebhookDeps, caller: Caller, input: WebhookInput): Promise<Result<WebhookView>> {
  const application = caller.application.id;
  const there = await deps.store.documents.list({ kind: WEBHOOK_KIND, application, limit: MOST_WEBHOOKS });
  if (there.length >= MOST_WEBHOOKS)
    return refuse({ code: 'conflict', detail: `An application has at most ${MOST_WEBHOOKS} webhooks.` });
  const now = await deps.store.verifications.time();
  const secret = newWebhookSecret();
  const endpoint: Endpoint = {
    id: newId('whk', now, deps.env.randomText(20)),
    application,
    version: 1,
    mode: caller.mode,
    url: input.url,
    events: input.events ?? WEBHOOK_EVENT_NAMES,
    description: input.description ?? null,
    enabled: true,
    disabledReason: null,
    secrets: [{ secret, endsAt: null }],
    createdAt: now,
  };
  await deps.store.documents.put(endpointDocument(deps.ring, endpoint));
  deps.subscriptions.forget();
  return ok(endpointView(endpoint, secret));
}

async function list(deps: WebhookDeps, caller: Caller): Promise<Result<ListView<WebhookView>>> {
  const application = caller.application.id;
  const found = await deps.store.documents.list({ kind: WEBHOOK_KIND, application, limit: MOST_WEBHOOKS });
  const own = found.map((document) => endpointFrom(deps.ring, document)).filter(({ mode }) => mode === caller.mode);
  return ok({ data: own.map((endpoint) => endpointView(endpoint)), has_more: false, next_cursor: null });
}

async function withEndpoint<T>(
  deps: WebhookDeps,
  caller: Caller,
  id: string,
  use: (endpoint: Endpoint) => Promise<Result<T>>,
): Promise<Result<T>> {
  const document = isId('whk', id) ? await deps.store.documents.get(WEBHOOK_KIND, id) : null;
  if (document === null || document.application !== caller.application.id) return refuse(NOT_FOUND);
  const endpoint = endpointFrom(deps.ring, document);
  return endpoint.mode === caller.mode ? use(endpoint) : refuse(NOT_FOUND);
}

function changedBy(endpoint: Endpoint, input: Partial<WebhookInput> & { readonly enabled?: boolean }): Endpoint {
  const enabled = input.enabled ?? endpoint.enabled;
  return {
    ...endpoint,
    url: input.url ?? endpoint.url,
    events: input.events ?? endpoint.events,
    description: input.description === undefined ? endpoint.description : input.description,
    enabled,
    disabledReason: enabled ? null : endpoint.disabledReason,
  };
}

async function change(deps: WebhookDeps, before: Endpoint, after: Endpoint): Promise<Result<WebhookView>> {
  const next = { ...after, version: before.version + 1 };
  if (!(await deps.store.documents.put(endpointDocument(deps.ring, next)))) return refuse(CHANGED);
  deps.subscriptions.forget();
  return ok(endpointView(next));
}

async function remove(deps: WebhookDeps, { id }: Endpoint): Promise<Result<{ readonly deleted: true }>> {
  await deps.store.documents.remove(WEBHOOK_KIND, id);
  deps.subscriptions.forget();
  return ok({ deleted: true });
}

/** A new secret; the one before signs too for a day. */
async function rotate(deps: WebhookDeps, endpoint: Endpoint): Promise<Result<WebhookView>> {
  const now = await deps.store.verifications.time();
  const secret = newWebhookSecret();
  const older = liveSecrets(endpoint, now)
    .slice(0, 1)
    .map((old) => ({ secret: old, endsAt: now + OLD_SECRET_MS }));
  const changed = await change(deps, endpoint, { ...endpoint, secrets: [{ secret, endsAt: null }, ...older] });
  return changed.ok ? ok({ ...changed.value, secret }) : changed;
}

async function queueTest(deps: WebhookDeps, endpoint: Endpoint): Promise<Result<WebhookDeliveryView>> {
  const now = await deps.store.verifications.time();
  const delivery = newDelivery(deps.env, endpoint, { type: 'webhook.test' }, now);
  await deps.store.documents.put(deliveryDocument(delivery, now));
  return ok(deliveryView(delivery));
}

async function deliveries(
  deps: WebhookDeps,
  { id }: Endpoint,
  limit: number,
  cursor: string | undefined,
): Promise<Result<ListView<WebhookDeliveryView>>> {
  if (cursor !== undefined && !isId('whd', cursor)) return refuse(BAD_CURSOR);
  const query = { kind: DELIVERY_KIND, index: id, newestFirst: true, limit: limit + 1 } as const;
  const found = await deps.store.documents.list(cursor === undefined ? query : { ...query, after: cursor });
  const data = found.slice(0, limit).map((document) => deliveryView(deliveryFrom(document)));
  const hasMore = found.length > limit;
  return ok({ data, has_more: hasMore, next_cursor: hasMore ? (data.at(-1)?.id ?? null) : null });
}

async function withDelivery(
  deps: WebhookDeps,
  caller: Caller,
  id: string,
  use: (delivery: WebhookDelivery) => Promise<Result<WebhookDeliveryView>>,
): Promise<Result<WebhookDeliveryView>> {
  const document = isId('whd', id) ? await deps.store.documents.get(DELIVERY_KIND, id) : null;
  if (document === null || document.application !== caller.application.id) return refuse(NO_DELIVERY);
  const delivery = deliveryFrom(document);
  return withEndpoint(deps, caller, delivery.webhook, () => use(delivery));
}

/** Queues a delivery again from the first try on, whatever became of it. */
function redeliver(deps: WebhookDeps, caller: Caller, id: string): Promise<Result<WebhookDeliveryView>> {
  return withDelivery(deps, caller, id, async (before) => {
    const now = await deps.store.verifications.time();
    const next = { ...before, version: before.version + 1, state: 'pending', failures: 0, dueAt: now } as const;
    const written = await deps.store.documents.put(deliveryDocument(next, now));
    return written ? ok(deliveryView(next)) : refuse({ ...CHANGED, detail: 'It is being delivered just now.' });
  });
}
