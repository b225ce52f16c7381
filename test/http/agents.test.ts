import { afterEach, expect, it } from 'vitest';
import { createHttpWorld } from '../support/world.ts';

let world: Awaited<ReturnType<typeof createHttpWorld>>;
afterEach(() => world.close());

it('agents are made, listed, changed and kept by the API with the rules of the desk (S0.36)', async () => {
  world = await createHttpWorld();
  const input = { email: 'Noor@harbour.example', name: 'Noor Haddad', role: 'admin' };
  const made = await world.call('POST', '/v1/agents', input);
  expect([made.status, made.body['password']]).toEqual([201, expect.stringMatching(/^[0-9a-z-]{29}$/)]);
  const again = await world.call('POST', '/v1/agents', { ...input, email: 'noor@HARBOUR.example' });
  expect([again.status, again.body['errors'][0].pointer]).toEqual([409, '/email']);
  const weak = await world.call('POST', '/v1/agents', { ...input, email: 'b@c.example', password: 'passwordpassword' });
  expect([weak.status, weak.body['errors'][0].code]).toEqual([400, 'too_common']);
  const listed = await world.call('GET', '/v1/agents');
  expect(listed.body['data']).toMatchObject([{ id: made.body['id'], status: 'active' }]);
  expect(listed.text).not.toContain(made.body['password']);
  const last = await world.call('PATCH', `/v1/agents/${made.body['id']}`, { active: false });
  expect([last.status, last.body['code']]).toEqual([409, 'conflict']);
  expect((await world.call('DELETE', `/v1/agents/${made.body['id']}`)).status).toBe(405);
  expect((await world.call('GET', '/v1/agents/agt_nobody')).status).toBe(404);
});

it('agents take the scope admin', async () => {
  world = await createHttpWorld();
  const key = await world.newKey(world.application, 'live', ['read', 'send', 'check']);
  const answer = await world.call('GET', '/v1/agents', undefined, { authorization: `Bearer ${key}` });
  expect(answer.status).toBe(403);
});
