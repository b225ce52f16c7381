import * as schema from '../../schema/index.ts';
import { render, renderOnce, textReply } from '../reply.ts';
import { keyed } from '../route.ts';
import type { Route } from '../route.ts';

const tag = 'Audit';
const scope = 'admin';

/** The append-only log of what agents, keys and the system did. */
export const AUDIT_ROUTES: readonly Route[] = [
  keyed({
    method: 'GET',
    path: '/v1/audit',
    operationId: 'listAudit',
    tag,
    scope,
    summary: 'List the audit log',
    doc: 'Newest first. `action` takes a whole action (`key.created`) or its first word (`key`). A filter that takes hardly anything may give a short page with a cursor.',
    query: schema.auditQuerySchema,
    responses: {
      200: { description: 'A page of entries.', schema: ['AuditList', schema.listSchema(schema.auditEntrySchema)] },
    },
    async handle(call) {
      const { action, ...query } = call.query;
      const actions = action === undefined ? {} : { actions: [action] };
      return render(call, await call.service.audit.list(call.caller, { ...query, ...actions }));
    },
  }),
  keyed({
    method: 'POST',
    path: '/v1/audit/verify',
    operationId: 'verifyAudit',
    tag,
    scope,
    summary: 'Verify the audit log',
    doc: 'Checks every signature, the chain of batches and every entry, and names the first that is not as it was sealed.',
    body: ['AuditVerify', schema.auditVerifySchema],
    bodyOptional: true,
    idempotent: true,
    example: {},
    responses: { 200: { description: 'The verdict.', schema: ['AuditVerdict', schema.auditVerdictSchema] } },
    handle: async ({ service, ...call }) =>
      renderOnce({ service, ...call }, () => service.audit.verify(call.caller, call.body.root)),
  }),
  keyed({
    method: 'GET',
    path: '/v1/audit/export',
    operationId: 'exportAudit',
    tag,
    scope,
    summary: 'Export the audit log with proofs',
    doc: 'Everything sealed as lines of JSON (`application/x-ndjson`): each batch as it was signed, each entry with its salt and its proof.',
    responses: { 200: { description: 'The log.', type: 'application/x-ndjson' } },
    async handle(call) {
      const log = await call.service.audit.export(call.caller);
      return log.ok ? textReply(call, log.value, 'application/x-ndjson') : render(call, log);
    },
  }),
];
