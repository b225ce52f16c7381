import { afterEach, describe, expect, it } from 'vitest';
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

const REPLACE = { login: { on_open: 'replace' } } as const;
const to = 'a@b.example';

describe('on_open replace', () => {
  it('answers all of 50 parallel starts from two instances and leaves one open', async () => {
    const first = await open({ policies: REPLACE });
    const second = await open({ path: first.path, clock: first.clock });
    const starts = Array.from({ length: 50 }, (_, i) =>
      (i % 2 === 0 ? first : second).service.verify.start(first.caller('test'), { to }),
    );
    const answers = await Promise.all(starts);
    expect(answers.filter((answer) => answer.ok)).toHaveLength(50);
    const found = await first.service.records.search(first.caller('test'), { limit: 100 });
    const rows = found.ok ? found.value.data : [];
    expect(rows.filter((row) => row.status === 'pending')).toHaveLength(1);
    expect(rows.filter((row) => row.status === 'canceled' && row.status_reason === 'replaced')).toHaveLength(49);
  });

  it('leaves the open code alone when a limit refuses the start that would replace it', async () => {
    const world = await open({ policies: REPLACE, limits: { destination_sends: { max: 1 } } });
    const { id, code } = await world.startAndRead(to);
    const refused = await world.service.verify.start(world.caller(), { to });
    expect(refused).toMatchObject({ ok: false, problem: { code: 'limit_exceeded' } });
    expect(await world.service.verify.check(world.caller(), id, { code })).toMatchObject({
      value: { result: 'approved' },
    });
  });
});

describe('on_open reuse', () => {
  it('starts anew when the open verification is approved while it is being reused', async () => {
    const world = await open({ policies: { login: { on_open: 'reuse' } } });
    const { id, code } = await world.startAndRead(to);
    world.clock.now += 30_000;
    const { newestOpen } = world.real.verifications;
    // Approved between the look at it and the resend.
    world.store.verifications.newestOpen = async (subject) => {
      const found = await newestOpen(subject);
      await world.service.verify.check(world.caller(), id, { code });
      return found;
    };
    const started = await world.service.verify.start(world.caller(), { to });
    expect(started).toMatchObject({ ok: true, value: { created: true, verification: { status: 'pending' } } });
  });
});
