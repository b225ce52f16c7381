import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const TESTS = fileURLToPath(new URL('../', import.meta.url));

/** The measured defects of the systems before this one. */
const DEFECTS = [
  ...Array.from({ length: 11 }, (_, at) => `D0.${at + 1}`),
  ...Array.from({ length: 10 }, (_, at) => `D2.${at + 1}`),
];

/** `it('…'`, the title after a table (`])('…'`), and the first word of a row of one (`['…'`), which goes into its title. */
const TITLE = /(?:\b(?:it|describe)(?:\.\w+\([^)]*\))?\(|\]\)\(|^\s*\[)\s*(['"`])((?:(?!\1).)*)\1/gms;

/** Titles of tests and of what they are gathered under. */
function titles(): readonly string[] {
  return readdirSync(TESTS, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.test.ts'))
    .flatMap((path) => [...readFileSync(join(TESTS, path), 'utf8').matchAll(TITLE)].map(([, , title = '']) => title));
}

describe('the defects of the systems before this one', () => {
  const all = titles();

  it('have titles to look through', () => {
    expect(all.length).toBeGreaterThan(1_000);
  });

  it.each(DEFECTS)('%s is the name of a test', (name) => {
    expect(all.filter((title) => new RegExp(`\\b${name.replace('.', '\\.')}(?!\\d)`).test(title))).not.toEqual([]);
  });
});
