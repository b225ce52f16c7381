import { STAFF_SIGN_IN } from '../../core/staff.ts';
import { webhookEventOf } from '../../core/webhooks.ts';
import type { Verification } from '../../core/verification.ts';
import type { KeyRing } from '../../crypto/index.ts';
import type { CommittedDocument, StoredDocument } from '../../ports/documents.ts';
import type { Environment } from '../../ports/environment.ts';
import type { Store } from '../../ports/store.ts';
import type { Changes, VerificationStore } from '../../ports/verification-store.ts';
import { readThrough } from '../read-through.ts';
import { verificationsWith } from '../store-with.ts';
import { deliveryDocument, newDelivery } from './delivery.ts';
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
  const known = readThrough<ByApplication>(deps.env, { forMs: FRESH_MS });
  const all = (): Promise<ByApplication> => known.of('', () => load(deps));

  async function told(record: Verification, changes: Changes): Promise<Changes> {
    // What agents sign in with is the desk's alone.
    if (changes.events.length === 0 || record.purpose === STAFF_SIGN_IN) return changes;
    const wanting = (await all()).get(record.application) ?? [];
    const documents = wanting.flatMap((endpoint) => deliveriesTo(deps, endpoint, record, changes));
    return documents.length === 0 ? changes : { ...changes, documents: [...changes.documents, ...documents] };
  }

  return {
    find: async (id) => [...(await all()).values()].flat().find((endpoint) => endpoint.id === id) ?? null,
    forget: () => known.forget(),
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
): readonly CommittedDocument[] {
  if (!endpoint.enabled || endpoint.mode !== record.mode) return [];
  return events.flatMap((event) => {
    const type = webhookEventOf(event.type);
    if (type === null || !endpoint.events.includes(type)) return [];
    const { send } = event.data;
    const told = { type, verification: record.id, send: typeof send === 'string' ? send : null };
    return [deliveryDocument(newDelivery(env, endpoint, told, event.createdAt), event.createdAt)];
  });
}
