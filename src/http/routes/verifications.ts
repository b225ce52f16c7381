import { ok } from '../../core/errors.ts';
import * as schema from '../../schema/index.ts';
import { prefersCsv } from '../accept.ts';
import { csvStream } from '../csv.ts';
import { problemResponse } from '../problem.ts';
import { plainReply, render, renderOnce, textReply } from '../reply.ts';
import { keyed } from '../route.ts';
import type { Route } from '../route.ts';

const VERIFICATION = ['Verification', schema.verificationSchema] as const;
const tag = 'Verifications';
const errors = ['verification_not_found'] as const;

export const VERIFICATION_ROUTES: readonly Route[] = [
  keyed({
    method: 'POST',
    path: '/v1/verifications',
    operationId: 'startVerification',
    tag,
    scope: 'send',
    summary: 'Start a verification',
    doc: 'Sends a code to a phone number or an e-mail address and opens a verification for it.',
    body: ['StartVerification', schema.startSchema],
    idempotent: true,
    often: true,
    example: { to: '+14155552671', purpose: 'login', context: { order: '1042' } },
    responses: {
      201: { description: 'A new verification; the message is on its way.', schema: VERIFICATION },
      200: { description: 'The one that was open already (`on_open: reuse`).', schema: VERIFICATION },
    },
    errors: [
      'country_not_allowed',
      'challenge_required',
      'budget_exhausted',
      'invalid_destination',
      'unreachable_destination',
      'channel_unavailable',
      'recipient_unknown',
      'destination_suppressed',
      'sends_stopped',
      'send_cooldown',
      'limit_exceeded',
    ],
    async handle(call) {
      const result = await call.service.verify.start(call.caller, call.body, call.idempotency);
      if (!result.ok) return plainReply(call, result);
      return plainReply(call, ok(result.value.verification), result.value.created ? 201 : 200);
    },
  }),
  keyed({
    method: 'GET',
    path: '/v1/verifications',
    operationId: 'listVerifications',
    tag,
    scope: 'read',
    forOthers: true,
    summary: 'Search verifications',
    doc: 'Newest first. With `Accept: text/csv` all matches are streamed as CSV; `limit` and `cursor` do not apply then.',
    query: schema.searchQuerySchema,
    responses: {
      200: {
        description: 'A page of verifications.',
        schema: ['VerificationList', schema.listSchema(schema.verificationSchema)],
        type: 'text/csv',
      },
    },
    async handle(call) {
      if (!prefersCsv(call.header('accept')))
        return render(call, await call.service.records.search(call.caller, call.query));
      const { limit: _limit, cursor: _cursor, ...filters } = call.query;
      const rows = await call.service.records.exportRows(call.caller, filters);
      if (!rows.ok) return problemResponse(rows.problem, call.requestId, call.options);
      return textReply(call, csvStream(rows.value), 'text/csv; charset=utf-8; header=present');
    },
  }),
  keyed({
    method: 'GET',
    path: '/v1/verifications/{id}',
    operationId: 'getVerification',
    tag,
    scope: 'read',
    forOthers: true,
    summary: 'Get a verification',
    doc: 'Readable until its retention ends, whatever the status.',
    responses: { 200: { description: 'The verification.', schema: VERIFICATION } },
    errors,
    handle: async (call) => render(call, await call.service.verify.get(call.caller, call.param)),
  }),
  keyed({
    method: 'GET',
    path: '/v1/verifications/{id}/sends',
    operationId: 'listSends',
    tag,
    scope: 'read',
    forOthers: true,
    summary: 'List the messages of a verification',
    doc: 'Each with its tries and what became of it.',
    responses: { 200: { description: 'The sends.', schema: ['SendList', schema.listSchema(schema.sendSchema)] } },
    errors,
    handle: async (call) => render(call, await call.service.records.sends(call.caller, call.param)),
  }),
  keyed({
    method: 'POST',
    path: '/v1/verifications/{id}/sends',
    operationId: 'resend',
    tag,
    scope: 'send',
    summary: 'Send the code again',
    doc: 'Over the same channel, another one, or the `next` of the ladder. Refills no checks.',
    body: ['Resend', schema.resendSchema],
    bodyOptional: true,
    idempotent: true,
    example: { channel: 'next' },
    responses: { 202: { description: 'The message is on its way.', schema: VERIFICATION } },
    errors: [
      'verification_not_found',
      'verification_closed',
      'channel_unavailable',
      'destination_suppressed',
      'sends_stopped',
      'send_cooldown',
      'limit_exceeded',
    ],
    handle: async (call) =>
      render(call, await call.service.verify.resend(call.caller, call.param, call.body, call.idempotency), 202),
  }),
  keyed({
    method: 'GET',
    path: '/v1/verifications/{id}/events',
    operationId: 'listEvents',
    tag,
    scope: 'read',
    forOthers: true,
    summary: 'List what happened to a verification',
    doc: 'Append-only facts; none carries a code. Checks say right or wrong, when, and in `data.ip` and `data.user_agent` where the request came from.',
    responses: { 200: { description: 'The events.', schema: ['EventList', schema.listSchema(schema.eventSchema)] } },
    errors,
    handle: async (call) => render(call, await call.service.records.events(call.caller, call.param)),
  }),
  keyed({
    method: 'POST',
    path: '/v1/verifications/{id}/checks',
    operationId: 'check',
    tag,
    scope: 'check',
    summary: 'Check a code',
    doc: 'A wrong code is an answer (200, `result: incorrect`), not an error. A code outside the pattern is 400 and costs nothing.',
    body: ['Check', schema.checkSchema],
    idempotent: true,
    often: true,
    example: { code: '123456', context: { order: '1042' } },
    responses: { 200: { description: 'The verdict.', schema: ['CheckResult', schema.checkResultSchema] } },
    errors: ['invalid_code_format', 'verification_not_found'],
    handle: async (call) =>
      plainReply(call, await call.service.verify.check(call.caller, call.param, call.body, call.idempotency)),
  }),
  keyed({
    method: 'POST',
    path: '/v1/verifications/{id}/cancel',
    operationId: 'cancelVerification',
    tag,
    scope: 'send',
    summary: 'Cancel a verification',
    doc: 'Closes it; queued messages are dropped.',
    body: ['Empty', schema.emptySchema],
    bodyOptional: true,
    idempotent: true,
    responses: { 200: { description: 'The canceled verification.', schema: VERIFICATION } },
    errors: ['verification_not_found', 'verification_closed'],
    handle: async (call) => render(call, await call.service.verify.cancel(call.caller, call.param, call.idempotency)),
  }),
  keyed({
    method: 'POST',
    path: '/v1/checks',
    operationId: 'checkByDestination',
    tag,
    scope: 'check',
    summary: 'Check a code by its destination',
    doc: 'For the newest open verification of that destination and purpose. Only where the policy says `check_by_destination`.',
    body: ['CheckByDestination', schema.checkByDestinationSchema],
    idempotent: true,
    example: { to: '+14155552671', code: '123456' },
    responses: { 200: { description: 'The verdict.', schema: ['CheckResult', schema.checkResultSchema] } },
    errors: ['invalid_code_format', 'verification_not_found', 'invalid_destination', 'unreachable_destination'],
    handle: async (call) =>
      render(call, await call.service.verify.checkByDestination(call.caller, call.body, call.idempotency)),
  }),
  keyed({
    method: 'POST',
    path: '/v1/preview',
    operationId: 'previewMessage',
    tag,
    scope: 'send',
    summary: 'Preview the message of a start',
    doc: 'The same body as a start. Sends nothing and counts nothing; dots stand for the code.',
    body: ['StartVerification', schema.startSchema],
    idempotent: true,
    example: { to: '+14155552671' },
    responses: {
      200: {
        description: 'The message and the limits it would count against.',
        schema: ['Preview', schema.previewSchema],
      },
    },
    errors: [
      'country_not_allowed',
      'invalid_destination',
      'unreachable_destination',
      'channel_unavailable',
      'destination_suppressed',
      'sends_stopped',
    ],
    handle: async (call) => renderOnce(call, () => call.service.verify.preview(call.caller, call.body)),
  }),
];
