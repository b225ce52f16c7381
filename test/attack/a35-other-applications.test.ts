import { afterEach, beforeEach, expect, it } from 'vitest';
import { ROUTES } from '../../src/http/index.ts';
import type { Route } from '../../src/http/index.ts';
import { createHttpWorld } from '../support/world.ts';

const HEADER = 'watchword-application';
const UNKNOWN = `app_${'7'.repeat(30)}`;
const MARKER = 'tenant-a-marker';
const KEYED = ROUTES.filter(({ scope }) => scope !== null);
const QUERIES: Readonly<Record<string, string>> = { getStats: '?from=2026-11-01&to=2026-11-20' };

let world: Awaited<ReturnType<typeof createHttpWorld>>;
let shop: { id: string; live: string; test: string };
let ids: Readonly<Record<string, string>>;

beforeEach(async () => {
  world = await createHttpWorld();
  const made = await world.call('POST', '/v1/applications', { name: 'shop' });
  const application = await world.service.applications.find('shop');
  if (!application) throw new Error('no other application');
  shop = { id: made.body['id'], live: await world.newKey(application), test: await world.newKey(application, 'test') };
  const started = await world.call('POST', '/v1/verifications', { to: '+14155552671', reference: MARKER });
  const hook = await world.call('POST', '/v1/webhooks', {
    url: `https://${MARKER}.example/`,
    events: ['check.failed'],
  });
  const template = await world.call('PUT', '/v1/templates', { channel: 'sms', text: `${MARKER} {code}` });
  await world.call('PUT', '/v1/policies/login', { ttl_seconds: 77 });
  ids = { verifications: started.body['id'], webhooks: hook.body['id'], templates: template.body['id'] };
});
afterEach(() => world.close());

/** The path with an id of the first tenant, where there is one of its kind. */
function pathOf({ path, operationId }: Route): string {
  const id = ids[path.split('/')[2] ?? ''] ?? world.application.id;
  return path.replace('{id}', id).replace('{purpose}', 'login') + (QUERIES[operationId] ?? '');
}

function ask(route: Route, key: string, named: string) {
  const body = route.body === undefined ? undefined : (route.example ?? {});
  return world.call(route.method, pathOf(route), body, { authorization: `Bearer ${key}`, [HEADER]: named });
}

const bare = (text: string): string => text.replace(/req_[0-9A-Z]+/g, 'req_');

it.each(['live', 'test'] as const)(
  'G12: a %s key of another tenant gains nothing on any route by naming an application, and cannot tell one that is from one that is not',
  async (mode) => {
    const before = JSON.stringify([await world.store.applications.list(), await world.store.keys.list(shop.id)]);
    for (const route of KEYED) {
      const theirs = await ask(route, shop[mode], world.application.id);
      const nobodys = await ask(route, shop[mode], UNKNOWN);
      const title = `${route.method} ${route.path}`;
      expect([400, 403], title).toContain(theirs.status);
      expect(theirs.status, title).toBe(route.forOthers || theirs.body['code'] === 'forbidden' ? 403 : 400);
      expect(bare(theirs.text), title).toBe(bare(nobodys.text));
      expect(theirs.text, title).not.toContain(MARKER);
      expect(theirs.text, title).not.toContain(world.application.id);
    }
    expect(JSON.stringify([await world.store.applications.list(), await world.store.keys.list(shop.id)])).toBe(before);
  },
);

it('a test key of `default`, and one without the scope `admin`, act on no other application', async () => {
  const reading = await world.newKey(world.application, 'live', ['read', 'send', 'check']);
  for (const key of [world.keys.test, reading]) {
    for (const route of KEYED) {
      const answer = await ask(route, key, shop.id);
      expect([400, 403], `${route.method} ${route.path}`).toContain(answer.status);
    }
  }
});

it('no route passes the header over: one that cannot act on another application refuses it', async () => {
  const deaf = KEYED.filter(({ forOthers }) => forOthers !== true);
  expect(deaf.map(({ operationId }) => operationId)).toEqual(
    expect.arrayContaining(['startVerification', 'check', 'resend', 'cancelVerification', 'createAgent', 'listAudit']),
  );
  for (const route of deaf) {
    for (const named of [shop.id, world.application.id, '']) {
      const key = route.testKeysOnly === true ? world.keys.test : world.keys.live;
      const answer = await ask(route, key, named);
      const title = `${route.method} ${route.path}`;
      expect(answer.status, title).toBe(400);
      expect(answer.body['errors'], title).toMatchObject([
        { pointer: '#header/Watchword-Application', code: 'not_applicable' },
      ]);
    }
  }
});

it('a dialect of another service refuses the header as well', async () => {
  await world.call('PATCH', `/v1/applications/${world.application.id}`, { compat: ['otp'] });
  const body = { destination: '+14155552671' };
  const plain = await world.call('POST', '/otp/send', body);
  expect(plain.status).toBeLessThan(300);
  const answer = await world.call('POST', '/otp/send', body, { [HEADER]: shop.id });
  expect(answer.status).toBe(400);
});
