export {
  createClient,
  type Client,
  type Readiness,
  type ReceiptsApi,
  type SystemApi,
  type TestingApi,
} from './client.ts';
export { ApiError, type ApiProblem, type ClientErrorCode, type LimitHit } from './error.ts';
export type * from './inputs.ts';
export type { List } from './list.ts';
export type { DirectoryApi, SuppressionsApi } from './people.ts';
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
export type { ErrorCode, FieldError } from '../core/errors.ts';
