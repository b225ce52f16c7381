import type { PolicyTrialView, PolicyVersionView } from '../core/policy-views.ts';
import type { ApiKeyView, ApplicationView, PolicyView, WebhookDeliveryView, WebhookView } from '../core/views.ts';
import type { ApiKeyInput, ApplicationInput, PageQuery, PolicyInput, WebhookInput, WebhookPatch } from './inputs.ts';
import { type List, listOf } from './list.ts';
import { type CallOptions, pathOf, type Request } from './transport.ts';

export interface PoliciesApi {
  /** The effective policy of a purpose. */
  get(purpose: string, options?: CallOptions): Promise<PolicyView>;
  /** Replaces what was set; a missing field comes from the preset. */
  put(purpose: string, policy: PolicyInput, options?: CallOptions): Promise<PolicyView>;
  /** Those that were set, by purpose. */
  list(options?: CallOptions): List<PolicyView>;
  /** Every change of it, newest first. */
  versions(purpose: string, query?: PageQuery, options?: CallOptions): List<PolicyVersionView>;
  /** Sets again what that version had set, as a new version. */
  restore(purpose: string, version: number, options?: CallOptions): Promise<PolicyView>;
  /** What a policy would have changed in the last seven days; sets nothing. */
  try(purpose: string, policy: PolicyInput, options?: CallOptions): Promise<PolicyTrialView>;
}

export interface ApplicationsApi {
  create(input: ApplicationInput & { readonly name: string }, options?: CallOptions): Promise<ApplicationView>;
  /** The application of the key; for a key of `default` every one. */
  list(options?: CallOptions): List<ApplicationView>;
  get(id: string, options?: CallOptions): Promise<ApplicationView>;
  update(id: string, input: ApplicationInput, options?: CallOptions): Promise<ApplicationView>;
}

export interface ApiKeysApi {
  /** `key` is in this answer only. */
  create(input: ApiKeyInput, options?: CallOptions): Promise<ApiKeyView>;
  list(options?: CallOptions): List<ApiKeyView>;
  revoke(id: string, options?: CallOptions): Promise<ApiKeyView>;
}

export interface WebhooksApi {
  /** `secret` is in this answer only. */
  create(input: WebhookInput, options?: CallOptions): Promise<WebhookView>;
  list(options?: CallOptions): List<WebhookView>;
  get(id: string, options?: CallOptions): Promise<WebhookView>;
  update(id: string, input: WebhookPatch, options?: CallOptions): Promise<WebhookView>;
  remove(id: string, options?: CallOptions): Promise<{ readonly deleted: boolean }>;
  /** A new secret; for a day both sign. */
  rotateSecret(id: string, options?: CallOptions): Promise<WebhookView>;
  test(id: string, options?: CallOptions): Promise<WebhookDeliveryView>;
  deliveries(id: string, query?: PageQuery, options?: CallOptions): List<WebhookDeliveryView>;
  /** What was posted and answered, try by try. */
  delivery(delivery: string, options?: CallOptions): Promise<WebhookDeliveryView>;
  redeliver(delivery: string, options?: CallOptions): Promise<WebhookDeliveryView>;
}

export function policiesApi(request: Request): PoliciesApi {
  return {
    get: (purpose, options) => request('GET', pathOf('policies', purpose), {}, options),
    put: (purpose, body, options) => request('PUT', pathOf('policies', purpose), { body }, options),
    list: (options) => listOf(request, pathOf('policies'), {}, options),
    versions: (purpose, query, options) => listOf(request, `${pathOf('policies', purpose)}/versions`, query, options),
    restore: (purpose, version, options) =>
      request('POST', `${pathOf('policies', purpose)}/restore`, { body: { version } }, options),
    try: (purpose, body, options) => request('POST', `${pathOf('policies', purpose)}/try`, { body }, options),
  };
}

export function applicationsApi(request: Request): ApplicationsApi {
  return {
    create: (body, options) => request('POST', pathOf('applications'), { body }, options),
    list: (options) => listOf(request, pathOf('applications'), {}, options),
    get: (id, options) => request('GET', pathOf('applications', id), {}, options),
    update: (id, body, options) => request('PATCH', pathOf('applications', id), { body }, options),
  };
}

export function apiKeysApi(request: Request): ApiKeysApi {
  return {
    create: (body, options) => request('POST', pathOf('api-keys'), { body }, options),
    list: (options) => listOf(request, pathOf('api-keys'), {}, options),
    revoke: (id, options) => request('DELETE', pathOf('api-keys', id), {}, options),
  };
}

export function webhooksApi(request: Request): WebhooksApi {
  const of = (id: string): string => pathOf('webhooks', id);
  return {
    create: (body, options) => request('POST', pathOf('webhooks'), { body }, options),
    list: (options) => listOf(request, pathOf('webhooks'), {}, options),
    get: (id, options) => request('GET', of(id), {}, options),
    update: (id, body, options) => request('PATCH', of(id), { body }, options),
    remove: (id, options) => request('DELETE', of(id), {}, options),
    rotateSecret: (id, options) => request('POST', `${of(id)}/secret`, {}, options),
    test: (id, options) => request('POST', `${of(id)}/test`, {}, options),
    deliveries: (id, query, options) => listOf(request, `${of(id)}/deliveries`, query, options),
    delivery: (id, options) => request('GET', pathOf('webhook-deliveries', id), {}, options),
    redeliver: (id, options) => request('POST', `${pathOf('webhook-deliveries', id)}/redeliver`, {}, options),
  };
}
