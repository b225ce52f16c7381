import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createHttpWorld } from '../support/world.ts';

let world: Awaited<ReturnType<typeof createHttpWorld>>;
beforeEach(async () => {
  world = await createHttpWorld();
  for (let index = 0; index < 30; index++) await world.call('POST', '/v1/lists/suppressions', { to: someone(index) });
});
afterEach(() => world.close());

const ADDRESS = { ip: '203.0.113.9' };
const someone = (index: number): string => `+1415555${2000 + index}`;

async function start(index: number, signals: object = ADDRESS): Promise<unknown> {
  const { status, body } = await world.call('POST', '/v1/verifications', { to: someone(index), signals });
  return status === 201 ? 'started' : body['code'];
}

describe('A29: who tries out the suppression list', () => {
  it('hears of twenty an hour from one address, then nothing of anybody, at once or one by one', async () => {
    const answers = await Promise.all(Array.from({ length: 30 }, (_, index) => start(index)));
    expect(answers.filter((code) => code === 'destination_suppressed')).toHaveLength(20);
    expect(answers.filter((code) => code === 'limit_exceeded')).toHaveLength(10);
    expect(await start(100)).toBe('limit_exceeded');
    expect(await start(1, { ip: '203.0.113.10' })).toBe('destination_suppressed');
    world.clock.now += 3_600_000;
    expect(await start(1)).toBe('destination_suppressed');
    expect(await start(100)).toBe('started');
  });

  it('leaves alone who starts for others', async () => {
    for (let index = 100; index < 115; index++) expect(await start(index)).toBe('started');
  });
});
