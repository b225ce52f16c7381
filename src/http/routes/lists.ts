import * as schema from '../../schema/index.ts';
import { render, renderOnce } from '../reply.ts';
import { keyed } from '../route.ts';
import type { Route } from '../route.ts';

const tag = 'Lists';
const scope = 'admin';
const path = '/v1/lists/suppressions';
const RULES = '/v1/lists/rules';
const RULE = ['ListRule', schema.listRuleSchema] as const;
const SUPPRESSION = ['Suppression', schema.suppressionSchema] as const;

/** Who gets nothing more. */
export const LIST_ROUTES: readonly Route[] = [
  keyed({
    method: 'POST',
    path,
    operationId: 'suppress',
    tag,
    scope,
    summary: 'Send nothing more to a destination',
    doc: 'Starts and resends for it are refused. One that is there already stays as it is, but a `stop`, which the person can lift by START, gives way to any other reason. `bounce` is for this very mailbox, any other reason for all its aliases.',
    body: ['SuppressionInput', schema.suppressionInputSchema],
    idempotent: true,
    example: { to: '+14155552671', reason: 'stop' },
    responses: { 201: { description: 'The suppression.', schema: SUPPRESSION } },
    errors: ['invalid_destination'],
    handle: async ({ service, ...call }) =>
      renderOnce({ service, ...call }, () => service.suppressions.add(call.caller, call.body), 201),
  }),
  keyed({
    method: 'GET',
    path,
    operationId: 'listSuppressions',
    tag,
    scope,
    summary: 'List the suppressions',
    doc: 'In no particular order and without addresses, which are not kept; `to` finds what holds one destination back.',
    query: schema.directoryQuerySchema,
    responses: {
      200: {
        description: 'A page of suppressions.',
        schema: ['SuppressionList', schema.listSchema(schema.suppressionSchema)],
      },
    },
    errors: ['invalid_destination'],
    handle: async (call) => render(call, await call.service.suppressions.list(call.caller, call.query)),
  }),
  keyed({
    method: 'DELETE',
    path,
    operationId: 'liftSuppression',
    tag,
    scope,
    summary: 'Let a destination get messages again',
    doc: 'Only when the person asked for it, or the mailbox exists again.',
    body: ['Destination', schema.destinationSchema],
    example: { to: '+14155552671' },
    responses: { 200: { description: 'Lifted.', schema: ['Deleted', schema.deletedSchema] } },
    errors: ['invalid_destination', 'not_found'],
    handle: async (call) => render(call, await call.service.suppressions.remove(call.caller, call.body.to)),
  }),
  keyed({
    method: 'POST',
    path: RULES,
    operationId: 'addListRule',
    tag,
    scope,
    summary: 'Add a rule to the block or allow list',
    doc: 'Of addresses, beginnings of numbers, countries and mail domains (with all below them). A start that a rule stops is recorded as `blocked` with `rule:block_list` or `rule:allow_list`; nothing is sent. With rules on the allow list only what they name gets codes. A block wins. Holds within a second everywhere.',
    body: ['ListRuleInput', schema.listRuleInputSchema],
    idempotent: true,
    example: { list: 'block', type: 'prefix', value: '+8816' },
    responses: { 201: { description: 'The rule.', schema: RULE } },
    errors: ['invalid_destination', 'unreachable_destination', 'conflict'],
    handle: async ({ service, ...call }) =>
      renderOnce({ service, ...call }, () => service.listRules.add(call.caller, call.body), 201),
  }),
  keyed({
    method: 'GET',
    path: RULES,
    operationId: 'listListRules',
    tag,
    scope,
    summary: 'List the rules',
    doc: 'All of both lists, oldest first.',
    responses: {
      200: { description: 'The rules.', schema: ['ListRuleList', schema.listSchema(schema.listRuleSchema)] },
    },
    handle: async (call) => render(call, await call.service.listRules.list(call.caller)),
  }),
  keyed({
    method: 'DELETE',
    path: `${RULES}/{id}`,
    operationId: 'removeListRule',
    tag,
    scope,
    summary: 'Remove a rule',
    doc: 'Holds within a second everywhere.',
    responses: { 200: { description: 'Removed.', schema: ['Deleted', schema.deletedSchema] } },
    errors: ['not_found'],
    handle: async (call) => render(call, await call.service.listRules.remove(call.caller, call.param)),
  }),
];
