import { afterEach, describe, expect, it } from 'vitest';
import { createWorld, type World } from '../support/world.ts';

let world: World;
afterEach(() => world.close());

describe('a test key with every scope', () => {
  const acts = (w: World) => {
    const caller = w.caller('test');
    const { service } = w;
    return {
      policy: service.applications.putPolicy(caller, 'login', { ttl_seconds: 60 }),
      application: service.applications.update(caller, w.application.id, { brand: 'X' }),
      create: service.applications.create(caller, { name: 'x' }),
      person: service.directory.put(caller, { to: 'a@b.example' }),
      remove: service.directory.remove(caller, 'a@b.example'),
      rebind: service.directory.rebind(caller, 'a@b.example'),
      erase: service.records.erase(caller, 'a@b.example'),
    };
  };

  it('changes nothing that live keys use in production', async () => {
    world = await createWorld({ mode: 'production' });
    for (const [name, act] of Object.entries(acts(world))) {
      expect({ name, answer: await act }).toMatchObject({
        name,
        answer: { ok: false, problem: { code: 'forbidden' } },
      });
    }
  });

  it('is enough in development', async () => {
    world = await createWorld({ mode: 'development' });
    for (const act of Object.values(acts(world))) expect(await act).toMatchObject({ ok: true });
  });
});

describe('a start', () => {
  it('takes a channel or a ladder, not both', async () => {
    world = await createWorld();
    const started = await world.service.verify.start(world.caller(), {
      to: '+14155552671',
      channel: 'sms',
      channels: ['voice'],
    });
    expect(started).toMatchObject({
      ok: false,
      problem: { code: 'invalid_request', errors: [{ pointer: '/channel' }] },
    });
  });
});

describe('a preset', () => {
  it('is refused when a policy that is there would contradict itself', async () => {
    world = await createWorld();
    const { applications } = world.service;
    await applications.update(world.caller(), world.application.id, { preset: 'ephemeral' });
    expect(await applications.putPolicy(world.caller(), 'login', { check_by_destination: true })).toMatchObject({
      ok: true,
    });
    const changed = await applications.update(world.caller(), world.application.id, { preset: 'default' });
    expect(changed).toMatchObject({ ok: false, problem: { code: 'conflict', errors: [{ pointer: '/preset' }] } });
  });
});

describe('a refusal that no retry cures', () => {
  it('is given again for its idempotency key, and another body is a mismatch', async () => {
    world = await createWorld();
    const request = { key: 'k', path: 'POST /v1/verifications', body: '{"to":"+1900"}' };
    const first = await world.service.verify.start(world.caller(), { to: '+19005551234' }, request);
    expect(first).toMatchObject({ ok: false, problem: { code: 'unreachable_destination' } });
    expect(await world.service.verify.start(world.caller(), { to: '+19005551234' }, request)).toEqual(first);
    const other = await world.service.verify.start(world.caller(), { to: '+14155552671' }, { ...request, body: '{}' });
    expect(other).toMatchObject({ ok: false, problem: { code: 'idempotency_mismatch' } });
  });

  it('frees the key when it was a limit', async () => {
    world = await createWorld({ limits: { destination_sends: { max: 1 } } });
    await world.startAndRead();
    const request = { key: 'k', path: 'POST /v1/verifications', body: '{}' };
    const refused = await world.service.verify.start(world.caller(), { to: '+14155552671' }, request);
    expect(refused).toMatchObject({ ok: false, problem: { code: 'limit_exceeded' } });
    world.clock.now += 86_400_000;
    expect(await world.service.verify.start(world.caller(), { to: '+14155552671' }, request)).toMatchObject({
      ok: true,
    });
  });
});
