export {
  createClient,
  type Client,
  type Readiness,
  type ReceiptsApi,
  type SystemApi,
  type TestingApi,
} from './client.ts';
export type { AuditApi, Stats } from './audit.ts';
export type { AgentsApi, ClientsApi, RepresentativesApi } from './desk.ts';
export { ApiError, type ApiProblem, type ClientErrorCode, type LimitHit } from './error.ts';
export type * from './admin-inputs.ts';
export type * from './inputs.ts';
export type { List } from './list.ts';
export type { ProvidersApi, TemplatesApi } from './messages.ts';
export type { DirectoryApi, ListRulesApi, SuppressionsApi } from './people.ts';
export {
  verifyReceipt,
  type JsonWebKeySet,
  type ReceiptClaims,
  type ReceiptOptions,
  type ReceiptRefusal,
  type ReceiptResult,
} from './receipt.ts';
export type { ApiKeysApi, ApplicationsApi, PoliciesApi, WebhooksApi } from './settings.ts';
export type { CallOptions, CallParts, ClientOptions, Query, Request } from './transport.ts';
export type { ChecksApi, Preview, VerificationsApi } from './verifications.ts';
export {
  verifyWebhook,
  type GatewayMessage,
  type WebhookHeaders,
  type WebhookOptions,
  type WebhookPayload,
  type WebhookResult,
} from './webhook.ts';
export type {
  ApiKeyView,
  ApplicationView,
  CheckResult,
  CheckView,
  EventView,
  InboxMessageView,
  ListView,
  PersonView,
  PolicyView,
  PreviewView,
  ReceiptVerdictView,
  SendView,
  SuppressionView,
  VerificationView,
  WebhookDeliveryView,
  WebhookView,
} from '../core/views.ts';
export type { AgentView } from '../core/agent-views.ts';
export type { AuditEntryView, AuditVerdictView } from '../core/audit-views.ts';
export type { StatsRow, StatsView } from '../core/insight-views.ts';
export type { ListRuleView } from '../core/list-rules.ts';
export type { ClientView, RepresentativeView } from '../core/people-views.ts';
export type { PolicyTrialView, PolicyVersionView, TrialEffects } from '../core/policy-views.ts';
export type { ProviderTestView, ProviderView } from '../core/provider-views.ts';
export type { TemplatePreviewView, TemplateView } from '../core/templates/views.ts';
export type { ErrorCode, FieldError } from '../core/errors.ts';
