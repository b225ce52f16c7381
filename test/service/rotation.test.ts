import { afterEach, describe, expect, it } from 'vitest';
import { secret } from '../../src/core/redacted.ts';
import { createKeyRing } from '../../src/crypto/index.ts';
import { createWorld, wrongCode, type World } from '../support/world.ts';

const worlds: World[] = [];
afterEach(async () => {
  for (const world of worlds.splice(0).toReversed()) await world.close();
});

const old = secret('pX7vQ2mL9rT4wK8zB1nD6hJ3sF5gY0cA');
const young = secret('aB3dE6fG9hJ2kL5mN8pQ1rS4tU7vW0xY');
const to = '+14155552671';

/** The same database under the old root secret, then under a new one that still reads the old. */
async function rotated(options: Parameters<typeof createWorld>[0]): Promise<[before: World, after: World]> {
  const before = await createWorld({ ...options, ring: createKeyRing({ current: old, previous: [] }) });
  worlds.push(before);
  const ring = createKeyRing({ current: young, previous: [old] });
  const after = await createWorld({ ...options, path: before.path, clock: before.clock, ring });
  worlds.push(after);
  return [before, after];
}

async function fail(world: World, times: number): Promise<void> {
  const { id, code } = await world.startAndRead(to);
  for (let i = 0; i < times; i++) await world.service.verify.check(world.caller(), id, { code: wrongCode(code) });
}

describe('a rotation of the root secret', () => {
  it('keeps no row of failures that an approval ended', async () => {
    const limits = { destination_consecutive_failures: { max: 6 }, destination_failures: { max: 1000 } };
    const [before, after] = await rotated({ limits });
    await fail(before, 4);
    const { id, code } = await after.startAndRead(to);
    await after.service.verify.check(after.caller(), id, { code });
    await fail(after, 4);
    expect(await after.service.verify.start(after.caller(), { to })).toMatchObject({ ok: true });
  });

  it('resets no row of failures', async () => {
    const limits = { destination_consecutive_failures: { max: 6 }, destination_failures: { max: 1000 } };
    const [before, after] = await rotated({ limits });
    await fail(before, 4);
    await fail(after, 2);
    expect(await after.service.verify.start(after.caller(), { to })).toMatchObject({
      ok: false,
      problem: { limit: { name: 'destination_consecutive_failures', resetAt: null } },
    });
  });

  it('still knows a device that was approved before, and what it used of its allowance', async () => {
    const [before, after] = await rotated({
      limits: { destination_sends: { max: 1 }, known_device_sends: { max: 2 } },
    });
    const signals = { device_id: 'phone-1' };
    const { id, code } = await before.startAndRead(to, { signals });
    await before.service.verify.check(before.caller(), id, { code });
    expect(await before.service.verify.start(before.caller(), { to, signals })).toMatchObject({ ok: true });
    expect(await after.service.verify.start(after.caller(), { to, signals })).toMatchObject({ ok: true });
    expect(await after.service.verify.start(after.caller(), { to, signals })).toMatchObject({
      problem: { limit: { name: 'known_device_sends' } },
    });
  });

  it('lets a start replace the open verification that was made under the old secret', async () => {
    const [before, after] = await rotated({ policies: { login: { on_open: 'replace' } } });
    const { id } = await before.startAndRead(to);
    const started = await after.service.verify.start(after.caller(), { to });
    expect(started).toMatchObject({ ok: true, value: { created: true } });
    expect(await after.service.verify.get(after.caller(), id)).toMatchObject({
      value: { status: 'canceled', status_reason: 'replaced' },
    });
  });
});
