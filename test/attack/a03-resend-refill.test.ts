import { afterEach, describe, expect, it } from 'vitest';
import type { Store } from '../../src/ports/store.ts';
import { withResendRefill } from '../support/mutants.ts';
import { createWorld, wrongCode, type World } from '../support/world.ts';

let world: World;
afterEach(() => world.close());

async function guessResendGuess(resend_code: 'same' | 'new', mutate?: (store: Store) => Store): Promise<string> {
  world = await createWorld({ policies: { login: { resend_code } }, ...(mutate ? { mutate } : {}) });
  const caller = world.caller();
  const { id, code } = await world.startAndRead();
  for (let i = 0; i < 2; i++) await world.service.verify.check(caller, id, { code: wrongCode(code) });
  world.clock.now += 30_000;
  expect(await world.service.verify.resend(caller, id, {})).toMatchObject({ ok: true });
  await world.service.worker.tick();
  const now = world.sink.last().code.reveal();
  for (let i = 0; i < 3; i++) await world.service.verify.check(caller, id, { code: wrongCode(now) });
  const right = await world.service.verify.check(caller, id, { code: now });
  return right.ok ? right.value.result : right.problem.code;
}

describe('A3: a resend', () => {
  it.each(['same', 'new'] as const)(
    'of the %s code gives no fresh guesses: the right code comes too late',
    async (kind) => {
      expect(await guessResendGuess(kind)).toBe('exhausted');
    },
  );

  it('would show a store that refills the checks', async () => {
    expect(await guessResendGuess('same', withResendRefill)).toBe('approved');
  });
});
