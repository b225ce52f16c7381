import * as schema from '../../schema/index.ts';
import { render, renderOnce } from '../reply.ts';
import { keyed } from '../route.ts';
import type { Route } from '../route.ts';

const tag = 'Webhooks';
const scope = 'admin';
const errors = ['not_found'] as const;
const WEBHOOK = ['Webhook', schema.webhookSchema] as const;
const DELIVERY = ['WebhookDelivery', schema.webhookDeliverySchema] as const;
const URL_EXAMPLE = 'https://shop.example/hooks/watchword';

/** Addresses that are told of events, signed as Standard Webhooks. */
export const WEBHOOK_ROUTES: readonly Route[] = [
  keyed({
    method: 'POST',
    path: '/v1/webhooks',
    operationId: 'createWebhook',
    tag,
    scope,
    summary: 'Create a webhook',
    doc: 'The signing secret is in this answer and never shown again. A test key makes a webhook for test verifications.',
    body: ['WebhookInput', schema.webhookInputSchema],
    idempotent: true,
    example: { url: URL_EXAMPLE, events: ['verification.approved', 'verification.failed'] },
    responses: { 201: { description: 'The webhook, with its secret.', schema: WEBHOOK } },
    errors: ['conflict'],
    handle: async ({ service, ...call }) =>
      renderOnce({ service, ...call }, () => service.webhooks.create(call.caller, call.body), 201),
  }),
  keyed({
    method: 'GET',
    path: '/v1/webhooks',
    operationId: 'listWebhooks',
    tag,
    scope,
    summary: 'List the webhooks of the application',
    doc: 'Those of the key’s mode, without their secrets.',
    responses: {
      200: { description: 'The webhooks.', schema: ['WebhookList', schema.listSchema(schema.webhookSchema)] },
    },
    handle: async (call) => render(call, await call.service.webhooks.list(call.caller)),
  }),
  keyed({
    method: 'GET',
    path: '/v1/webhooks/{id}',
    operationId: 'getWebhook',
    tag,
    scope,
    summary: 'Get a webhook',
    doc: 'Without its secret.',
    responses: { 200: { description: 'The webhook.', schema: WEBHOOK } },
    errors,
    handle: async (call) => render(call, await call.service.webhooks.get(call.caller, call.param)),
  }),
  keyed({
    method: 'PATCH',
    path: '/v1/webhooks/{id}',
    operationId: 'updateWebhook',
    tag,
    scope,
    summary: 'Change a webhook',
    doc: 'What is absent stays. `enabled: true` switches one on again that answered 410.',
    body: ['WebhookPatch', schema.webhookPatchSchema],
    example: { enabled: true },
    responses: { 200: { description: 'The webhook.', schema: WEBHOOK } },
    errors: ['not_found', 'conflict'],
    handle: async (call) => render(call, await call.service.webhooks.update(call.caller, call.param, call.body)),
  }),
  keyed({
    method: 'DELETE',
    path: '/v1/webhooks/{id}',
    operationId: 'deleteWebhook',
    tag,
    scope,
    summary: 'Delete a webhook',
    doc: 'What is still on its way to it is dropped.',
    responses: { 200: { description: 'Deleted.', schema: ['Deleted', schema.deletedSchema] } },
    errors,
    handle: async (call) => render(call, await call.service.webhooks.remove(call.caller, call.param)),
  }),
  keyed({
    method: 'POST',
    path: '/v1/webhooks/{id}/secret',
    operationId: 'rotateWebhookSecret',
    tag,
    scope,
    summary: 'Make a new signing secret',
    doc: 'For a day both secrets sign, so that the receiver can change over.',
    idempotent: true,
    responses: { 200: { description: 'The webhook, with its new secret.', schema: WEBHOOK } },
    errors: ['not_found', 'conflict'],
    handle: async ({ service, ...call }) =>
      renderOnce({ service, ...call }, () => service.webhooks.rotate(call.caller, call.param)),
  }),
  keyed({
    method: 'POST',
    path: '/v1/webhooks/{id}/test',
    operationId: 'testWebhook',
    tag,
    scope,
    summary: 'Send a test event',
    doc: 'Queues `webhook.test` with empty data.',
    idempotent: true,
    responses: { 202: { description: 'The delivery.', schema: DELIVERY } },
    errors,
    handle: async ({ service, ...call }) =>
      renderOnce({ service, ...call }, () => service.webhooks.test(call.caller, call.param), 202),
  }),
  keyed({
    method: 'GET',
    path: '/v1/webhooks/{id}/deliveries',
    operationId: 'listWebhookDeliveries',
    tag,
    scope,
    summary: 'List what was sent to a webhook',
    doc: 'Newest first, kept for a week after they are settled.',
    query: schema.pageQuerySchema,
    responses: {
      200: {
        description: 'A page of deliveries.',
        schema: ['WebhookDeliveryList', schema.listSchema(schema.webhookDeliverySchema)],
      },
    },
    errors,
    handle: async (call) => render(call, await call.service.webhooks.deliveries(call.caller, call.param, call.query)),
  }),
  keyed({
    method: 'GET',
    path: '/v1/webhook-deliveries/{id}',
    operationId: 'getWebhookDelivery',
    tag,
    scope,
    summary: 'Get a delivery',
    doc: 'What was posted and answered, try by try, as long as it is kept.',
    responses: { 200: { description: 'The delivery.', schema: DELIVERY } },
    errors,
    handle: async (call) => render(call, await call.service.webhooks.delivery(call.caller, call.param)),
  }),
  keyed({
    method: 'POST',
    path: '/v1/webhook-deliveries/{id}/redeliver',
    operationId: 'redeliverWebhook',
    tag,
    scope,
    summary: 'Deliver again',
    doc: 'Whatever became of it; with the same `webhook-id`, so that the receiver can tell.',
    idempotent: true,
    responses: { 202: { description: 'The delivery.', schema: DELIVERY } },
    errors: ['not_found', 'conflict'],
    handle: async ({ service, ...call }) =>
      renderOnce({ service, ...call }, () => service.webhooks.redeliver(call.caller, call.param), 202),
  }),
];
