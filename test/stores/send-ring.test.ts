import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SendRing } from '../../src/stores/sqlite/send-ring.ts';

const WINDOW_MS = 50;

describe('the ring of sends', () => {
  it('counts like a plain list, whatever is added and undone', () => {
    const step = fc.record({
      destination: fc.integer({ min: 0, max: 40 }),
      wait: fc.integer({ min: 0, max: 2 }),
      undo: fc.integer({ min: 0, max: 20 }),
    });
    fc.assert(
      fc.property(fc.array(step, { minLength: 1, maxLength: 3_000, size: 'max' }), (steps) => {
        const ring = new SendRing();
        const list: { destination: number; at: number }[] = [];
        let now = 1_000;
        for (const { destination, wait, undo } of steps) {
          now += wait;
          const mark = ring.mark;
          ring.add(destination, now, now - WINDOW_MS);
          if (undo === 0) ring.undoTo(mark);
          else list.push({ destination, at: now });
          const wanted = list
            .filter((entry) => entry.destination === destination && entry.at > now - WINDOW_MS)
            .map((entry) => entry.at)
            .toReversed();
          expect(ring.times(destination, now - WINDOW_MS, 1_000)).toEqual(wanted);
        }
      }),
      { numRuns: 8 },
    );
  });

  it('keeps everything inside the window when it grows', () => {
    const ring = new SendRing();
    for (let i = 0; i < 10_000; i++) ring.add(i % 7, i, -1);
    expect(ring.times(3, -1, 20_000).length).toBe(Math.ceil((10_000 - 3) / 7));
    expect(ring.times(3, -1, 2)).toEqual([9_999 - ((9_999 - 3) % 7), 9_999 - ((9_999 - 3) % 7) - 7]);
  });

  it('reuses room of what left the window', () => {
    const ring = new SendRing();
    for (let i = 0; i < 100_000; i++) ring.add(i % 5, i, i - 500);
    expect(ring.times(99_999 % 5, 99_999 - 500, 1_000).length).toBe(100);
  });
});
