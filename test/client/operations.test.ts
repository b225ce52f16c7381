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
  forgetDevices: ({ directory }) => directory.forgetDevices('a@b.example'),
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
  getWebhookDelivery: ({ webhooks }) => webhooks.delivery('an-id'),
  listApplications: ({ applications }) => applications.list().page(),
  listPolicyVersions: ({ policies }) => policies.versions('an-id', { limit: 5 }).page(),
  restorePolicy: ({ policies }) => policies.restore('an-id', 1),
  tryPolicy: ({ policies }) => policies.try('an-id', { max_checks: 3 }),
  listPolicies: ({ policies }) => policies.list().page(),
  addListRule: ({ listRules }) => listRules.add({ list: 'block', type: 'prefix', value: '+8816' }),
  listListRules: ({ listRules }) => listRules.list().page(),
  removeListRule: ({ listRules }) => listRules.remove('an-id'),
  listProviders: ({ providers }) => providers.list().page(),
  testProvider: ({ providers }) => providers.test({ channel: 'sms', provider: 'gateway', to: '+14155552671' }),
  putTemplate: ({ templates }) => templates.put({ channel: 'sms', text: '{brand} code: {code}' }),
  listTemplates: ({ templates }) => templates.list({ channel: 'sms' }).page(),
  getTemplate: ({ templates }) => templates.get('an-id'),
  deleteTemplate: ({ templates }) => templates.remove('an-id'),
  previewTemplate: ({ templates }) => templates.preview({ channel: 'sms', purpose: 'payment' }),
  createAgent: ({ agents }) => agents.create({ email: 'noor@acme.example', name: 'Noor', role: 'agent' }),
  listAgents: ({ agents }) => agents.list({ limit: 5 }).page(),
  getAgent: ({ agents }) => agents.get('an-id'),
  updateAgent: ({ agents }) => agents.update('an-id', { active: false }),
  resetSecondFactor: ({ agents }) => agents.resetSecondFactor('an-id'),
  createClient: ({ clients }) => clients.create({ company: 'Bluegum Logistics' }),
  listClients: ({ clients }) => clients.list().page(),
  getClient: ({ clients }) => clients.get('an-id'),
  updateClient: ({ clients }) => clients.update('an-id', { reference: null }),
  deleteClient: ({ clients }) => clients.remove('an-id'),
  createRepresentative: ({ representatives }) =>
    representatives.create({ client: 'cli_1', first_name: 'Mara', last_name: 'Ellison', email: 'a@b.example' }),
  listRepresentatives: ({ representatives }) => representatives.list({ client: 'cli_1' }).page(),
  getRepresentative: ({ representatives }) => representatives.get('an-id'),
  updateRepresentative: ({ representatives }) => representatives.update('an-id', { active: false }),
  listAudit: ({ audit }) => audit.list({ action: 'key' }).page(),
  verifyAudit: ({ audit }) => audit.verify(),
  exportAudit: ({ audit }) => audit.export(),
  getStats: ({ stats }) => stats({ from: '2026-11-01', to: '2026-11-07', group_by: 'country' }),
};

/** For providers: they are not called by anybody's program. */
const NOT_FOR_CLIENTS = new Set(['Callbacks']);

const routes = ROUTES.filter(({ tag }) => !NOT_FOR_CLIENTS.has(tag));

describe('the client', () => {
  it('has a call by name for every operation of the API', () => {
    const known = routes.map(({ operationId }) => operationId);
    expect(Object.keys(CALLS).toSorted(), 'add them to src/client and to CALLS').toEqual(known.toSorted());
  });

  it.each(routes)(
    'reaches $operationId by $method $path',
    async ({ operationId, method, path, query, body, bodyOptional, scope, idempotent }) => {
      const { ask, asked } = scripted(json(200, EMPTY));
      await CALLS[operationId]?.(createClient({ url: 'https://otp.acme.example/base/', key: 'ww_test_x', fetch: ask }));
      const [call] = asked;
      const [address, search] = (call?.path ?? '').split('?');
      expect(`${call?.method} ${address}`).toBe(`${method} /base${path.replace(/\{\w+\}/, 'an-id')}`);
      expect(call?.headers.get('authorization')).toBe('Bearer ww_test_x');
      const given = Object.fromEntries(new URLSearchParams(search));
      if (search !== undefined) expect(query?.safeParse(given)).toMatchObject({ success: true });
      if (body !== undefined && bodyOptional !== true)
        expect(body[1].safeParse(JSON.parse(call?.body ?? ''))).toMatchObject({ success: true });
      if (scope !== null && method === 'POST') expect([operationId, idempotent]).toEqual([operationId, true]);
    },
  );

  it.each(['.', '..', 'a/b', '../x', '%2e%2e', 'a b?c#d'])(
    'never leaves its place in the path for the id %j',
    async (id) => {
      const { ask, asked } = scripted(json(200, {}));
      const { verifications, policies } = createClient({ url: 'https://otp.acme.example/base', fetch: ask });
      await verifications.get(id);
      await verifications.cancel(id);
      await policies.get(id);
      const paths = asked.map(({ path }) => path.split('/'));
      expect(paths.map((parts) => [parts.slice(0, 4).join('/'), parts.length])).toEqual([
        ['/base/v1/verifications', 5],
        ['/base/v1/verifications', 6],
        ['/base/v1/policies', 5],
      ]);
      expect(paths.every((parts) => /^[\w.~%-]+$/.test(parts[4] ?? ''))).toBe(true);
    },
  );

  it('names the application that it acts on, of all its calls or of one', async () => {
    const { ask, asked } = scripted(json(200, {}));
    const options = { url: 'https://otp.acme.example', key: 'ww_live_x', fetch: ask };
    const shop = createClient({ ...options, application: 'app_1' });
    await shop.policies.get('login');
    await shop.policies.get('login', { application: 'app_2' });
    await shop.policies.get('login', { application: null });
    await createClient(options).policies.get('login');
    expect(asked.map(({ headers }) => headers.get('watchword-application'))).toEqual(['app_1', 'app_2', null, null]);
  });

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
