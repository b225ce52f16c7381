import * as schema from '../../schema/index.ts';
import { UNAVAILABLE_SECONDS } from '../problem.ts';
import { json, textReply } from '../reply.ts';
import { open } from '../route.ts';
import type { Route } from '../route.ts';

const tag = 'System';

export const SYSTEM_ROUTES: readonly Route[] = [
  open({
    method: 'GET',
    path: '/healthz',
    operationId: 'getLiveness',
    tag,
    summary: 'Liveness',
    doc: 'The process answers.',
    responses: { 200: { description: 'Alive.', schema: ['Liveness', schema.livenessSchema] } },
    handle: async (exchange) => json(exchange, { status: 'ok' }),
  }),
  open({
    method: 'GET',
    path: '/readyz',
    operationId: 'getReadiness',
    tag,
    summary: 'Readiness',
    doc: 'Store, worker, queue and clock, each with a reason when it is not fine.',
    responses: {
      200: { description: 'Ready.', schema: ['Readiness', schema.readinessSchema] },
      503: { description: 'Not ready, with reasons.', schema: ['Readiness', schema.readinessSchema] },
    },
    async handle(exchange) {
      const health = await exchange.service.health.readiness();
      if (health.ready) return json(exchange, health);
      const answer = json(exchange, health, 503);
      answer.headers.set('retry-after', String(UNAVAILABLE_SECONDS));
      return answer;
    },
  }),
  open({
    method: 'GET',
    path: '/metrics',
    operationId: 'getMetrics',
    tag,
    summary: 'Metrics',
    doc: 'Prometheus text exposition.',
    responses: { 200: { description: 'Metrics.', type: 'text/plain' } },
    handle: async (exchange) =>
      textReply(exchange, await exchange.options.metrics.expose(), 'text/plain; version=0.0.4; charset=utf-8'),
  }),
];
