import * as schema from '../../schema/index.ts';
import { render, renderOnce } from '../reply.ts';
import { keyed } from '../route.ts';
import type { Route } from '../route.ts';

const tag = 'Templates';
const scope = 'admin';
const TEMPLATE = ['Template', schema.templateSchema] as const;

/** An application's own words for its messages. */
export const TEMPLATE_ROUTES: readonly Route[] = [
  keyed({
    method: 'GET',
    path: '/v1/templates',
    operationId: 'listTemplates',
    tag,
    scope,
    summary: 'List the templates of the application',
    doc: 'In the order of their ids, those of the configuration file too.',
    query: schema.templateQuerySchema,
    responses: {
      200: { description: 'A page of templates.', schema: ['TemplateList', schema.listSchema(schema.templateSchema)] },
    },
    handle: async (call) => render(call, await call.service.templates.list(call.caller, call.query)),
  }),
  keyed({
    method: 'PUT',
    path: '/v1/templates',
    operationId: 'putTemplate',
    tag,
    scope,
    summary: 'Set the template of a channel, purpose and language',
    doc: 'Writes it or replaces the one before; holds for messages sent from now on, within a second everywhere. What the linter finds wrong is 400 with a pointer, what it only doubts is in `warnings`.',
    body: ['TemplateInput', schema.templateInputSchema],
    example: {
      channel: 'sms',
      purpose: 'login',
      locale: 'en',
      text: '{brand} code: {code}\nIt works for {time}. We never ask you for it.',
    },
    responses: { 200: { description: 'The template.', schema: TEMPLATE } },
    errors: ['conflict'],
    handle: async (call) => render(call, await call.service.templates.put(call.caller, call.body)),
  }),
  keyed({
    method: 'GET',
    path: '/v1/templates/{id}',
    operationId: 'getTemplate',
    tag,
    scope,
    summary: 'Get a template',
    doc: 'The id says what it is for: `tpl_sms.de.payment`, with `-` for any language or purpose.',
    responses: { 200: { description: 'The template.', schema: TEMPLATE } },
    errors: ['not_found'],
    handle: async (call) => render(call, await call.service.templates.get(call.caller, call.param)),
  }),
  keyed({
    method: 'DELETE',
    path: '/v1/templates/{id}',
    operationId: 'deleteTemplate',
    tag,
    scope,
    summary: 'Delete a template',
    doc: 'Messages are made from the next best one again, at last from our own words.',
    responses: { 200: { description: 'Deleted.', schema: ['Deleted', schema.deletedSchema] } },
    errors: ['not_found', 'conflict'],
    handle: async (call) => render(call, await call.service.templates.remove(call.caller, call.param)),
  }),
  keyed({
    method: 'POST',
    path: '/v1/templates/preview',
    operationId: 'previewTemplate',
    tag,
    scope,
    summary: 'Preview a message',
    doc: 'With the words of the request, or without `text` with those in use. Saves and sends nothing; dots stand for the code, samples for the details of a payment.',
    body: ['TemplatePreviewInput', schema.templatePreviewInputSchema],
    idempotent: true,
    example: { channel: 'sms', purpose: 'payment', locale: 'pt-BR' },
    responses: {
      200: { description: 'The message.', schema: ['TemplatePreview', schema.templatePreviewSchema] },
    },
    handle: async ({ service, ...call }) =>
      renderOnce({ service, ...call }, () => service.templates.preview(call.caller, call.body)),
  }),
];
