import { refuse } from '../../core/errors.ts';
import type { Caller } from '../../service/api.ts';
import * as schema from '../../schema/index.ts';
import { render, renderOnce } from '../reply.ts';
import { keyed } from '../route.ts';
import type { Route } from '../route.ts';

const POLICY = ['Policy', schema.policyViewSchema] as const;
const APPLICATION = ['Application', schema.applicationViewSchema] as const;
const API_KEY = ['ApiKey', schema.apiKeySchema] as const;

export const POLICY_ROUTES: readonly Route[] = [
  keyed({
    method: 'GET',
    path: '/v1/policies',
    operationId: 'listPolicies',
    tag: 'Policies',
    scope: 'admin',
    summary: 'List the policies of the application',
    doc: 'Those that were set, by purpose. Every other purpose has what the application’s preset says.',
    responses: {
      200: { description: 'The policies.', schema: ['PolicyList', schema.listSchema(schema.policyViewSchema)] },
    },
    handle: async (call) => render(call, await call.service.applications.policies(call.caller)),
  }),
  keyed({
    method: 'GET',
    path: '/v1/policies/{purpose}',
    operationId: 'getPolicy',
    tag: 'Policies',
    scope: 'admin',
    summary: 'Get the policy of a purpose',
    doc: 'The effective policy: its own fields over its preset, the preset over `default`.',
    param: schema.purposeSchema,
    responses: { 200: { description: 'The effective policy.', schema: POLICY } },
    handle: async (call) => render(call, await call.service.applications.policy(call.caller, call.param)),
  }),
  keyed({
    method: 'PUT',
    path: '/v1/policies/{purpose}',
    operationId: 'putPolicy',
    tag: 'Policies',
    scope: 'admin',
    summary: 'Set the policy of a purpose',
    doc: 'Replaces what was set; a missing field comes from the preset. Holds for verifications started from now on.',
    param: schema.purposeSchema,
    body: ['PolicyInput', schema.policySchema],
    example: { preset: 'desk', ttl_seconds: 300, max_checks: 3 },
    responses: { 200: { description: 'The effective policy.', schema: POLICY } },
    errors: ['conflict'],
    handle: async (call) => render(call, await call.service.applications.putPolicy(call.caller, call.param, call.body)),
  }),
  keyed({
    method: 'GET',
    path: '/v1/policies/{purpose}/versions',
    operationId: 'listPolicyVersions',
    tag: 'Policies',
    scope: 'admin',
    summary: 'List what the policy of a purpose was',
    doc: 'Every change with its number, who made it and what it replaced, newest first; the newest 200 are kept.',
    param: schema.purposeSchema,
    query: schema.pageQuerySchema,
    responses: {
      200: {
        description: 'A page of versions.',
        schema: ['PolicyVersionList', schema.listSchema(schema.policyVersionSchema)],
      },
    },
    handle: async (call) =>
      render(call, await call.service.applications.policyVersions(call.caller, call.param, call.query)),
  }),
  keyed({
    method: 'POST',
    path: '/v1/policies/{purpose}/restore',
    operationId: 'restorePolicy',
    tag: 'Policies',
    scope: 'admin',
    summary: 'Bring back an earlier policy',
    doc: 'Sets again what a version had set, as a new version.',
    param: schema.purposeSchema,
    body: ['PolicyRestore', schema.policyRestoreSchema],
    idempotent: true,
    example: { version: 1 },
    responses: { 200: { description: 'The effective policy.', schema: POLICY } },
    errors: ['not_found', 'conflict'],
    handle: async ({ service, ...call }) =>
      renderOnce({ service, ...call }, () =>
        service.applications.restorePolicy(call.caller, call.param, call.body.version),
      ),
  }),
  keyed({
    method: 'POST',
    path: '/v1/policies/{purpose}/try',
    operationId: 'tryPolicy',
    tag: 'Policies',
    scope: 'admin',
    summary: 'Try a policy on the last seven days',
    doc: 'What it would have changed, counted over the newest 2,000 records of the key’s mode. Sets nothing. What people would have done under it nobody knows: each record is taken by itself.',
    param: schema.purposeSchema,
    body: ['PolicyInput', schema.policySchema],
    idempotent: true,
    example: { preset: 'desk', ttl_seconds: 120 },
    responses: {
      200: { description: 'What would have been different.', schema: ['PolicyTrial', schema.policyTrialSchema] },
    },
    handle: async ({ service, ...call }) =>
      renderOnce({ service, ...call }, () => service.applications.tryPolicy(call.caller, call.param, call.body)),
  }),
];

