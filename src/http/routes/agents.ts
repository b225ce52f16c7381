import * as schema from '../../schema/index.ts';
import { render, renderOnce } from '../reply.ts';
import { keyed } from '../route.ts';
import type { Route } from '../route.ts';

const tag = 'Agents';
const scope = 'admin';
const AGENT = ['Agent', schema.agentSchema] as const;

/** The people of the application's desk. They are never deleted. */
export const AGENT_ROUTES: readonly Route[] = [
  keyed({
    method: 'POST',
    path: '/v1/agents',
    operationId: 'createAgent',
    tag,
    scope,
    summary: 'Create an agent',
    doc: 'Somebody who may sign in to the desk. Without a password one is made; it is in this answer and never shown again.',
    body: ['AgentInput', schema.agentInputSchema],
    idempotent: true,
    example: { email: 'noor@harbour.example', name: 'Noor Haddad', role: 'supervisor' },
    responses: { 201: { description: 'The agent.', schema: AGENT } },
    errors: ['conflict'],
    handle: async ({ service, ...call }) =>
      renderOnce({ service, ...call }, () => service.staff.agents.create(call.caller, call.body), 201),
  }),
  keyed({
    method: 'GET',
    path: '/v1/agents',
    operationId: 'listAgents',
    tag,
    scope,
    summary: 'List the agents of the application',
    doc: 'Oldest first.',
    query: schema.pageQuerySchema,
    responses: {
      200: { description: 'A page of agents.', schema: ['AgentList', schema.listSchema(schema.agentSchema)] },
    },
    handle: async (call) => render(call, await call.service.staff.agents.list(call.caller, call.query)),
  }),
  keyed({
    method: 'GET',
    path: '/v1/agents/{id}',
    operationId: 'getAgent',
    tag,
    scope,
    summary: 'Get an agent',
    doc: 'Whether active or not.',
    responses: { 200: { description: 'The agent.', schema: AGENT } },
    errors: ['not_found'],
    handle: async (call) => render(call, await call.service.staff.agents.get(call.caller, call.param)),
  }),
  keyed({
    method: 'PATCH',
    path: '/v1/agents/{id}',
    operationId: 'updateAgent',
    tag,
    scope,
    summary: 'Change an agent',
    doc: 'What is absent stays. `active: false` ends every session at once. The last active administrator stays.',
    body: ['AgentPatch', schema.agentPatchSchema],
    example: { active: false },
    responses: { 200: { description: 'The agent.', schema: AGENT } },
    errors: ['not_found', 'conflict'],
    handle: async (call) => render(call, await call.service.staff.agents.update(call.caller, call.param, call.body)),
  }),
  keyed({
    method: 'DELETE',
    path: '/v1/agents/{id}/second-factor',
    operationId: 'resetSecondFactor',
    tag,
    scope,
    summary: 'Reset an agent’s second factor',
    doc: 'Authenticator, recovery codes and passkeys go, every session ends; codes for signing in go by e-mail again.',
    responses: { 200: { description: 'The agent.', schema: AGENT } },
    errors: ['not_found'],
    handle: async (call) => render(call, await call.service.staff.agents.resetSecondFactor(call.caller, call.param)),
  }),
];
