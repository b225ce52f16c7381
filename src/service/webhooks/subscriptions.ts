import { webhookEventOf } from '../../core/webhooks.ts';
import { newId } from '../../core/id.ts';
import type { Verification } from '../../core/verification.ts';
import type { KeyRing } from '../../crypto/index.ts';
import type { StoredDocument } from '../../ports/documents.ts';
import type { Environment } from '../../ports/environment.ts';
import type { Store } from '../../ports/store.ts';
import type { Changes, VerificationStore } from '../../ports/verification-store.ts';
import { verificationsWith } from '../store-with.ts';
import { deliveryDocument, type WebhookDelivery } from './delivery.ts';
import { type Endpoint, endpointFrom, WEBHOOK_KIND } from './endpoint.ts';

const FRESH_MS = 1_000;
const PAGE = 500;

export interface SubscriptionDeps {
  readonly store: Store;
  readonly ring: KeyRing;
  readonly env: Environment;
  /** Something was queued for webhooks by this process. */
  readonly wake: () => void;
}

/** Who wants to be told what; at most a second behind a change made by any instance. */
export interface Subscriptions {
  find(id: string): Promise<Endpoint | null>;
  forget(): void;
  /** The same verifications; every commit with an event somebody wants queues its delivery in the same commit. */
  watch(verifications: VerificationStore): VerificationStore;
}

type ByApplication = ReadonlyMap<string, readonly Endpoint[]>;

export function createSubscriptions(deps: SubscriptionDeps): Subscriptions {
  let loadedAt = Number.NEGATIVE_INFINITY;
  let loading: Promise<ByApplication> = Promise.resolve(new Map());

  function all(): Promise<ByApplication> {
    if (deps.env.now() - loadedAt < FRESH_MS) return loading;
    loadedAt = deps.env.now();
    loading = load(deps);
    loading.catch(() => (loadedAt = Number.NEGATIVE_INFINITY));
    return loading;
  }

  async function told(record: Verification, changes: Changes): Promise<Changes> {
    if (changes.events.length === 0) return changes;
    const wanting = (await all()).get(record.application) ?? [];
    const documents = wanting.flatMap((endpoint) => deliveriesTo(deps, endpoint, record, changes));
    return documents.length === 0 ? changes : { ...changes, documents: [...changes.documents, ...documents] };
  }

  return {
    find: async (id) => [...(await all()).values()].flat().find((endpoint) => endpoint.id === id) ?? null,
    forget: () => (loadedAt = Number.NEGATIVE_INFINITY),
    watch: (verifications) =>
      verificationsWith(verifications, {
        async insert(record, changes) {
          const more = await told(record, changes);
          const outcome = await verifications.insert(record, more);
          if (more !== changes) deps.wake();
          return outcome;
        },
        async replace(record, expectedVersion, changes) {
          const more = await told(record, changes);
          const outcome = await verifications.replace(record, expectedVersion, more);
          if (more !== changes) deps.wake();
          return outcome;
        },
      }),
  };
}

async function load({ store, ring }: SubscriptionDeps): Promise<ByApplication> {
  const documents: StoredDocument[] = [];
  for (let more = true; more;) {
    const after = documents.at(-1)?.id;
    const found = await store.documents.list({
      kind: WEBHOOK_KIND,
      limit: PAGE,
      ...(after === undefined ? {} : { after }),
    });
    documents.push(...found);
    more = found.length === PAGE;
  }
  const byApplication = new Map<string, Endpoint[]>();
  for (const document of documents) {
    const endpoint = endpointFrom(ring, document);
    const others = byApplication.get(endpoint.application);
    if (others === undefined) byApplication.set(endpoint.application, [endpoint]);
    else others.push(endpoint);
  }
  return byApplication;
}

function deliveriesTo(
  { env }: SubscriptionDeps,
  endpoint: Endpoint,
  record: Verification,
  { events }: Changes,
): readonly StoredDocument[] {
  if (!endpoint.enabled || endpoint.mode !== record.mode) return [];
  return events.flatMap((event) => {
    const type = webhookEventOf(event.type);
    if (type === null || !endpoint.events.includes(type)) return [];
    const { send } = event.data;
    const delivery: WebhookDelivery = {
      id: newId('whd', event.createdAt, env.randomText(20)),
      application: record.application,
      version: 1,
      webhook: endpoint.id,
      type,
      at: event.createdAt,
      verification: record.id,
      send: typeof send === 'string' ? send : null,
      state: 'pending',
      failures: 0,
      tries: [],
      createdAt: event.createdAt,
      dueAt: event.createdAt,
    };
    return [deliveryDocument(delivery, event.createdAt)];
  });
}
