import { afterEach, describe, expect, it } from 'vitest';
import { createWorld, type World } from '../support/world.ts';

const worlds: World[] = [];
afterEach(async () => {
  for (const world of worlds.splice(0)) await world.close();
});

describe('A37: a host whose clock is an hour behind', () => {
  it('revives no expired code', async () => {
    const right = await createWorld();
    worlds.push(right);
    const { id, code } = await right.startAndRead();
    right.clock.now += 600_000;
    // Any commit after the end tells every instance how late it is.
    await right.startAndRead('+14155552672');
    const behind = await createWorld({ path: right.path, clock: { now: right.clock.now - 3_600_000 } });
    worlds.push(behind);
    const answer = await behind.service.verify.check(behind.caller(), id, { code });
    expect(answer).toMatchObject({ ok: true, value: { result: 'expired' } });
    expect(await behind.service.health.readiness()).toMatchObject({ ready: false });
  });

  it('keeps what is closed closed when a clock goes back', async () => {
    const world = await createWorld();
    worlds.push(world);
    const { id, code } = await world.startAndRead();
    world.clock.now += 600_000;
    expect(await world.service.verify.check(world.caller(), id, { code })).toMatchObject({
      value: { result: 'expired' },
    });
    world.clock.now -= 3_600_000;
    expect(await world.service.verify.check(world.caller(), id, { code })).toMatchObject({
      value: { result: 'expired' },
    });
  });
});
