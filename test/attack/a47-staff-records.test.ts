import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createHttpWorld } from '../support/world.ts';

// A47: what agents sign in with lies in the application `default`, beside what its keys made. No key learns of it.

const TO = 'robin@acme.example';
let world: Awaited<ReturnType<typeof createHttpWorld>>;
let id: string;
let code: string;

beforeEach(async () => {
  const policy = { check_by_destination: true, on_open: 'replace' } as const;
  world = await createHttpWorld({ policies: { staff_sign_in: policy } });
  const agent = { ...world.caller(), actor: { type: 'agent', id: 'agt_robin' } as const };
  await world.call('POST', '/v1/webhooks', { url: 'https://hooks.acme.example/all' });
  world.clock.now += 1_000;
  const started = await world.service.verify.start(agent, { to: TO, purpose: 'staff_sign_in' });
  id = started.ok ? started.value.verification.id : '';
  await world.service.worker.tick();
  code = world.sink.last().code.reveal();
});
afterEach(() => world.close());

describe('a key of the application', () => {
  it.each(['', '?purpose=staff_sign_in', `?to=${encodeURIComponent(TO)}`, '?actor=agent', '?channel=email'])(
    'finds it nowhere in the list%s, nor in its CSV',
    async (query) => {
      const listed = await world.call('GET', `/v1/verifications${query}`);
      expect([listed.status, listed.body['data']]).toEqual([200, []]);
      const csv = await world.call('GET', `/v1/verifications${query}`, undefined, { accept: 'text/csv' });
      expect([csv.status, csv.text.trim().split('\n')]).toEqual([200, [expect.stringMatching(/^id,/)]]);
    },
  );

  it.each(['', '/sends', '/events'])(
    'reads nothing at /v1/verifications/{id}%s: it is as good as unknown',
    async (rest) => {
      const unknown = await world.call('GET', `/v1/verifications/vrf_${'0'.repeat(26)}${rest}`);
      const found = await world.call('GET', `/v1/verifications/${id}${rest}`);
      const { request_id: _1, ...said } = found.body;
      const { request_id: _2, ...same } = unknown.body;
      expect([found.status, said]).toEqual([404, same]);
    },
  );

  it('checks it neither by id nor by destination, whatever the policy was made to say', async () => {
    const answers = [
      await world.call('POST', `/v1/verifications/${id}/checks`, { code }),
      await world.call('POST', '/v1/checks', { to: TO, purpose: 'staff_sign_in', code }),
    ];
    for (const { status } of answers) expect([403, 404]).toContain(status);
    const agent = { ...world.caller(), actor: { type: 'agent', id: 'agt_robin' } as const };
    const checked = await world.service.verify.check(agent, id, { code });
    expect(checked.ok && [checked.value.result, checked.value.verification.checks]).toEqual(['approved', 1]);
  });

  it('sees it counted in no figure, and is told of it by no webhook', async () => {
    const { body } = await world.call('GET', '/v1/stats');
    expect(JSON.stringify(body)).not.toMatch(/staff_sign_in|"started":[1-9]|"sent":[1-9]/);
    await world.service.worker.tick();
    expect(world.posts).toEqual([]);
  });
});

it('an agent finds it where it is asked for', async () => {
  const agent = { ...world.caller(), actor: { type: 'agent', id: 'agt_robin' } as const };
  const found = await world.service.records.search(agent, {});
  expect(found.ok && found.value.data.map((record) => record.id)).toEqual([id]);
});
