import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { fingerprint } from '../../src/core/fingerprint.ts';
import type { PolicyOverrides } from '../../src/core/policy.ts';
import { countStoreCalls } from '../support/store-calls.ts';
import { createWorld, type World } from '../support/world.ts';

let world: World;
let second: World;
beforeEach(async () => {
  world = await createWorld();
  second = await createWorld({ store: world.real, clock: world.clock });
});
afterEach(async () => {
  await second.close();
  await world.close();
});

async function versions(of = world, page = {}) {
  const found = await of.service.applications.policyVersions(of.caller(), 'login', page);
  if (!found.ok) throw new Error(found.problem.code);
  return found.value;
}

const put = (overrides: PolicyOverrides, version?: string, of = world) =>
  of.service.applications.putPolicy(of.caller(), 'login', overrides, version);

async function inForce(of = world) {
  of.clock.now += 1_000;
  const found = await of.service.applications.policy(of.caller(), 'login');
  return found.ok ? found.value.overrides : null;
}

describe('the versions of a policy', () => {
  it('say who changed it, when, from what and to what', async () => {
    await put({ ttl_seconds: 60 });
    world.clock.now += 60_000;
    await put({ ttl_seconds: 90 });
    const { data } = await versions();
    expect(data).toMatchObject([
      { version: 2, before: { ttl_seconds: 60 }, overrides: { ttl_seconds: 90 }, actor: { id: 'key_live' } },
      { version: 1, before: {}, overrides: { ttl_seconds: 60 }, actor: { id: 'key_live' } },
    ]);
    expect(Date.parse(data[0]?.created_at ?? '') - Date.parse(data[1]?.created_at ?? '')).toBe(60_000);
  });

  it('are set with one look at what is stored, and one at what came of it', async () => {
    const { mutate, during } = countStoreCalls();
    const counted = await createWorld({ mutate });
    const { applications } = counted.service;
    await applications.policy(counted.caller(), 'login');
    const { asked } = await during(() => applications.putPolicy(counted.caller(), 'login', { ttl_seconds: 60 }));
    expect(asked.filter((name) => name === 'applications.policies')).toHaveLength(2);
    await counted.close();
  });

  it('begin with what was set before there were any', async () => {
    await world.store.applications.putPolicy(world.application.id, 'login', { max_checks: 2 });
    await put({ max_checks: 4 });
    expect((await versions()).data).toMatchObject([
      { version: 2, before: { max_checks: 2 }, overrides: { max_checks: 4 }, actor: { type: 'api_key' } },
      { version: 1, before: {}, overrides: { max_checks: 2 }, actor: { type: 'system' } },
    ]);
  });

  it('note what an instance that keeps none did meanwhile', async () => {
    await put({ max_checks: 2 });
    world.clock.now += 60_000;
    await world.store.applications.putPolicy(world.application.id, 'login', { max_checks: 3 });
    await put({ max_checks: 4 }, fingerprint({ max_checks: 3 }));
    expect((await versions()).data.map(({ overrides }) => overrides.max_checks)).toEqual([4, 3, 2]);
    expect(await inForce()).toEqual({ max_checks: 4 });
  });

  it('have none for a policy that is set as it is', async () => {
    await put({ ttl_seconds: 60 });
    await put({ ttl_seconds: 60 });
    expect((await versions()).data).toHaveLength(1);
  });

  it('come in pages, newest first, of one application and purpose', async () => {
    for (const ttl of [60, 61, 62]) await put({ ttl_seconds: ttl });
    await world.service.applications.putPolicy(world.caller(), 'login.x', { ttl_seconds: 99 });
    const first = await versions(world, { limit: 2 });
    expect([first.data.map(({ version }) => version), first.has_more]).toEqual([[3, 2], true]);
    const rest = await versions(world, { limit: 2, cursor: first.next_cursor });
    expect([rest.data.map(({ version }) => version), rest.has_more]).toEqual([[1], false]);
    const odd = await world.service.applications.policyVersions(world.caller(), 'login', { cursor: 'vrf_1' });
    expect(odd).toMatchObject({ ok: false, problem: { errors: [{ code: 'invalid_cursor' }] } });
  });

  it('are restored as a new one, which says which it was', async () => {
    await put({ ttl_seconds: 60 });
    await put({ ttl_seconds: 90, max_checks: 2 });
    const restored = await world.service.applications.restorePolicy(world.caller(), 'login', 1);
    expect(restored).toMatchObject({ ok: true, value: { ttl_seconds: 60, max_checks: 5 } });
    expect((await versions()).data[0]).toMatchObject({ version: 3, restored: 1, overrides: { ttl_seconds: 60 } });
    const none = await world.service.applications.restorePolicy(world.caller(), 'login', 9);
    expect(none).toMatchObject({ ok: false, problem: { code: 'not_found' } });
  });

  it('are kept to the newest 200', async () => {
    for (let ttl = 100; ttl < 303; ttl++) await put({ ttl_seconds: ttl });
    const { data } = await versions(world, { limit: 300 });
    expect([data.length, data[0]?.version, data.at(-1)?.version]).toEqual([200, 203, 4]);
  });
});

describe('two instances that change one policy at once', () => {
  it('let one of two forms that showed the same policy win, and tell the other', async () => {
    const shown = fingerprint({});
    const answers = await Promise.all([
      put({ ttl_seconds: 60 }, shown, world),
      put({ ttl_seconds: 90 }, shown, second),
      put({ ttl_seconds: 120 }, shown, second),
    ]);
    expect(answers.filter(({ ok }) => ok)).toHaveLength(1);
    const lost = answers.flatMap((answer) => (answer.ok ? [] : answer.problem));
    expect(lost.map(({ code, errors }) => [code, errors?.[0]?.code])).toEqual([
      ['conflict', 'changed'],
      ['conflict', 'changed'],
    ]);
    const { data } = await versions();
    expect(data).toHaveLength(1);
    expect(await inForce()).toEqual(data[0]?.overrides);
    expect(await inForce(second)).toEqual(data[0]?.overrides);
  });

  it('lose no version without a form, and the newest one is in force', async () => {
    const writers = [world, second, world, second, world, second];
    await Promise.all(writers.map((of, index) => put({ ttl_seconds: 60 + index }, undefined, of)));
    const { data } = await versions();
    expect(data.map(({ version }) => version)).toEqual([6, 5, 4, 3, 2, 1]);
    expect(data.map(({ before }) => before.ttl_seconds)).toEqual([
      ...data.slice(1).map(({ overrides }) => overrides.ttl_seconds),
      undefined,
    ]);
    expect(await inForce()).toEqual(data[0]?.overrides);
  });

  it('takes a version whose writer has not put it in force yet for what stands', async () => {
    const slow = await createWorld({
      store: world.real,
      clock: world.clock,
      mutate: (store) => ({
        ...store,
        applications: {
          ...store.applications,
          // Another instance comes in between the version and its policy.
          async putPolicy(application, purpose, policy) {
            if (policy.ttl_seconds === 60) {
              expect(await put({ ttl_seconds: 70 }, fingerprint({}), second)).toMatchObject({ ok: false });
              await put({ ttl_seconds: 90 }, undefined, second);
            }
            return store.applications.putPolicy(application, purpose, policy);
          },
        },
      }),
    });
    await put({ ttl_seconds: 60 }, undefined, slow);
    expect((await versions()).data.map(({ overrides }) => overrides.ttl_seconds)).toEqual([90, 60]);
    expect(await inForce()).toEqual({ ttl_seconds: 90 });
    await slow.close();
  });
});
