import * as schema from '../../schema/index.ts';
import { render } from '../reply.ts';
import { keyed } from '../route.ts';
import type { Route } from '../route.ts';

/** How the application's live traffic does. */
export const STATS_ROUTES: readonly Route[] = [
  keyed({
    method: 'GET',
    path: '/v1/stats',
    operationId: 'getStats',
    tag: 'Insights',
    scope: 'admin',
    summary: 'Get statistics of a period',
    doc: 'Live traffic between two UTC days (both in), compared with as many days before: funnel, conversion, time to verify and cost, grouped by day, country, channel, provider, purpose or agent; failures and blocks by reason; days far from those before. The worker counts: the current day is at most minutes behind.',
    query: schema.statsQuerySchema,
    responses: { 200: { description: 'The figures.', schema: ['Stats', schema.statsSchema] } },
    handle: async (call) => render(call, await call.service.insights.stats(call.caller, call.query)),
  }),
];
