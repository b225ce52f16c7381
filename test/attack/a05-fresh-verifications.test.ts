import { afterEach, describe, expect, it } from 'vitest';
import type { Store } from '../../src/ports/store.ts';
import { withoutDestinationFailures } from '../support/mutants.ts';
import { createWorld, wrongCode, type World } from '../support/world.ts';

let world: World;
afterEach(() => world.close());

const HOUR = 3_600_000;

/** Starts and burns all checks until a start is refused; counts the guesses that were evaluated. */
async function burn(days: number, mutate?: (store: Store) => Store) {
  world = await createWorld({ limits: { destination_sends: { max: 100_000 } }, ...(mutate ? { mutate } : {}) });
  let guesses = 0;
  const refusals = new Set<string>();
  for (let hour = 0; hour < days * 24; hour++) {
    for (let i = 0; i < 6; i++) {
      const started = await world.service.verify.start(world.caller(), { to: '+14155552671' });
      if (!started.ok) {
        refusals.add(started.problem.limit?.name ?? started.problem.code);
        break;
      }
      await world.service.worker.tick();
      const wrong = wrongCode(world.sink.last().code.reveal());
      for (let check = 0; check < 5; check++) {
        const { verification } = started.value;
        const answer = await world.service.verify.check(world.caller(), verification.id, { code: wrong });
        if (answer.ok && answer.value.result === 'incorrect') guesses += 1;
      }
    }
    world.clock.now += HOUR;
  }
  return { guesses, refusals: [...refusals] };
}

describe('A5: a new verification for the same destination', () => {
  it('gives no guesses beyond destination_failures in a day', async () => {
    expect(await burn(1)).toEqual({ guesses: 20, refusals: ['destination_failures'] });
  });

  it('ends at 100 consecutive failures until an operator re-binds the destination', async () => {
    const { guesses, refusals } = await burn(8);
    expect(guesses).toBe(100);
    expect(refusals).toContain('destination_consecutive_failures');
    expect((await world.service.verify.start(world.caller(), { to: '+14155552671' })).ok).toBe(false);
    await world.service.directory.rebind(world.caller(), '+14155552671');
    expect((await world.service.verify.start(world.caller(), { to: '+14155552671' })).ok).toBe(true);
  }, 60_000);

  it('would show a store that forgets what a failed check costs the destination', async () => {
    expect((await burn(1, withoutDestinationFailures)).guesses).toBeGreaterThan(20);
  });
});
