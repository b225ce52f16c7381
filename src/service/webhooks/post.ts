import { sendView, timestamp } from '../../core/views.ts';
import { nextTryAt } from '../../core/webhooks.ts';
import { signWebhook } from '../../crypto/index.ts';
import type { WebhookAnswer } from '../../ports/webhook-client.ts';
import type { ServiceDeps } from '../deps.ts';
import { viewOf } from '../view.ts';
import { deliveryDocument, deliveryFrom, DELIVERY_KIND, type DeliveryTry, type WebhookDelivery } from './delivery.ts';
import { type Endpoint, endpointDocument, endpointFrom, liveSecrets, WEBHOOK_KIND } from './endpoint.ts';
import type { Subscriptions } from './subscriptions.ts';

const MOST_AT_ONCE = 128;
/** Posts to one webhook at once: one that does not answer must leave room for the others. */
const MOST_OF_ONE = 32;
/** A webhook with all its posts under way, the oldest for this long, is left alone for a while; about as long as a post may take. */
const SLOW_MS = 1_000;
const LEFT_ALONE_MS = 15_000;
/** Longer than one post may take. */
const LEASE_MS = 30_000;
/** Standard Webhooks asks for payloads under 20 kB. */
const MOST_BYTES = 20_000;
const RANDOM_STEPS = 1_000;
const GONE = 410;

export type WebhookDeps = Pick<ServiceDeps, 'store' | 'ring' | 'env' | 'webhookClient' | 'settings'> & {
  readonly subscriptions: Subscriptions;
};

/** Posts under way in this process. */
export interface Posts {
  /** Begins every delivery that is due and waits for none of them, only for room; returns how many were looked at. */
  begin(): Promise<number>;
  /** Resolves once all of those under way have ended. */
  idle(): Promise<void>;
}

interface Post {
  readonly begunAt: number;
  readonly done: Promise<void>;
}

export function createPosts(deps: WebhookDeps): Posts {
  const running = new Set<Promise<void>>();
  const byWebhook = new Map<string, Set<Post>>();

  function start(delivery: WebhookDelivery, own: Set<Post>): void {
    // A delivery whose outcome could not be written comes back when its lease ends.
    const done = postOne(deps, delivery).catch(() => undefined);
    const post = { begunAt: deps.env.now(), done };
    own.add(post);
    running.add(done);
    void done.then(() => {
      running.delete(done);
      own.delete(post);
      if (own.size === 0) byWebhook.delete(delivery.webhook);
    });
  }

  async function place(delivery: WebhookDelivery, now: number): Promise<void> {
    for (;;) {
      const own = byWebhook.get(delivery.webhook) ?? new Set<Post>();
      byWebhook.set(delivery.webhook, own);
      const [oldest] = own;
      if (oldest === undefined || own.size < MOST_OF_ONE) return start(delivery, own);
      if (deps.env.now() - oldest.begunAt >= SLOW_MS)
        return write(deps, { ...delivery, dueAt: now + LEFT_ALONE_MS }, now);
      const waking = new AbortController();
      await Promise.race([...Array.from(own, ({ done }) => done), deps.env.sleep(SLOW_MS, waking.signal)]);
      waking.abort();
    }
  }

  return {
    async begin() {
      while (running.size >= MOST_AT_ONCE) await Promise.race(running);
      const now = await deps.store.verifications.time();
      const claimed = await deps.store.documents.claim(DELIVERY_KIND, now, MOST_AT_ONCE - running.size, LEASE_MS);
      for (const document of claimed) await place(deliveryFrom(document), now);
      return claimed.length;
    },
    idle: async () => void (await Promise.all(running)),
  };
}

