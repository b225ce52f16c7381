import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { packTimes, unpackTimes, withTime } from '../../src/stores/sql/server/send-times.ts';

const DAY_MS = 86_400_000;
const NOW = 1_768_478_400_000;
const times = fc
  .array(fc.integer({ min: NOW - 3 * DAY_MS, max: NOW + 1_000 }), { maxLength: 40 })
  .map((list) => list.toSorted((a, b) => a - b));

describe('the times of a destination’s messages', () => {
  it('come back as they were packed', () => {
    fc.assert(
      fc.property(times, (list) => {
        expect(unpackTimes(packTimes(list))).toEqual(list);
      }),
    );
  });

  it('take few bytes', () => {
    const day = Array.from({ length: 10 }, (_, i) => NOW + i * 8_640_000);
    expect(packTimes(day).length).toBeLessThan(70);
  });

  it('lose only what the window left behind, and keep their order when a clock is ahead', () => {
    fc.assert(
      fc.property(times, (list) => {
        const kept = withTime(list, NOW, { windowMs: DAY_MS, max: 0 });
        expect(kept).toEqual([...list.filter((time) => time > NOW - DAY_MS), NOW].toSorted((a, b) => a - b));
      }),
    );
  });

  it('stay few when no limit counts them, and all that a limit counts', () => {
    const many = Array.from({ length: 999 }, (_, i) => NOW - 1_000 + i);
    const grow = (list: readonly number[], max: number): number[] =>
      Array.from({ length: 500 }).reduce<number[]>((kept) => withTime(kept, NOW, { windowMs: DAY_MS, max }), [...list]);
    expect(grow(many, 0).length).toBe(1_000);
    expect(grow(many, 1_200).length).toBe(1_200);
  });
});
