import type { TestClockView } from '../core/testing-views.ts';
import type { InboxMessageView, ReceiptVerdictView } from '../core/views.ts';
import { type AuditApi, auditApi, type Stats, statsOf } from './audit.ts';
import {
  type AgentsApi,
  agentsApi,
  type ClientsApi,
  clientsApi,
  type RepresentativesApi,
  representativesApi,
} from './desk.ts';
import { type ProvidersApi, providersApi, type TemplatesApi, templatesApi } from './messages.ts';
import {
  type DirectoryApi,
  directoryApi,
  type ListRulesApi,
  listRulesApi,
  type SuppressionsApi,
  suppressionsApi,
} from './people.ts';
import type { JsonWebKeySet } from './receipt.ts';
import {
  type ApiKeysApi,
  apiKeysApi,
  type ApplicationsApi,
  applicationsApi,
  type PoliciesApi,
  policiesApi,
  type WebhooksApi,
  webhooksApi,
} from './settings.ts';
import { type CallOptions, type ClientOptions, createTransport, type Request } from './transport.ts';
import {
  type ChecksApi,
  checksApi,
  type Preview,
  previewOf,
  type VerificationsApi,
  verificationsApi,
} from './verifications.ts';

export interface ReceiptsApi {
  /** Asks the service, which knows a receipt that was used before; offline, `verifyReceipt`. */
  verify(receipt: string, options?: CallOptions): Promise<ReceiptVerdictView>;
  jwks(options?: CallOptions): Promise<JsonWebKeySet>;
}

/** For test keys. */
export interface TestingApi {
  /** Newest first, for ten minutes. */
  inbox(to?: string, options?: CallOptions): Promise<{ readonly data: readonly InboxMessageView[] }>;
  clock(options?: CallOptions): Promise<TestClockView>;
  /** Makes every open test verification that much older. */
  advance(seconds: number, options?: CallOptions): Promise<TestClockView>;
}

export interface Readiness {
  readonly ready: boolean;
  readonly checks: Readonly<Record<string, { readonly ok: boolean; readonly reason?: string }>>;
}

/** Needs no key. */
export interface SystemApi {
  health(options?: CallOptions): Promise<{ readonly status: string }>;
  /** Not being ready is an answer, with reasons. */
  readiness(options?: CallOptions): Promise<Readiness>;
  /** Prometheus text. */
  metrics(options?: CallOptions): Promise<string>;
  openapi(options?: CallOptions): Promise<Readonly<Record<string, unknown>>>;
}

export interface Client {
  readonly verifications: VerificationsApi;
  readonly checks: ChecksApi;
  readonly preview: Preview;
  readonly receipts: ReceiptsApi;
  readonly policies: PoliciesApi;
  readonly applications: ApplicationsApi;
  readonly apiKeys: ApiKeysApi;
  readonly directory: DirectoryApi;
  readonly suppressions: SuppressionsApi;
  readonly listRules: ListRulesApi;
  readonly webhooks: WebhooksApi;
  readonly templates: TemplatesApi;
  readonly providers: ProvidersApi;
  readonly agents: AgentsApi;
  readonly clients: ClientsApi;
  readonly representatives: RepresentativesApi;
  readonly audit: AuditApi;
  readonly stats: Stats;
  readonly testing: TestingApi;
  readonly system: SystemApi;
  /** Any call of the API, with the same errors and repetitions; for what a newer service has and this client does not. */
  readonly request: Request;
}

/** A client of one service. It holds no connection and needs no closing. */
export function createClient(options: ClientOptions): Client {
  const request = createTransport(options);
  return {
    verifications: verificationsApi(request),
    checks: checksApi(request),
    preview: previewOf(request),
    receipts: {
      verify: (receipt, call) => request('POST', '/v1/receipts/verify', { body: { receipt } }, call),
      jwks: (call) => request('GET', '/.well-known/jwks.json', {}, call),
    },
    policies: policiesApi(request),
    applications: applicationsApi(request),
    apiKeys: apiKeysApi(request),
    directory: directoryApi(request),
    suppressions: suppressionsApi(request),
    listRules: listRulesApi(request),
    webhooks: webhooksApi(request),
    templates: templatesApi(request),
    providers: providersApi(request),
    agents: agentsApi(request),
    clients: clientsApi(request),
    representatives: representativesApi(request),
    audit: auditApi(request),
    stats: statsOf(request),
    testing: {
      inbox: (to, call) => request('GET', '/v1/test/inbox', { query: { to } }, call),
      clock: (call) => request('GET', '/v1/test/clock', {}, call),
      advance: (seconds, call) => request('POST', '/v1/test/clock', { body: { advance_seconds: seconds } }, call),
    },
    system: {
      health: (call) => request('GET', '/healthz', {}, call),
      readiness: (call) => request('GET', '/readyz', { also: 503 }, call),
      metrics: (call) => request('GET', '/metrics', { as: 'text' }, call),
      openapi: (call) => request('GET', '/openapi.json', {}, call),
    },
    request,
  };
}
