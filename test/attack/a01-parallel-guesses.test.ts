import { afterEach, describe, expect, it } from 'vitest';
import type { Store } from '../../src/ports/store.ts';
import { createWorld, wrongCode, type World } from '../support/world.ts';
import { withoutCompareAndSwap } from '../support/mutants.ts';

let world: World;
afterEach(() => world.close());

/** How many of 500 parallel wrong codes were evaluated, by the answers and by the record. */
async function guessInParallel(mutate?: (store: Store) => Store) {
  world = await createWorld(mutate ? { mutate } : {});
  const { id, code } = await world.startAndRead();
  const answers = await Promise.all(
    Array.from({ length: 500 }, () => world.service.verify.check(world.caller(), id, { code: wrongCode(code) })),
  );
  const results = answers.map((answer) => (answer.ok ? answer.value.result : answer.problem.code));
  const after = await world.service.verify.check(world.caller(), id, { code });
  const record = await world.service.verify.get(world.caller(), id);
  return {
    incorrect: results.filter((result) => result === 'incorrect').length,
    exhausted: results.filter((result) => result === 'exhausted').length,
    stored: record.ok ? record.value.checks : -1,
    rightAfterwards: after.ok ? after.value.result : after.problem.code,
  };
}

describe('A1: parallel guesses', () => {
  it('evaluates exactly max_checks of 500 parallel wrong codes', async () => {
    expect(await guessInParallel()).toEqual({ incorrect: 5, exhausted: 495, stored: 5, rightAfterwards: 'exhausted' });
  });

  it('would show a store that forgets to compare the version', async () => {
    expect((await guessInParallel(withoutCompareAndSwap)).incorrect).toBeGreaterThan(5);
  });
});
