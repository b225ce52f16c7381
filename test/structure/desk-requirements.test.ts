import { describe, expect, it } from 'vitest';
import { naming, titles } from './titles.ts';

/** What the desk has to do: all of the first system before this one, and what the others ask of staff. */
const REQUIREMENTS = [
  ...Array.from({ length: 58 }, (_, at) => `S0.${at + 1}`),
  ...[7, 9, 10, 11, 12, 52, 53, 54, 55, 56, 57, 68, 79, 80, 83, 84, 90, 92, 93, 94, 95, 96, 97, 99, 100].map(
    (at) => `S2.${at}`,
  ),
  ...[23, 57, 58].map((at) => `S3.${at}`),
];

describe('the requirements of the desk', () => {
  const all = titles();

  it.each(REQUIREMENTS)('%s is the name of a test', (name) => {
    expect(naming(all, name)).not.toEqual([]);
  });
});
