import * as schema from '../../schema/index.ts';
import { render } from '../reply.ts';
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
];
