import { afterEach, describe, expect, it } from 'vitest';
import { LEASE_MS } from '../../src/service/delivery/index.ts';
import { createWorld, type World } from '../support/world.ts';

const worlds: World[] = [];
afterEach(async () => {
  for (const world of worlds.splice(0)) await world.close();
});

/** Another process on the same file, with the same clock. */
async function process(of?: World): Promise<World> {
  const world = await createWorld(of ? { path: of.path, clock: of.clock } : {});
  worlds.push(world);
  return world;
}

/** A worker that hands the message over and dies: its provider call never comes back. */
async function dieWhileSending(world: World): Promise<void> {
  world.sink.answer = () => new Promise(() => undefined);
  const before = world.sink.messages.length;
  void world.service.worker.tick();
  for (let i = 0; i < 200 && world.sink.messages.length === before; i++)
    await new Promise((done) => setTimeout(done, 5));
  expect(world.sink.messages).toHaveLength(before + 1);
  world.clock.now += LEASE_MS;
}

async function sendsOf(world: World, id: string) {
  const sends = await world.service.records.sends(world.caller(), id);
  return sends.ok ? sends.value.data : [];
}

describe('A40: a send whose worker dies', () => {
  it('goes out once more, with the same code and the same send id', async () => {
    const first = await process();
    const started = await first.service.verify.start(first.caller(), { to: '+14155552671' });
    if (!started.ok) throw new Error('refused');
    await dieWhileSending(first);
    const second = await process(first);
    await second.service.worker.tick();
    const [a, b] = [first.sink.last(), second.sink.last()];
    expect([b.code.reveal(), b.sendId, b.text]).toEqual([a.code.reveal(), a.sendId, a.text]);
    expect(await sendsOf(second, started.value.verification.id)).toMatchObject([{ status: 'accepted' }]);
  });

  it('is given up after the second death, told so, and holds nobody up', async () => {
    const first = await process();
    const poison = await first.service.verify.start(first.caller(), { to: '+14155552671' });
    if (!poison.ok) throw new Error('refused');
    await dieWhileSending(first);
    const second = await process(first);
    await dieWhileSending(second);
    const third = await process(first);
    const other = await third.service.verify.start(third.caller(), { to: '+14155552672' });
    if (!other.ok) throw new Error('refused');
    await third.service.worker.tick();
    expect(third.sink.messages.map((message) => message.to)).toEqual(['+14155552672']);
    expect(await sendsOf(third, poison.value.verification.id)).toMatchObject([
      { status: 'failed', error: 'unknown_outcome' },
    ]);
    const record = await third.service.verify.get(third.caller(), poison.value.verification.id);
    expect(record).toMatchObject({ value: { status: 'failed', status_reason: 'all_providers_failed' } });
    expect(await sendsOf(third, other.value.verification.id)).toMatchObject([{ status: 'accepted' }]);
  });
});
