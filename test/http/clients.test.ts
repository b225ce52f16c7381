import { afterEach, expect, it } from 'vitest';
import { createHttpWorld } from '../support/world.ts';

let world: Awaited<ReturnType<typeof createHttpWorld>>;
afterEach(() => world.close());

const MARA = { first_name: 'Mara', last_name: 'Ellison', mobile: '+14155552671', email: 'mara@bluegum.example' };

it('clients and representatives are kept by the API with the rules of the desk', async () => {
  world = await createHttpWorld({ policies: { caller_check: { recipients: 'directory' } } });
  const made = await world.call('POST', '/v1/clients', { company: 'Bluegum', country: 'US' });
  expect([made.status, made.body['created_by']]).toMatchObject([201, { type: 'api_key' }]);
  expect((await world.call('POST', '/v1/clients', { company: 'BLUEGUM' })).status).toBe(409);
  const client = made.body['id'] as string;
  const added = await world.call('POST', '/v1/representatives', { client, ...MARA });
  expect(added.body).toMatchObject({ client, status: 'active', mobile: { masked: '+1 415 ••• ••71' } });
  expect(added.text).not.toContain('5552671');
  const start = { to: MARA.mobile, purpose: 'caller_check' };
  expect((await world.call('POST', '/v1/verifications', start)).status).toBe(201);
  const path = `/v1/representatives/${added.body['id']}`;
  const off = await world.call('PATCH', path, { active: false, role: 'Director' });
  expect(off.body).toMatchObject({ status: 'inactive', role: 'Director' });
  expect((await world.call('POST', '/v1/verifications', start)).status).not.toBe(201);
  const bad = await world.call('PATCH', path, { mobile: '12' });
  expect([bad.status, bad.body['errors'][0].pointer]).toEqual([400, '/mobile']);
  expect((await world.call('DELETE', path)).status).toBe(405);
  expect((await world.call('PATCH', `/v1/clients/${client}`, { reference: '30-1' })).body['reference']).toBe('30-1');
  const listed = await world.call('GET', `/v1/representatives?client=${client}`);
  expect(listed.body['data']).toHaveLength(1);
  expect((await world.call('POST', '/v1/erasures', { to: MARA.email })).status).toBe(200);
  expect((await world.call('GET', path)).body).toMatchObject({ status: 'erased', first_name: '', mobile: null });
  expect((await world.call('PATCH', path, { active: true })).status).toBe(409);
  expect((await world.call('DELETE', `/v1/clients/${client}`)).status).toBe(200);
  expect((await world.call('GET', `/v1/clients/${client}`)).status).toBe(404);
  expect((await world.call('GET', path)).status).toBe(404);
});

it('clients take the scope admin, and are not there for another application', async () => {
  world = await createHttpWorld();
  const made = await world.call('POST', '/v1/clients', { company: 'Bluegum' });
  const reader = await world.newKey(world.application, 'live', ['read', 'send', 'check']);
  expect((await world.call('GET', '/v1/clients', undefined, { authorization: `Bearer ${reader}` })).status).toBe(403);
  const other = await world.service.applications.create(world.caller(), { name: 'other' });
  const application = other.ok ? await world.service.applications.find(other.value.id) : null;
  if (application === null) throw new Error('no application');
  const key = await world.newKey(application);
  const theirs = { authorization: `Bearer ${key}` };
  const path = `/v1/clients/${made.body['id']}`;
  for (const method of ['GET', 'DELETE']) expect((await world.call(method, path, undefined, theirs)).status).toBe(404);
  expect((await world.call('PATCH', path, { company: 'Mine' }, theirs)).status).toBe(404);
  expect((await world.call('POST', '/v1/representatives', { client: made.body['id'], ...MARA }, theirs)).status).toBe(
    404,
  );
  expect((await world.call('GET', '/v1/clients', undefined, theirs)).body['data']).toEqual([]);
});
