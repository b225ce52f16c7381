import * as schema from '../../schema/index.ts';
import { render, renderOnce } from '../reply.ts';
import { keyed } from '../route.ts';
import type { Route } from '../route.ts';

const tag = 'Testing';
const CLOCK = { description: 'The clock.', schema: ['TestClock', schema.testClockSchema] } as const;

export const TESTING_ROUTES: readonly Route[] = [
  keyed({
    method: 'GET',
    path: '/v1/test/inbox',
    operationId: 'listInbox',
    tag,
    scope: 'read',
    testKeysOnly: true,
    summary: 'Read what test sends produced',
    doc: 'For ten minutes, with a test key only.',
    query: schema.toQuerySchema,
    responses: { 200: { description: 'Messages, newest first.', schema: ['Inbox', schema.inboxSchema] } },
    errors: ['invalid_destination'],
    handle: async (call) => render(call, await call.service.inbox.list(call.caller, call.query.to)),
  }),
  keyed({
    method: 'GET',
    path: '/v1/test/clock',
    operationId: 'getTestClock',
    tag,
    scope: 'read',
    testKeysOnly: true,
    summary: 'Read the clock of the test keys',
    doc: 'With a test key only.',
    responses: { 200: CLOCK },
    handle: async (call) => render(call, await call.service.testClock.read(call.caller)),
  }),
  keyed({
    method: 'POST',
    path: '/v1/test/clock',
    operationId: 'advanceTestClock',
    tag,
    scope: 'send',
    testKeysOnly: true,
    summary: 'Let time pass for test verifications',
    doc: 'Every open test verification of the application gets that much older, so that your tests reach expiry and the end of a cool-down without waiting. Live verifications and other applications see nothing of it.',
    body: ['TestClockInput', schema.testClockInputSchema],
    idempotent: true,
    example: { advance_seconds: 600 },
    responses: { 200: CLOCK },
    errors: ['conflict'],
    handle: async ({ service, ...call }) =>
      renderOnce({ service, ...call }, () => service.testClock.advance(call.caller, call.body.advance_seconds)),
  }),
];