async function postOne(deps: WebhookDeps, delivery: WebhookDelivery): Promise<void> {
  const endpoint = await endpointOf(deps, delivery.webhook);
  const now = await deps.store.verifications.time();
  if (endpoint === null || !endpoint.enabled) return settle(deps, delivery, 'discarded', now);
  const body = await bodyOf(deps, delivery, now);
  if (body === null) return settle(deps, delivery, 'discarded', now);
  const begun = deps.env.now();
  const answer = await deps.webhookClient.post(endpoint.url, headersOf(endpoint, delivery, body, now), body);
  const tried = withTry(delivery, triedOf(answer, now, deps.env.now() - begun));
  if (answer.type === 'answered' && answer.status >= 200 && answer.status < 300)
    return settle(deps, tried, 'delivered', now);
  if (answer.type === 'answered' && answer.status === GONE) {
    await switchOff(deps, endpoint);
    return settle(deps, tried, 'failed', now);
  }
  const failures = delivery.failures + 1;
  const dueAt = nextTryAt(failures, now, deps.env.randomInt(RANDOM_STEPS) / RANDOM_STEPS);
  if (dueAt === null) return settle(deps, { ...tried, failures }, 'failed', now);
  await write(deps, { ...tried, failures, dueAt }, now);
}

/** Nothing is given up by what was remembered a second ago: the webhook may be new, or enabled again. */
async function endpointOf({ subscriptions, store, ring }: WebhookDeps, id: string): Promise<Endpoint | null> {
  const known = await subscriptions.find(id);
  if (known?.enabled === true) return known;
  const document = await store.documents.get(WEBHOOK_KIND, id);
  return document === null ? null : endpointFrom(ring, document);
}

function headersOf(
  endpoint: Endpoint,
  { id }: WebhookDelivery,
  body: string,
  now: number,
): Readonly<Record<string, string>> {
  const seconds = Math.floor(now / 1_000);
  return {
    'content-type': 'application/json',
    'user-agent': 'Watchword',
    'webhook-id': id,
    'webhook-timestamp': String(seconds),
    'webhook-signature': signWebhook({ id, timestamp: seconds, body }, liveSecrets(endpoint, now)),
  };
}

/** The payload as things stand now; null when the verification is gone. */
async function bodyOf(deps: WebhookDeps, delivery: WebhookDelivery, now: number): Promise<string | null> {
  const { type, at, verification, send, facts = {} } = delivery;
  const head = { type, timestamp: timestamp(at) };
  if (verification === null) return JSON.stringify({ ...head, data: facts });
  const { record } = await deps.store.verifications.get(verification);
  if (record === null) return null;
  if (type.startsWith('send.')) {
    const found = (await deps.store.records.sends(verification)).find(({ id }) => id === send);
    return found === undefined ? null : JSON.stringify({ ...head, data: { ...sendView(found), verification } });
  }
  const data = viewOf(deps, record, now);
  const body = JSON.stringify({ ...head, data });
  return Buffer.byteLength(body) <= MOST_BYTES
    ? body
    : JSON.stringify({ ...head, data: { ...data, context: null, metadata: {} } });
}

function triedOf(answer: WebhookAnswer, at: number, ms: number): DeliveryTry {
  if (answer.type !== 'answered') return { at, ms, status: null, error: answer.reason };
  const { status } = answer;
  const isRedirect = status >= 300 && status < 400;
  return { at, ms, status, error: isRedirect ? 'redirects are not followed' : null };
}

function withTry(delivery: WebhookDelivery, tried: DeliveryTry): WebhookDelivery {
  return { ...delivery, tries: [...delivery.tries, tried] };
}

function settle(
  deps: WebhookDeps,
  delivery: WebhookDelivery,
  state: WebhookDelivery['state'],
  now: number,
): Promise<void> {
  return write(deps, { ...delivery, state, dueAt: null }, now);
}

/** When another worker took it over meanwhile its word stands. */
async function write(deps: WebhookDeps, delivery: WebhookDelivery, now: number): Promise<void> {
  await deps.store.documents.put(deliveryDocument({ ...delivery, version: delivery.version + 1 }, now));
}

async function switchOff(deps: WebhookDeps, endpoint: Endpoint): Promise<void> {
  const off = { ...endpoint, version: endpoint.version + 1, enabled: false, disabledReason: 'It answered 410 Gone.' };
  await deps.store.documents.put(endpointDocument(deps.ring, off));
  deps.subscriptions.forget();
  deps.env.log({ event: 'webhook.disabled', level: 'warn', webhook: endpoint.id, reason: '410' });
}
