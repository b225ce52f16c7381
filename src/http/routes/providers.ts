import * as schema from '../../schema/index.ts';
import { render, renderOnce } from '../reply.ts';
import { keyed } from '../route.ts';
import type { Route } from '../route.ts';

/** Who carries the messages, and how well. */
export const PROVIDER_ROUTES: readonly Route[] = [
  keyed({
    method: 'GET',
    path: '/v1/providers',
    operationId: 'listProviders',
    tag: 'Providers',
    scope: 'admin',
    summary: 'List the providers of the application',
    doc: 'With their routes and prices, whether they rest because they did not answer (as this process knows), and what was measured of the application’s live messages in the last seven days: conversion and times, by country.',
    responses: {
      200: {
        description: 'The providers, channel by channel, as they are listed.',
        schema: ['ProviderList', schema.listSchema(schema.providerSchema)],
      },
    },
    handle: async (call) => render(call, await call.service.providers.list(call.caller)),
  }),
  keyed({
    method: 'POST',
    path: '/v1/providers/test',
    operationId: 'testProvider',
    tag: 'Providers',
    scope: 'admin',
    summary: 'Send a test message through a provider',
    doc: 'A real message without a code, to see that the provider takes it; at most ten an hour for an application. It is no verification.',
    body: ['ProviderTestInput', schema.providerTestSchema],
    idempotent: true,
    example: { channel: 'sms', provider: 'webhook:gateway.example', to: '+14155552671' },
    responses: {
      200: { description: 'What the provider said.', schema: ['ProviderTest', schema.providerTestViewSchema] },
    },
    errors: [
      'invalid_destination',
      'unreachable_destination',
      'country_not_allowed',
      'destination_suppressed',
      'sends_stopped',
      'limit_exceeded',
    ],
    handle: async ({ service, ...call }) =>
      renderOnce({ service, ...call }, () => service.providers.test(call.caller, call.body)),
  }),
];
