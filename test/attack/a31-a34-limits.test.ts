import { afterEach, describe, expect, it } from 'vitest';
import type { Store } from '../../src/ports/store.ts';
import { withoutLimits } from '../support/mutants.ts';
import { createWorld, wrongCode, type World } from '../support/world.ts';

let world: World;
afterEach(() => world.close());

const PHONES = [
  '+14155552671',
  '+1 415 555 2671',
  '+1 (415) 555-2671',
  '+1.415.555.2671',
  '0014155552671',
  ' +14155552671 ',
];
const MAILS = [
  'mara@gmail.com',
  'MARA@gmail.com',
  'm.a.r.a@gmail.com',
  'mara+1@gmail.com',
  'mara+x.y@googlemail.com',
  'Mara@GMAIL.COM',
  'm.ara+z@gmail.com',
];

async function accepted(addresses: readonly string[], rounds: number): Promise<number> {
  let count = 0;
  for (let i = 0; i < rounds; i++) {
    const to = addresses[i % addresses.length] ?? '';
    if ((await world.service.verify.start(world.caller(), { to })).ok) count += 1;
    world.clock.now += 60_000;
  }
  return count;
}

describe('A31, A32: spellings and aliases', () => {
  it.each([
    ['of one number', PHONES],
    ['of one mailbox', MAILS],
  ])('%s share one limit', async (_name, addresses) => {
    world = await createWorld();
    expect(await accepted(addresses, 40)).toBe(10);
  });

  it('are delivered to exactly as given', async () => {
    world = await createWorld();
    const { message } = await world.startAndRead('M.Ara+Shop@GMail.com');
    expect(message.to).toBe('M.Ara+Shop@gmail.com');
  });
});

async function bombed(mutate?: (store: Store) => Store): Promise<number> {
  world = await createWorld(mutate ? { mutate } : {});
  for (let i = 0; i < 100; i++) {
    await world.service.verify.start(world.caller(), { to: '+14155552671', signals: { ip: `203.0.113.${i}` } });
    await world.service.worker.tick();
    world.clock.now += 36_000;
  }
  return world.sink.messages.length;
}

describe('A33: bombing a number from a hundred addresses', () => {
  it('sends at most destination_sends messages, and counts each refusal', async () => {
    expect(await bombed()).toBe(10);
    const day = new Date(world.clock.now).toISOString().slice(0, 10);
    const totals = await world.store.records.stats(world.application.id, '2000-01-01', day);
    const refused = totals.filter((total) => total.kind === 'refused:limit:destination_sends');
    expect(refused.reduce((sum, total) => sum + total.count, 0)).toBe(90);
  });

  it('would show a store that takes no limit', async () => {
    expect(await bombed(withoutLimits)).toBe(100);
  });

  it('counts resends too', async () => {
    world = await createWorld({ limits: { destination_sends: { max: 3 } } });
    const { id } = await world.startAndRead();
    const names: string[] = [];
    for (let i = 0; i < 4; i++) {
      world.clock.now += 70_000 * (i + 1);
      const sent = await world.service.verify.resend(world.caller(), id, {});
      names.push(sent.ok ? 'sent' : (sent.problem.limit?.name ?? sent.problem.code));
    }
    expect(names.slice(0, 3)).toEqual(['sent', 'sent', 'destination_sends']);
  });

  it('lets test keys through without counting them', async () => {
    world = await createWorld({ limits: { destination_sends: { max: 1 } } });
    for (let i = 0; i < 5; i++) {
      expect((await world.service.verify.start(world.caller('test'), { to: '+14155552671' })).ok).toBe(true);
    }
    expect((await world.service.verify.start(world.caller(), { to: '+14155552671' })).ok).toBe(true);
  });
});

describe('A34: a stranger who starts a verification for your number', () => {
  it('cannot burn or cancel yours', async () => {
    world = await createWorld();
    const mine = await world.startAndRead();
    const theirs = await world.startAndRead();
    for (let i = 0; i < 6; i++)
      await world.service.verify.check(world.caller(), theirs.id, { code: wrongCode(theirs.code) });
    const answer = await world.service.verify.check(world.caller(), mine.id, { code: mine.code });
    expect(answer).toMatchObject({ ok: true, value: { result: 'approved' } });
  });

  it('cannot lock out a device that was approved for it before', async () => {
    world = await createWorld();
    const start = (device?: string) =>
      world.service.verify.start(world.caller(), {
        to: '+14155552671',
        ...(device ? { signals: { device_id: device } } : {}),
      });
    const mine = await world.startAndRead('+14155552671', { signals: { device_id: 'my-phone' } });
    await world.service.verify.check(world.caller(), mine.id, { code: mine.code });
    for (let i = 0; i < 12; i++) await start('stranger');
    expect(await start('stranger')).toMatchObject({ ok: false, problem: { limit: { name: 'destination_sends' } } });
    const allowed = [];
    for (let i = 0; i < 6; i++) allowed.push((await start('my-phone')).ok);
    expect(allowed).toEqual([true, true, true, true, true, false]);
  });
});
