import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { ELSEWHERE, REQUIREMENTS } from './requirements.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

/** `S2.37`, `S2.33–S2.36` and `S2.33–36`, wherever a test stands. */
function named(): ReadonlySet<string> {
  const files = readdirSync(join(ROOT, 'test'), { recursive: true, encoding: 'utf8' });
  const found = new Set<string>();
  for (const file of files.filter(
    (name) => /\.test\.tsx?$/.test(name) && !name.endsWith('structure/requirements.test.ts'),
  )) {
    const text = readFileSync(join(ROOT, 'test', file), 'utf8');
    for (const [, system, first, last] of text.matchAll(/\b(S[0-4])\.(\d+)(?:–(?:S[0-4]\.)?(\d+))?/g))
      for (let number = Number(first); number <= Number(last ?? first); number++) found.add(`${system}.${number}`);
  }
  return found;
}

const wanted = Object.entries(REQUIREMENTS).flatMap(([system, count]) =>
  Array.from({ length: count }, (_, at) => `${system}.${at + 1}`),
);

describe('what the five systems that came before are asked for', () => {
  const titles = named();

  it('is named by a test, or stands in the table of the others, never in both', () => {
    expect(wanted.filter((number) => !titles.has(number) && ELSEWHERE[number] === undefined)).toEqual([]);
    expect(Object.keys(ELSEWHERE).filter((number) => titles.has(number) || !wanted.includes(number))).toEqual([]);
  });

  it.each(Object.entries(ELSEWHERE))('%s is where the table says', (_number, place) => {
    if ('why' in place) return expect(place.why.length).toBeGreaterThan(20);
    const path = join(ROOT, place.file);
    expect([place.file, existsSync(path) && readFileSync(path, 'utf8').includes(place.words)]).toEqual([
      place.file,
      true,
    ]);
  });
});
