import { afterEach, describe, expect, it } from 'vitest';
import type { Store } from '../../src/ports/store.ts';
import { withoutCounting } from '../support/mutants.ts';
import { createWorld, wrongCode, type World } from '../support/world.ts';

const worlds: World[] = [];
afterEach(async () => {
  for (const world of worlds.splice(0)) await world.close();
});

async function guessRestartGuess(mutate?: (store: Store) => Store): Promise<string> {
  const before = await createWorld(mutate ? { mutate } : {});
  worlds.push(before);
  const { id, code } = await before.startAndRead();
  for (let i = 0; i < 3; i++) await before.service.verify.check(before.caller(), id, { code: wrongCode(code) });
  // The first process is not closed: whatever it kept only in memory is lost to the second.
  const after = await createWorld({ path: before.path, clock: before.clock, ...(mutate ? { mutate } : {}) });
  worlds.push(after);
  for (let i = 0; i < 2; i++) await after.service.verify.check(after.caller(), id, { code: wrongCode(code) });
  const right = await after.service.verify.check(after.caller(), id, { code });
  return right.ok ? right.value.result : right.problem.code;
}

describe('A4, A10: the count', () => {
  it('is in the file before the answer leaves, for every process that opens it', async () => {
    expect(await guessRestartGuess()).toBe('exhausted');
  });

  it('would show a store that answers without writing the count', async () => {
    expect(await guessRestartGuess(withoutCounting)).toBe('approved');
  });
});
