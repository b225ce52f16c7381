import { afterEach, describe, expect, it } from 'vitest';
import { WatchwordError } from '../../src/core/errors.ts';
import { createWorld, type World } from '../support/world.ts';

const worlds: World[] = [];
afterEach(async () => {
  for (const world of worlds.splice(0).toReversed()) await world.close();
});

async function open(...options: Parameters<typeof createWorld>): Promise<World> {
  const world = await createWorld(...options);
  worlds.push(world);
  return world;
}

const to = 'a@b.example';
const request = { key: 'k', path: 'POST /v1/verifications', body: '{}' };

describe('a start with an Idempotency-Key', () => {
  it('makes one verification and one message of 50 parallel requests to two instances', async () => {
    const first = await open();
    const second = await open({ path: first.path, clock: first.clock });
    const answers = await Promise.all(
      Array.from({ length: 50 }, (_, i) =>
        (i % 2 === 0 ? first : second).service.verify.start(first.caller(), { to }, request),
      ),
    );
    const ids = new Set(answers.flatMap((answer) => (answer.ok ? [answer.value.verification.id] : [])));
    const refusals = new Set(answers.flatMap((answer) => (answer.ok ? [] : [answer.problem.code])));
    expect(ids.size).toBe(1);
    expect([...refusals].filter((code) => code !== 'idempotency_in_progress')).toEqual([]);
    await first.service.worker.tick();
    await second.service.worker.tick();
    expect(first.sink.messages.length + second.sink.messages.length).toBe(1);
  });

  it('is leased by the time of the store, whatever the clock of the host says', async () => {
    const leasedAt: number[] = [];
    const world = await open({
      mutate: (store) => ({
        ...store,
        verifications: { ...store.verifications, time: async () => 1_700_000_000_000 },
        idempotency: {
          ...store.idempotency,
          claim: (claim, now) => {
            leasedAt.push(now);
            return store.idempotency.claim(claim, now);
          },
        },
      }),
    });
    await world.service.verify.start(world.caller(), { to }, request);
    expect(leasedAt).toEqual([1_700_000_000_000]);
  });

  it('is taken over with its first id, a minute after the process that claimed it died', async () => {
    let dead = true;
    const died = () => Promise.reject(new WatchwordError('unavailable', 'died'));
    const claims: string[] = [];
    const world = await open({
      mutate: (store) => ({
        ...store,
        verifications: {
          ...store.verifications,
          insert: (...input) => (dead ? died() : store.verifications.insert(...input)),
        },
        idempotency: {
          finish: store.idempotency.finish,
          release: (key) => (dead ? died() : store.idempotency.release(key)),
          async claim(claim, now) {
            const outcome = await store.idempotency.claim(claim, now);
            if (outcome.type === 'claimed') claims.push(outcome.id);
            return outcome;
          },
        },
      }),
    });
    const start = () => world.service.verify.start(world.caller(), { to }, request);
    await expect(start()).rejects.toThrow('died');
    dead = false;
    expect(await start()).toMatchObject({ ok: false, problem: { code: 'idempotency_in_progress' } });
    world.clock.now += 60_000;
    expect(await start()).toMatchObject({ ok: true, value: { verification: { id: `vrf_${claims[0] ?? ''}` } } });
  });
});
