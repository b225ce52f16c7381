import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AUDIT_KIND } from '../../src/service/audit/trail.ts';
import { createHttpWorld } from '../support/world.ts';

const HEADER = 'watchword-application';

let world: Awaited<ReturnType<typeof createHttpWorld>>;
let shop: { id: string; key: string };

beforeEach(async () => {
  world = await createHttpWorld();
  const made = await world.call('POST', '/v1/applications', { name: 'shop' });
  const application = await world.service.applications.find('shop');
  if (!application) throw new Error('no other application');
  shop = { id: made.body['id'], key: await world.newKey(application) };
});
afterEach(() => world.close());

/** The operator's key, on the shop. */
const onShop = (method: string, path: string, body?: unknown, extra: Record<string, string> = {}) =>
  world.call(method, path, body, { [HEADER]: shop.id, ...extra });
const asShop = (method: string, path: string, body?: unknown) =>
  world.call(method, path, body, { authorization: `Bearer ${shop.key}` });

async function entries(application: string) {
  const rows = await world.store.documents.list({ kind: AUDIT_KIND, limit: 200 });
  return rows.filter((row) => row.application === application).map(({ body }) => JSON.parse(body));
}

describe('a live admin key of `default` with Watchword-Application', () => {
  it.each([
    ['a policy', 'PUT', '/v1/policies/login', { ttl_seconds: 99 }, '/v1/policies'],
    ['a template', 'PUT', '/v1/templates', { channel: 'sms', text: 'Shop: {code}' }, '/v1/templates'],
    ['a key', 'POST', '/v1/api-keys', { mode: 'live', scopes: ['send'], name: 'made' }, '/v1/api-keys'],
    ['a webhook', 'POST', '/v1/webhooks', { url: 'https://a.example/', events: ['check.failed'] }, '/v1/webhooks'],
    ['a suppression', 'POST', '/v1/lists/suppressions', { to: '+14155552671' }, '/v1/lists/suppressions'],
    ['a list rule', 'POST', '/v1/lists/rules', { list: 'block', type: 'country', value: 'FR' }, '/v1/lists/rules'],
  ] as const)('sets %s of that application and of no other', async (_, method, path, body, list) => {
    const own = (await world.call('GET', list)).body['data'];
    expect((await onShop(method, path, body)).status).toBeLessThan(300);
    const theirs = (await asShop('GET', list)).body['data'];
    expect(theirs.length).toBeGreaterThan(0);
    expect((await onShop('GET', list)).body['data']).toEqual(theirs);
    expect((await world.call('GET', list)).body['data']).toEqual(own);
  });

  it('makes a key that works for that application', async () => {
    const made = await onShop('POST', '/v1/api-keys', { mode: 'live', scopes: ['admin'] });
    const seen = await world.call('GET', '/v1/applications', undefined, {
      authorization: `Bearer ${made.body['key']}`,
    });
    expect(seen.body['data'].map(({ id }: { id: string }) => id)).toEqual([shop.id]);
  });

  it('stands in that application’s audit log with where it belongs', async () => {
    await onShop('PUT', '/v1/policies/login', { ttl_seconds: 99 });
    await world.call('PATCH', `/v1/applications/${shop.id}`, { sends_stopped: true });
    const told = await asShop('GET', '/v1/audit');
    const made = told.body['data'].filter(({ actor }: { actor: { type: string } }) => actor.type === 'api_key');
    expect(made.map(({ action }: { action: string }) => action).toSorted()).toEqual([
      'application.created',
      'policy.changed',
      'sends.stopped',
    ]);
    for (const { actor } of made) expect(actor.application).toBe(world.application.id);
    expect((await asShop('POST', '/v1/audit/verify')).body).toMatchObject({ intact: true });
    expect((await entries(world.application.id)).filter(({ action }) => action === 'policy.changed')).toEqual([]);
  });

  it('says nothing of an application in what it does to its own', async () => {
    await world.call('PUT', '/v1/policies/login', { ttl_seconds: 99 }, { [HEADER]: world.application.id });
    const [entry] = (await entries(world.application.id)).filter(({ action }) => action === 'policy.changed');
    expect(entry.actor).toEqual({ type: 'api_key', id: expect.stringMatching(/^key_/) });
  });

  it('reads that application’s records but takes none out', async () => {
    const started = await asShop('POST', '/v1/verifications', { to: '+14155552671', reference: 'shop-1' });
    const { id } = started.body;
    expect((await onShop('GET', '/v1/verifications')).body['data']).toMatchObject([{ id }]);
    for (const path of ['', '/sends', '/events'])
      expect((await onShop('GET', `/v1/verifications/${id}${path}`)).status).toBe(200);
    expect((await world.call('GET', `/v1/verifications/${id}`)).status).toBe(404);
    const csv = await onShop('GET', '/v1/verifications', undefined, { accept: 'text/csv' });
    expect([csv.status, csv.body['code']]).toEqual([403, 'forbidden']);
  });

  it('gets 404 for an application that is not there, and 400 for what is no id', async () => {
    const unknown = await world.call('GET', '/v1/policies', undefined, { [HEADER]: `app_${'7'.repeat(30)}` });
    expect([unknown.status, unknown.body['code']]).toEqual([404, 'not_found']);
    for (const named of ['', 'shop', `${shop.id}, ${shop.id}`, '../default']) {
      const odd = await world.call('GET', '/v1/policies', undefined, { [HEADER]: named });
      expect([odd.status, odd.body['errors']?.[0].code], named).toEqual([400, 'invalid_format']);
    }
  });

  it('binds an Idempotency-Key to the application that is acted on', async () => {
    const input = { mode: 'live', scopes: ['send'] };
    const once = { 'idempotency-key': 'k-1' };
    const first = await onShop('POST', '/v1/api-keys', input, once);
    const again = await onShop('POST', '/v1/api-keys', input, once);
    const own = await world.call('POST', '/v1/api-keys', input, once);
    expect(again.body['id']).toBe(first.body['id']);
    expect(own.status).toBe(201);
    expect(own.body['id']).not.toBe(first.body['id']);
  });
});
