import { describe, expect, it } from 'vitest';
import { naming, titles } from './titles.ts';

/** The measured defects of the systems before this one. */
const DEFECTS = [
  ...Array.from({ length: 11 }, (_, at) => `D0.${at + 1}`),
  ...Array.from({ length: 10 }, (_, at) => `D2.${at + 1}`),
];

describe('the defects of the systems before this one', () => {
  const all = titles();

  it('have titles to look through', () => {
    expect(all.length).toBeGreaterThan(1_000);
  });

  it.each(DEFECTS)('%s is the name of a test', (name) => {
    expect(naming(all, name)).not.toEqual([]);
  });
});
