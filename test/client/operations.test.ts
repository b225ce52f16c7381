import { describe, expect, it } from 'vitest';
import { type Client, createClient } from '../../src/client/index.ts';
import { ROUTES } from '../../src/http/index.ts';
import { json, scripted } from './world.ts';

const EMPTY = { data: [], has_more: false, next_cursor: null };

/** How each operation is called by name. */
const CALLS: Readonly<Record<string, (client: Client) => Promise<unknown>>> = {
  startVerification: ({ verifications }) => verifications.start({ to: 'a@b.example' }),
  listVerifications: ({ verifications }) => verifications.list({ status: 'pending' }).page(),
  getVerification: ({ verifications }) => verifications.get('an-id'),
  listSends: ({ verifications }) => verifications.sends('an-id').page(),
  resend: ({ verifications }) => verifications.resend('an-id', { channel: 'next' }),
  listEvents: ({ verifications }) => verifications.events('an-id').page(),
  check: ({ verifications }) => verifications.check('an-id', '123456'),
  cancelVerification: ({ verifications }) => verifications.cancel('an-id'),
  checkByDestination: ({ checks }) => checks.create({ to: 'a@b.example', code: '123456' }),
  previewMessage: ({ preview }) => preview({ to: 'a@b.example' }),
  verifyReceipt: ({ receipts }) => receipts.verify('a.b.c'),
  getJwks: ({ receipts }) => receipts.jwks(),
  getPolicy: ({ policies }) => policies.get('an-id'),
  putPolicy: ({ policies }) => policies.put('an-id', { max_checks: 3 }),
  createApplication: ({ applications }) => applications.create({ name: 'shop' }),
  getApplication: ({ applications }) => applications.get('an-id'),
  updateApplication: ({ applications }) => applications.update('an-id', { brand: 'Acme' }),
  createApiKey: ({ apiKeys }) => apiKeys.create({ mode: 'test', scopes: ['send'] }),
  listApiKeys: ({ apiKeys }) => apiKeys.list().page(),
  revokeApiKey: ({ apiKeys }) => apiKeys.revoke('an-id'),
  putPerson: ({ directory }) => directory.put({ to: 'a@b.example' }),
  listPeople: ({ directory }) => directory.list().page(),
  removePerson: ({ directory }) => directory.remove('a@b.example'),
  rebindDestination: ({ directory }) => directory.rebind('a@b.example'),
  eraseDestination: ({ directory }) => directory.erase('a@b.example'),
  suppress: ({ suppressions }) => suppressions.add({ to: 'a@b.example' }),
  listSuppressions: ({ suppressions }) => suppressions.list().page(),
  liftSuppression: ({ suppressions }) => suppressions.remove('a@b.example'),
  createWebhook: ({ webhooks }) => webhooks.create({ url: 'https://shop.example/' }),
  listWebhooks: ({ webhooks }) => webhooks.list().page(),
  getWebhook: ({ webhooks }) => webhooks.get('an-id'),
  updateWebhook: ({ webhooks }) => webhooks.update('an-id', { enabled: true }),
  deleteWebhook: ({ webhooks }) => webhooks.remove('an-id'),
  rotateWebhookSecret: ({ webhooks }) => webhooks.rotateSecret('an-id'),
  testWebhook: ({ webhooks }) => webhooks.test('an-id'),
  listWebhookDeliveries: ({ webhooks }) => webhooks.deliveries('an-id').page(),
  redeliverWebhook: ({ webhooks }) => webhooks.redeliver('an-id'),
  getTestClock: ({ testing }) => testing.clock(),
  advanceTestClock: ({ testing }) => testing.advance(60),
  listInbox: ({ testing }) => testing.inbox('a@b.example'),
  getLiveness: ({ system }) => system.health(),
  getReadiness: ({ system }) => system.readiness(),
  getMetrics: ({ system }) => system.metrics(),
};

/** Operations that have no name yet and are reached by `request` alone. Whoever adds a route names it above or here. */
const UNNAMED: readonly string[] = [
  'getWebhookDelivery',
  'listApplications',
  'listPolicies',
  'addListRule',
  'listListRules',
  'removeListRule',
  'testProvider',
  'listProviders',
  'listTemplates',
  'putTemplate',
  'getTemplate',
  'deleteTemplate',
  'previewTemplate',
  'createAgent',
  'listAgents',
  'listAudit',
  'verifyAudit',
  'exportAudit',
  'getStats',
  'getAgent',
  'updateAgent',
  'resetSecondFactor',
  'createClient',
  'listClients',
  'getClient',
  'updateClient',
  'deleteClient',
  'createRepresentative',
  'listRepresentatives',
  'getRepresentative',
  'updateRepresentative',
];

/** For providers: they are not called by anybody's program. */
const NOT_FOR_CLIENTS = new Set(['Callbacks']);

const routes = ROUTES.filter(({ tag }) => !NOT_FOR_CLIENTS.has(tag));

describe('the client', () => {
  it('has a call by name for every operation of the API', () => {
    const missing = routes
      .map(({ operationId }) => operationId)
      .filter((id) => !(id in CALLS) && !UNNAMED.includes(id));
    expect(missing, 'add them to src/client and to CALLS, or to UNNAMED').toEqual([]);
    const known = new Set(routes.map(({ operationId }) => operationId));
    expect([...Object.keys(CALLS), ...UNNAMED].filter((id) => !known.has(id))).toEqual([]);
  });

  it.each(routes.filter(({ operationId }) => operationId in CALLS))(
    'reaches $operationId by $method $path',
    async ({ operationId, method, path, body, bodyOptional, scope, idempotent }) => {
      const { ask, asked } = scripted(json(200, EMPTY));
      await CALLS[operationId]?.(createClient({ url: 'https://otp.acme.example/base/', key: 'ww_test_x', fetch: ask }));
      const [call] = asked;
      const [address] = (call?.path ?? '').split('?');
      expect(`${call?.method} ${address}`).toBe(`${method} /base${path.replace(/\{\w+\}/, 'an-id')}`);
      expect(call?.headers.get('authorization')).toBe('Bearer ww_test_x');
      if (body !== undefined && bodyOptional !== true)
        expect(body[1].safeParse(JSON.parse(call?.body ?? ''))).toMatchObject({ success: true });
      if (scope !== null && method === 'POST') expect([operationId, idempotent]).toEqual([operationId, true]);
    },
  );

  it('reaches any operation by request, and the document of them all', async () => {
    const { ask, asked } = scripted(json(200, {}));
    const client = createClient({ url: 'https://otp.acme.example', fetch: ask });
    for (const { method, path } of routes) await client.request(method, path);
    await client.system.openapi();
    expect(asked.map((call) => `${call.method} ${call.path}`)).toEqual([
      ...routes.map(
        ({ method, path }) => `${method} ${path.replace(/[{}]/g, (brace) => (brace === '{' ? '%7B' : '%7D'))}`,
      ),
      'GET /openapi.json',
    ]);
  });
});
