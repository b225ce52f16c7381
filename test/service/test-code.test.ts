import { afterEach, beforeEach, expect, it } from 'vitest';
import { checkConfig } from '../../src/config/config-file.ts';
import { createHttpWorld } from '../support/world.ts';

const CODE = '424242';

let world: Awaited<ReturnType<typeof createHttpWorld>>;
let auth: Record<string, string>;
beforeEach(async () => {
  world = await createHttpWorld();
  auth = { authorization: `Bearer ${world.keys.test}` };
  await world.call('PATCH', `/v1/applications/${world.application.id}`, { test_code: CODE });
  // Past the second for which applications are remembered.
  world.clock.now += 1_000;
});
afterEach(() => world.close());

async function begin(headers = auth): Promise<string> {
  const started = await world.call('POST', '/v1/verifications', { to: '+14155552671' }, headers);
  return String(started.body['id']);
}

const check = async (id: string, code: string, headers = auth): Promise<unknown> =>
  (await world.call('POST', `/v1/verifications/${id}/checks`, { code }, headers)).body['result'];

it('a fixed test code is used up by wrong codes like any other', async () => {
  const id = await begin();
  for (let i = 0; i < 5; i++) expect(await check(id, '111111')).toBe('incorrect');
  expect(await check(id, CODE)).toBe('exhausted');
});

it('a fixed test code ends with its time, and is right once', async () => {
  const late = await begin();
  const once = await begin();
  expect(await check(once, CODE)).toBe('approved');
  expect(await check(once, CODE)).toBe('closed');
  world.clock.now += 600_000;
  expect(await check(late, CODE)).toBe('expired');
});

it('a fixed test code is no code of a live key', async () => {
  const live = { authorization: `Bearer ${world.keys.live}` };
  const id = await begin(live);
  await world.service.worker.tick();
  const drawn = world.sink.last().code.reveal();
  expect(await check(id, CODE, live)).toBe(drawn === CODE ? 'approved' : 'incorrect');
});

it('a fixed test code that no policy could use is refused when it is set, and after a change that makes it so', async () => {
  const path = `/v1/applications/${world.application.id}`;
  const refused = await world.call('PATCH', path, { test_code: '4242' });
  expect(refused.status).toBe(400);
  expect(refused.body['errors']).toMatchObject([{ pointer: '/test_code', code: 'conflict' }]);
  const made = await world.call('POST', '/v1/applications', { name: 'other', test_code: '12345678' });
  expect(made.body['errors']).toMatchObject([{ pointer: '/test_code', code: 'conflict' }]);
  // A purpose with codes of that length makes room for it.
  await world.call('PUT', '/v1/policies/short', { code: { length: 4, alphabet: 'digits' } });
  world.clock.now += 1_000;
  expect((await world.call('PATCH', path, { test_code: '4242' })).status).toBe(200);
  expect((await world.call('PATCH', path, { test_code: null })).status).toBe(200);
});

it('a policy that takes the last use from the fixed test code is refused, and nothing changes', async () => {
  const path = `/v1/applications/${world.application.id}`;
  const four = { code: { length: 4, alphabet: 'digits' } };
  await world.call('PUT', '/v1/policies/short', four);
  world.clock.now += 1_000;
  await world.call('PATCH', path, { test_code: '4242' });
  world.clock.now += 1_000;
  const refused = await world.call('PUT', '/v1/policies/short', { code: { length: 8, alphabet: 'digits' } });
  expect([refused.status, refused.body['code']]).toEqual([409, 'conflict']);
  expect(refused.body['errors']).toMatchObject([{ pointer: '/code', code: 'conflict' }]);
  expect((await world.call('GET', '/v1/policies/short')).body['code']).toMatchObject({ length: 4 });
  // Others may still differ: there the test keys get drawn codes.
  expect((await world.call('PUT', '/v1/policies/long', { code: { length: 8 } })).status).toBe(200);
  await world.call('PATCH', path, { test_code: null });
  world.clock.now += 1_000;
  expect((await world.call('PUT', '/v1/policies/short', { code: { length: 8 } })).status).toBe(200);
});

it('a fixed test code that no policy could use is refused in the configuration file', () => {
  const application = { name: 'default', test_code: '4242' };
  const { problems } = checkConfig({ applications: [application] }, 'file');
  expect(problems).toMatchObject([{ name: 'file/applications/0/test_code' }]);
  const policies = { short: { code: { length: 4, alphabet: 'digits' } } };
  expect(checkConfig({ applications: [{ ...application, policies }] }, 'file').problems).toEqual([]);
});
