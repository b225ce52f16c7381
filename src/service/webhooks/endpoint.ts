import { sealed } from '../../core/redacted.ts';
import type { Mode } from '../../core/verification.ts';
import { timestamp, type WebhookView } from '../../core/views.ts';
import type { WebhookEvent } from '../../core/webhooks.ts';
import type { KeyRing } from '../../crypto/index.ts';
import type { StoredDocument } from '../../ports/documents.ts';

export const WEBHOOK_KIND = 'webhook';
/** After a rotation the old secret signs too for this long. */
export const OLD_SECRET_MS = 86_400_000;

/** A customer's address that is told of events. */
export interface Endpoint {
  readonly id: string;
  readonly application: string;
  readonly version: number;
  readonly mode: Mode;
  readonly url: string;
  readonly events: readonly WebhookEvent[];
  readonly description: string | null;
  readonly enabled: boolean;
  /** Why it was switched off without being asked, e.g. the address answered 410. */
  readonly disabledReason: string | null;
  /** Newest first; an older one has an end (epoch ms). */
  readonly secrets: readonly { readonly secret: string; readonly endsAt: number | null }[];
  readonly createdAt: number;
}

type Body = Omit<Endpoint, 'id' | 'application' | 'version' | 'secrets' | 'createdAt'> & { readonly sealed: string };

/** The endpoint to be written; its secrets are sealed for its id. */
export function endpointDocument(ring: KeyRing, endpoint: Endpoint): StoredDocument {
  const { id, application, version, secrets, createdAt, ...rest } = endpoint;
  const body: Body = { ...rest, sealed: ring.seal('webhook', JSON.stringify(secrets), id).reveal() };
  const text = JSON.stringify(body);
  return {
    kind: WEBHOOK_KIND,
    id,
    application,
    index: null,
    version,
    body: text,
    createdAt,
    dueAt: null,
    endsAt: null,
  };
}

/** The endpoint back; without secrets when no key of the ring opens them any more. */
export function endpointFrom(ring: KeyRing, document: StoredDocument): Endpoint {
  const { sealed: text, ...rest } = JSON.parse(document.body) as Body;
  const { id, application, version, createdAt } = document;
  const opened = ring.open('webhook', sealed(text), id);
  const secrets = opened === null ? [] : (JSON.parse(opened) as Endpoint['secrets']);
  return { id, application, version, createdAt, secrets, ...rest };
}

/** Secrets that sign at `now`. */
export function liveSecrets({ secrets }: Endpoint, now: number): readonly string[] {
  return secrets.filter(({ endsAt }) => endsAt === null || now < endsAt).map(({ secret }) => secret);
}

/** `secret` is shown once, by the call that made it. */
export function endpointView(endpoint: Endpoint, secret?: string): WebhookView {
  return {
    id: endpoint.id,
    object: 'webhook',
    url: endpoint.url,
    events: endpoint.events,
    description: endpoint.description,
    status: endpoint.enabled ? 'enabled' : 'disabled',
    disabled_reason: endpoint.disabledReason,
    created_at: timestamp(endpoint.createdAt),
    test: endpoint.mode === 'test',
    ...(secret === undefined ? {} : { secret }),
  };
}
