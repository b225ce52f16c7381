import { afterEach, describe, expect, it } from 'vitest';
import { createWorld, wrongCode, type World } from '../support/world.ts';

let world: World;
afterEach(() => world.close());

const DAY = 86_400_000;

describe('reuse within_ttl', () => {
  it('answers approved again with the same receipt jti, counts wrong ones, and ends with the code', async () => {
    world = await createWorld({ policies: { login: { preset: 'phone-api', ttl_seconds: 300, receipt: 'always' } } });
    const { id, code } = await world.startAndRead();
    const check = (value: string) => world.service.verify.check(world.caller(), id, { code: value });
    const first = await check(code);
    const again = await check(code);
    expect(first).toMatchObject({ ok: true, value: { result: 'approved' } });
    expect(again.ok && first.ok && again.value.receipt === first.value.receipt).toBe(true);
    expect(await check(wrongCode(code))).toMatchObject({
      value: { result: 'incorrect', verification: { status: 'approved' } },
    });
    world.clock.now += 300_000;
    expect(await check(code)).toMatchObject({ value: { result: 'closed' } });
  });

  it('loses its digest to the sweeper and its record only at the end of retention', async () => {
    world = await createWorld({ policies: { login: { preset: 'phone-api', ttl_seconds: 300 } } });
    const { id, code } = await world.startAndRead();
    await world.service.verify.check(world.caller(), id, { code });
    world.clock.now += 300_000;
    expect(await world.store.records.purge(world.clock.now, 100)).toBe(0);
    await world.service.worker.tick();
    const { record } = await world.store.verifications.get(id);
    expect(record).toMatchObject({ status: 'approved', digest: null });
    world.clock.now += 29 * DAY;
    expect(await world.store.records.purge(world.clock.now, 100)).toBe(0);
    world.clock.now += DAY;
    expect(await world.store.records.purge(world.clock.now, 100)).toBe(1);
  });

  it('answers approved again also under "drop at end", and drops the rest with the end of the code', async () => {
    const policies = { login: { preset: 'phone-api', ttl_seconds: 300, retention_days: 0 } } as const;
    world = await createWorld({ policies });
    const { id, code } = await world.startAndRead('+14155552671', { context: { order: '7' } });
    const check = () => world.service.verify.check(world.caller(), id, { code, context: { order: '7' } });
    expect(await check()).toMatchObject({ value: { result: 'approved' } });
    expect(await check()).toMatchObject({ value: { result: 'approved' } });
    world.clock.now += 300_000;
    await world.service.worker.tick();
    const { record } = await world.store.verifications.get(id);
    expect(record).toMatchObject({ status: 'approved', digest: null, toIndex: null, sealedTo: null, context: null });
  });
});
