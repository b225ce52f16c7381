import { afterEach, beforeEach, expect, it } from 'vitest';
import { createHttpWorld } from '../support/world.ts';

// A47: the codes that agents sign in with pass the lists, the stop and the risk hook. Nobody else's do by borrowing their purpose.

const TO = '+61491570156';
let world: Awaited<ReturnType<typeof createHttpWorld>>;

beforeEach(async () => {
  const deny = { type: 'decided', decision: 'deny', reason: null } as const;
  const ask = async (): Promise<typeof deny> => deny;
  world = await createHttpWorld({ riskHook: { onFailure: 'deny', facts: 'masked', ask } });
  await world.service.listRules.add(world.caller(), { list: 'block', type: 'destination', value: TO });
  await world.service.applications.update(world.caller(), world.application.id, { sends_stopped: true });
  world.clock.now += 1_000;
});
afterEach(() => world.close());

it.each(['live', 'test'] as const)('a %s key starts nothing for the purpose of staff sign-ins', async (mode) => {
  const key = { authorization: `Bearer ${world.keys[mode]}` };
  for (const path of ['/v1/verifications', '/v1/preview']) {
    const { status, body } = await world.call('POST', path, { to: TO, purpose: 'staff_sign_in' }, key);
    expect([status, body['code'], body['errors']?.[0]?.pointer]).toEqual([400, 'invalid_request', '/purpose']);
  }
  await world.service.worker.tick();
  expect([world.sink.messages, world.inbox.messages]).toEqual([[], []]);
});

it('no key checks, sends or ends the code of an agent who signs in', async () => {
  const agent = { ...world.caller(), actor: { type: 'agent', id: 'agt_robin' } as const };
  const to = 'robin@acme.example';
  const started = await world.service.verify.start(agent, { to, purpose: 'staff_sign_in' });
  const id = started.ok ? started.value.verification.id : '';
  await world.service.worker.tick();
  world.clock.now += 60_000;
  const code = world.sink.last().code.reveal();
  for (const [act, body] of [['checks', { code }], ['sends'], ['cancel']] as const)
    expect([act, (await world.call('POST', `/v1/verifications/${id}/${act}`, body)).status]).toEqual([act, 404]);
  const checked = await world.service.verify.check(agent, id, { code });
  expect(checked.ok && checked.value.result).toBe('approved');
});
