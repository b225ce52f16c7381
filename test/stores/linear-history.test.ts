import { describe, expect, it } from 'vitest';
import { type Action, isLinearizable, type Operation } from '../../src/testing/index.ts';

const FIRST = { version: 1, value: 0 };
const read = (version: number, value: number): Action => ({ type: 'read', saw: { version, value } });
const swap = (expected: number, value: number, outcome: 'won' | 'lost' | 'unknown' = 'won'): Action => ({
  type: 'swap',
  expected,
  value,
  outcome,
});
/** Called and answered at these moments; null = never answered. */
const at = (called: number, answered: number | null, action: Action): Operation => ({ called, answered, action });

const CASES: readonly { readonly name: string; readonly linear: boolean; readonly history: readonly Operation[] }[] = [
  {
    name: 'takes one swap after another',
    linear: true,
    history: [at(0, 1, swap(1, 5)), at(2, 3, read(2, 5)), at(4, 5, swap(2, 6)), at(6, 7, read(3, 6))],
  },
  {
    name: 'lets a read beside a swap see either state',
    linear: true,
    history: [at(0, 9, swap(1, 5)), at(1, 3, read(1, 0)), at(4, 6, read(2, 5))],
  },
  {
    name: 'refuses two winners of one version',
    linear: false,
    history: [at(0, 4, swap(1, 5)), at(1, 5, swap(1, 6))],
  },
  {
    name: 'refuses a read that does not see what was acknowledged before',
    linear: false,
    history: [at(0, 1, swap(1, 5)), at(2, 3, read(1, 0))],
  },
  {
    name: 'refuses reads that go back, even beside the swap',
    linear: false,
    history: [at(0, 9, swap(1, 5)), at(1, 2, read(2, 5)), at(3, 4, read(1, 0))],
  },
  {
    name: 'refuses a swap that lost although nobody else had won',
    linear: false,
    history: [at(0, 1, swap(1, 5, 'lost'))],
  },
  {
    name: 'refuses an update that vanished',
    linear: false,
    history: [at(0, 1, swap(1, 5)), at(2, 3, swap(2, 6)), at(4, 5, read(2, 5))],
  },
  {
    name: 'lets a swap without an answer have happened',
    linear: true,
    history: [at(0, null, swap(1, 5, 'unknown')), at(2, 3, read(1, 0)), at(4, 5, read(2, 5))],
  },
  {
    name: 'lets a swap without an answer never have happened',
    linear: true,
    history: [at(0, null, swap(1, 5, 'unknown')), at(2, 3, read(1, 0)), at(4, 5, swap(1, 6))],
  },
  {
    name: 'refuses a swap without an answer that happened and was undone',
    linear: false,
    history: [at(0, null, swap(1, 5, 'unknown')), at(2, 3, read(2, 5)), at(4, 5, read(1, 0))],
  },
  {
    name: 'refuses a value nobody wrote',
    linear: false,
    history: [at(0, 1, swap(1, 5)), at(2, 3, read(2, 7))],
  },
];

describe('the checker of histories', () => {
  it.each(CASES)('$name', ({ linear, history }) => {
    expect(isLinearizable(history, FIRST)).toBe(linear);
    // The order in which operations were written down means nothing.
    expect(isLinearizable(history.toReversed(), FIRST)).toBe(linear);
  });
});
