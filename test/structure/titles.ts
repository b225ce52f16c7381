import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const TESTS = fileURLToPath(new URL('../', import.meta.url));

/** `it('…'`, the title after a table (`])('…'`), and the first word of a row of one (`['…'`), which goes into its title. */
const TITLE = /(?:\b(?:it|describe)(?:\.\w+\([^)]*\))?\(|\]\)\(|^\s*\[)\s*(['"`])((?:(?!\1).)*)\1/gms;

/** Titles of tests and of what they are gathered under. */
export function titles(): readonly string[] {
  return readdirSync(TESTS, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.test.ts'))
    .flatMap((path) => [...readFileSync(join(TESTS, path), 'utf8').matchAll(TITLE)].map(([, , title = '']) => title));
}

/** Those that name a requirement or a defect, such as `S0.3`. */
export function naming(all: readonly string[], name: string): readonly string[] {
  return all.filter((title) => new RegExp(`\\b${name.replace('.', '\\.')}(?!\\d)`).test(title));
}
