import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { adaptedWeight, isHeldOut, LEAST_SHARE, type Measured, plainWeight } from '../../src/core/adaptive.ts';
import { newId } from '../../src/core/id.ts';
import { randomText } from '../../src/crypto/index.ts';

const measured = fc
  .record({ sent: fc.nat(100_000), part: fc.double({ min: 0, max: 1, noNaN: true }) })
  .map(({ sent, part }): Measured => ({ sent, approved: Math.floor(sent * part) }));
const lines = fc.array(fc.record({ weight: fc.integer({ min: 1, max: 9_999 }), own: measured }), {
  minLength: 1,
  maxLength: 6,
});

const share = (list: readonly { readonly weight: number; readonly own: Measured }[], at: number): number => {
  const all = list.map(({ own }) => own);
  const weights = list.map(({ weight, own }) => adaptedWeight(weight, own, all));
  return (weights[at] ?? 0) / weights.reduce((sum, weight) => sum + weight, 0);
};

describe('adapted weights', () => {
  it('never starve a provider and never exceed what is configured', () => {
    fc.assert(
      fc.property(lines, (list) => {
        const all = list.map(({ own }) => own);
        for (const { weight, own } of list) {
          const adapted = adaptedWeight(weight, own, all);
          expect(Number.isInteger(adapted)).toBe(true);
          expect(adapted).toBeGreaterThanOrEqual(Math.floor(plainWeight(weight) * LEAST_SHARE));
          expect(adapted).toBeLessThanOrEqual(plainWeight(weight));
        }
      }),
    );
  });

  it('leave the best provider its whole weight', () => {
    fc.assert(
      fc.property(lines, (list) => {
        const all = list.map(({ own }) => own);
        expect(list.some(({ weight, own }) => adaptedWeight(weight, own, all) === plainWeight(weight))).toBe(true);
      }),
    );
  });

  it('give more to who converts more, and never less', () => {
    fc.assert(
      fc.property(lines, fc.nat(5), fc.integer({ min: 1, max: 1_000 }), (list, place, more) => {
        const at = place % list.length;
        const better = list.map((line, i) => {
          if (i !== at) return line;
          const approved = Math.min(line.own.sent, line.own.approved + more);
          return { ...line, own: { ...line.own, approved } };
        });
        // Rounding to hundredths of a weight may move a share by that much.
        expect(share(better, at)).toBeGreaterThanOrEqual(share(list, at) - 0.02);
      }),
    );
  });

  it('decide little on few messages, and much on many', () => {
    const good = { sent: 10_000, approved: 9_000 };
    const few = adaptedWeight(1, { sent: 2, approved: 0 }, [good]);
    const many = adaptedWeight(1, { sent: 10_000, approved: 5_000 }, [good]);
    expect(few).toBeGreaterThan(many - 10);
    expect(adaptedWeight(1, good, [good])).toBe(100);
    expect(many).toBeLessThan(35);
    expect(adaptedWeight(1, { sent: 10_000, approved: 0 }, [good])).toBe(20);
  });

  it('are the configured ones while nothing is measured', () => {
    const nothing = { sent: 0, approved: 0 };
    expect([1, 3].map((weight) => adaptedWeight(weight, nothing, [nothing, nothing]))).toEqual([100, 300]);
  });
});

it('the share of messages held out is the one asked for, and the same for everybody who asks', () => {
  const ids = Array.from({ length: 20_000 }, () => newId('snd', 1_800_000_000_000, randomText(20)));
  const held = ids.filter((id) => isHeldOut(id, 10));
  expect(held.length / ids.length).toBeGreaterThan(0.085);
  expect(held.length / ids.length).toBeLessThan(0.115);
  expect(held.every((id) => isHeldOut(id, 10) && isHeldOut(id, 50))).toBe(true);
  expect(ids.some((id) => isHeldOut(id, 0))).toBe(false);
});
