import { afterEach, describe, expect, it } from 'vitest';
import type { Store } from '../../src/ports/store.ts';
import { withoutCompareAndSwap } from '../support/mutants.ts';
import { createWorld, type World } from '../support/world.ts';

const ROUNDS = 100;
let world: World;
afterEach(() => world.close());

async function approvalsPerRound(rounds: number, mutate?: (store: Store) => Store): Promise<number[]> {
  world = await createWorld({ limits: { destination_sends: { max: 1000 } }, ...(mutate ? { mutate } : {}) });
  const approvals: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const { id, code } = await world.startAndRead();
    const answers = await Promise.all(
      Array.from({ length: 200 }, () => world.service.verify.check(world.caller(), id, { code })),
    );
    const results = answers.map((answer) => (answer.ok ? answer.value.result : answer.problem.code));
    expect(new Set(results)).toEqual(new Set(results.includes('closed') ? ['approved', 'closed'] : ['approved']));
    approvals.push(results.filter((result) => result === 'approved').length);
  }
  return approvals;
}

describe('A2: one right code, many times at once', () => {
  it('approves exactly once in each of 100 rounds of 200, and never counts a duplicate as a failure', async () => {
    expect(await approvalsPerRound(ROUNDS)).toEqual(Array(ROUNDS).fill(1));
  }, 60_000);

  it('would show a store that forgets to compare the version', async () => {
    expect(Math.max(...(await approvalsPerRound(2, withoutCompareAndSwap)))).toBeGreaterThan(1);
  });
});
