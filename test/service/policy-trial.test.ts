import { afterEach, beforeEach, expect, it } from 'vitest';
import { newId } from '../../src/core/id.ts';
import { NO_CHANGES } from '../../src/ports/verification-store.ts';
import { createHttpWorld, createWorld } from '../support/world.ts';

let world: Awaited<ReturnType<typeof createHttpWorld>>;
beforeEach(async () => void (world = await createHttpWorld({ limits: { destination_sends: { max: 9_999 } } })));
afterEach(() => world.close());

const DAY = 86_400_000;
const tried = (body: object, purpose = 'login') => world.call('POST', `/v1/policies/${purpose}/try`, body);

it('counts the last seven days of its purpose and mode, and writes nothing', async () => {
  await world.startAndRead('+14155552670');
  world.clock.now += 7 * DAY;
  const late = await world.startAndRead('+14155552671');
  world.clock.now += 200_000;
  await world.call('POST', `/v1/verifications/${late.id}/checks`, { code: late.code });
  await world.startAndRead('ann@example.com');
  await world.startAndRead('+14155552672', { purpose: 'payment' });
  await world.startAndRead('+14155552673', {}, world.caller('test'));
  const before = await world.store.applications.policies(world.application.id);
  const answer = await tried({ ttl_seconds: 120, channels: ['sms'], recipients: 'directory' });
  expect(answer.status).toBe(200);
  expect(answer.body).toMatchObject({
    object: 'policy_trial',
    purpose: 'login',
    complete: true,
    starts: 2,
    approved: 1,
    effects: { approved_late: 1, no_channel: 1, refused: 1 },
    not_told: ['recipients'],
  });
  expect(Date.parse(answer.body['until']) - Date.parse(answer.body['since'])).toBe(7 * DAY);
  expect(await world.store.applications.policies(world.application.id)).toEqual(before);
  expect((await world.call('GET', '/v1/policies/login/versions')).body['data']).toEqual([]);
});

it('looks at the newest 2,000 records and says so', async () => {
  const first = await world.service.verify.start(world.caller(), { to: '+14155552670' });
  if (!first.ok) throw new Error(first.problem.code);
  const { record } = await world.store.verifications.get(first.value.verification.id);
  if (record === null) throw new Error('no record');
  const later = Array.from({ length: 2_100 }, (_, at) => {
    const createdAt = world.clock.now + 1_000 * (at + 1);
    return { ...record, id: newId('vrf', createdAt, '0'.repeat(20)), createdAt };
  });
  world.clock.now += 2_101_000;
  await Promise.all(later.map((one) => world.store.verifications.insert(one, NO_CHANGES)));
  const answer = await tried({ ttl_seconds: 120 });
  expect(answer.body).toMatchObject({ complete: false, starts: 2_000 });
  expect(Date.parse(answer.body['until']) - Date.parse(answer.body['since'])).toBeLessThan(DAY);
});

it.each([
  { stretches: 3, complete: true, starts: 1, agoMs: 7 * DAY },
  { stretches: 99, complete: false, starts: 0, agoMs: 12 * 60_000 },
])('looks past others, and says how far it looked ($stretches stretches of them)', async (told) => {
  const { now } = world.clock;
  let looks = 0;
  const busy = await createWorld({
    mutate: (store) => ({
      ...store,
      records: {
        ...store.records,
        search: (query) =>
          ++looks > told.stretches
            ? store.records.search(query)
            : Promise.resolve({
                rows: [],
                hasMore: false,
                reached: newId('vrf', now - looks * 60_000, '0'.repeat(20)),
              }),
      },
    }),
  });
  busy.clock.now = now - DAY;
  await busy.service.verify.start(busy.caller(), { to: '+14155552670' });
  busy.clock.now = now;
  const found = await busy.service.applications.tryPolicy(busy.caller(), 'login', {});
  await busy.close();
  if (!found.ok) throw new Error(found.problem.code);
  expect(found.value).toMatchObject({ complete: told.complete, starts: told.starts });
  expect(now - Date.parse(found.value.since)).toBe(told.agoMs);
});

it('refuses a policy that contradicts itself, as setting it would be', async () => {
  const answer = await tried({ check_by_destination: true });
  expect([answer.status, answer.body['errors'][0].pointer]).toEqual([400, '/check_by_destination']);
  expect((await tried({ ttl_seconds: 1 })).status).toBe(400);
});