export const APPLICATION_ROUTES: readonly Route[] = [
  keyed({
    method: 'POST',
    path: '/v1/applications',
    operationId: 'createApplication',
    tag: 'Applications',
    scope: 'admin',
    summary: 'Create an application',
    doc: 'For an admin key of the application `default`.',
    body: ['ApplicationInput', schema.applicationSchema],
    idempotent: true,
    example: { name: 'shop', preset: 'hosted-email' },
    responses: { 201: { description: 'The application.', schema: APPLICATION } },
    errors: ['conflict'],
    handle: async (call) =>
      render(call, await call.service.applications.create(call.caller, call.body, call.idempotency), 201),
  }),
  keyed({
    method: 'GET',
    path: '/v1/applications',
    operationId: 'listApplications',
    tag: 'Applications',
    scope: 'admin',
    summary: 'List the applications',
    doc: 'The application of the key; for a key of `default` every one.',
    responses: {
      200: {
        description: 'The applications.',
        schema: ['ApplicationList', schema.listSchema(schema.applicationViewSchema)],
      },
    },
    handle: async (call) => render(call, await call.service.applications.list(call.caller)),
  }),
  keyed({
    method: 'GET',
    path: '/v1/applications/{id}',
    operationId: 'getApplication',
    tag: 'Applications',
    scope: 'admin',
    summary: 'Get an application',
    doc: 'An admin key sees its own application, one of `default` every application; any other is not found.',
    responses: { 200: { description: 'The application.', schema: APPLICATION } },
    errors: ['not_found'],
    handle: async (call) => render(call, await call.service.applications.get(call.caller, call.param)),
  }),
  keyed({
    method: 'PATCH',
    path: '/v1/applications/{id}',
    operationId: 'updateApplication',
    tag: 'Applications',
    scope: 'admin',
    summary: 'Change an application',
    doc: 'What is absent stays. Fields named in `managed` are set by the configuration file and refused here.',
    body: ['ApplicationPatch', schema.applicationPatchSchema],
    example: { brand: 'Acme', return_urls: ['https://shop.example/done'] },
    responses: { 200: { description: 'The application.', schema: APPLICATION } },
    errors: ['not_found', 'conflict'],
    handle: async (call) => render(call, await call.service.applications.update(call.caller, call.param, call.body)),
  }),
];

/** The keys that a key may see and revoke: all, or those of tests. */
function visible({ mode }: Caller): 'test' | undefined {
  return mode === 'test' ? 'test' : undefined;
}

export const API_KEY_ROUTES: readonly Route[] = [
  keyed({
    method: 'POST',
    path: '/v1/api-keys',
    operationId: 'createApiKey',
    tag: 'API keys',
    scope: 'admin',
    summary: 'Create an API key',
    doc: 'The key is in this answer and never shown again. A test key cannot make a live one.',
    body: ['ApiKeyInput', schema.apiKeyInputSchema],
    idempotent: true,
    example: { mode: 'live', scopes: ['send', 'check'], name: 'web shop' },
    responses: { 201: { description: 'The key, with its secret.', schema: API_KEY } },
    async handle(call) {
      const { caller, body, service } = call;
      if (caller.mode === 'test' && body.mode === 'live') {
        return render(call, refuse({ code: 'forbidden', detail: 'A test key cannot create a live key.' }));
      }
      return renderOnce(call, () => service.keys.create(caller.application, body, caller), 201);
    },
  }),
  keyed({
    method: 'GET',
    path: '/v1/api-keys',
    operationId: 'listApiKeys',
    tag: 'API keys',
    scope: 'admin',
    summary: 'List the API keys of the application',
    doc: 'Without their secrets. A test key sees test keys only.',
    responses: { 200: { description: 'The keys.', schema: ['ApiKeyList', schema.listSchema(schema.apiKeySchema)] } },
    handle: async (call) => render(call, await call.service.keys.list(call.caller.application, visible(call.caller))),
  }),
  keyed({
    method: 'DELETE',
    path: '/v1/api-keys/{id}',
    operationId: 'revokeApiKey',
    tag: 'API keys',
    scope: 'admin',
    summary: 'Revoke an API key',
    doc: 'Holds on every instance within a second. Revoking twice is fine. A test key revokes test keys only.',
    responses: { 200: { description: 'The revoked key.', schema: API_KEY } },
    errors: ['not_found'],
    handle: async (call) =>
      render(
        call,
        await call.service.keys.revoke(call.caller.application, call.param, {
          ...call.caller,
          only: visible(call.caller),
        }),
      ),
  }),
];
