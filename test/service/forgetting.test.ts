import { afterEach, describe, expect, it } from 'vitest';
import { createWorld, type World } from '../support/world.ts';

let world: World;
afterEach(() => world.close());

const to = '+14155552671';
const context = { order: 'context-mark' };
const extra = { context, metadata: { note: 'metadata-mark' }, reference: 'reference-mark' };
const PERSONAL = /context-mark|metadata-mark|reference-mark|•{3} ••71/;
const request = { key: 'k', path: 'POST /v1/verifications', body: '{}' };

/** Everything the idempotency keys remember, in clear. */
function rememberAnswers(): string[] {
  const answers: string[] = [];
  const { seal } = world.ring;
  Object.assign(world.ring, {
    seal: (...input: Parameters<typeof seal>) => {
      if (input[0] === 'answer') answers.push(input[1]);
      return seal(...input);
    },
  });
  return answers;
}

describe('an idempotency key', () => {
  it('gives the first answer again, though it remembers nothing that the record may have to forget', async () => {
    world = await createWorld();
    const answers = rememberAnswers();
    const first = await world.service.verify.start(world.caller(), { to, ...extra }, request);
    const again = await world.service.verify.start(world.caller(), { to, ...extra }, request);
    expect(JSON.stringify(again)).toBe(JSON.stringify(first));
    expect(JSON.stringify(first)).toMatch(PERSONAL);
    expect(answers).toHaveLength(1);
    expect(answers.join()).not.toMatch(PERSONAL);
  });

  it('repeats an approval under "drop at end" without what was dropped', async () => {
    world = await createWorld({ policies: { login: { retention_days: 0 } } });
    const answers = rememberAnswers();
    const { id, code } = await world.startAndRead(to, extra);
    const check = () => world.service.verify.check(world.caller(), id, { code, context }, request);
    expect(await check()).toMatchObject({
      value: { result: 'approved', verification: { reference: 'reference-mark' } },
    });
    expect(await check()).toMatchObject({
      value: { result: 'approved', verification: { reference: null, metadata: {} } },
    });
    expect(answers.join()).not.toMatch(PERSONAL);
  });
});

describe('erasing a destination', () => {
  it('closes what is open, in both modes, and drops its queued message', async () => {
    world = await createWorld();
    for (const mode of ['live', 'test'] as const) await world.service.verify.start(world.caller(mode), { to });
    expect(await world.service.records.erase(world.caller(), to)).toMatchObject({ value: { erased: 2 } });
    for (const mode of ['live', 'test'] as const) {
      const found = await world.service.records.search(world.caller(mode), {});
      expect(found).toMatchObject({ value: { data: [{ status: 'canceled', status_reason: 'operator' }] } });
    }
    await world.service.worker.tick();
    expect([...world.sink.messages, ...world.inbox.messages]).toEqual([]);
  });

  it('forgets its devices although no record names it any more', async () => {
    world = await createWorld({
      policies: { login: { retention_days: 0 } },
      limits: { destination_sends: { max: 1 } },
    });
    const signals = { device_id: 'phone-1' };
    const { id, code } = await world.startAndRead(to, { signals });
    await world.service.verify.check(world.caller(), id, { code });
    await world.service.records.erase(world.caller(), to);
    expect(await world.service.verify.start(world.caller(), { to, signals })).toMatchObject({
      problem: { limit: { name: 'destination_sends' } },
    });
  });
});
