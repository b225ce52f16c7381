import type { ApiKeyView, ApplicationView, PolicyView, WebhookDeliveryView, WebhookView } from '../core/views.ts';
import type { ApiKeyInput, ApplicationInput, PageQuery, PolicyInput, WebhookInput, WebhookPatch } from './inputs.ts';
import { type List, listOf } from './list.ts';
import type { CallOptions, Request } from './transport.ts';

export interface PoliciesApi {
  /** The effective policy of a purpose. */
  get(purpose: string, options?: CallOptions): Promise<PolicyView>;
  /** Replaces what was set; a missing field comes from the preset. */
  put(purpose: string, policy: PolicyInput, options?: CallOptions): Promise<PolicyView>;
}

export interface ApplicationsApi {
  create(input: ApplicationInput & { readonly name: string }, options?: CallOptions): Promise<ApplicationView>;
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
  redeliver(delivery: string, options?: CallOptions): Promise<WebhookDeliveryView>;
}

const path = (resource: string, id: string): string => `/v1/${resource}/${encodeURIComponent(id)}`;

export function policiesApi(request: Request): PoliciesApi {
  return {
    get: (purpose, options) => request('GET', path('policies', purpose), {}, options),
    put: (purpose, body, options) => request('PUT', path('policies', purpose), { body }, options),
  };
}

export function applicationsApi(request: Request): ApplicationsApi {
  return {
    create: (body, options) => request('POST', '/v1/applications', { body }, options),
    get: (id, options) => request('GET', path('applications', id), {}, options),
    update: (id, body, options) => request('PATCH', path('applications', id), { body }, options),
  };
}

export function apiKeysApi(request: Request): ApiKeysApi {
  return {
    create: (body, options) => request('POST', '/v1/api-keys', { body }, options),
    list: (options) => listOf(request, '/v1/api-keys', {}, options),
    revoke: (id, options) => request('DELETE', path('api-keys', id), {}, options),
  };
}

export function webhooksApi(request: Request): WebhooksApi {
  const of = (id: string): string => path('webhooks', id);
  return {
    create: (body, options) => request('POST', '/v1/webhooks', { body }, options),
    list: (options) => listOf(request, '/v1/webhooks', {}, options),
    get: (id, options) => request('GET', of(id), {}, options),
    update: (id, body, options) => request('PATCH', of(id), { body }, options),
    remove: (id, options) => request('DELETE', of(id), {}, options),
    rotateSecret: (id, options) => request('POST', `${of(id)}/secret`, {}, options),
    test: (id, options) => request('POST', `${of(id)}/test`, {}, options),
    deliveries: (id, query, options) => listOf(request, `${of(id)}/deliveries`, query, options),
    redeliver: (id, options) => request('POST', `${path('webhook-deliveries', id)}/redeliver`, {}, options),
  };
}
