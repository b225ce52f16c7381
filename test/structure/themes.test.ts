import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { readSources } from './sources.ts';

const THEME = 'prefers-color-scheme';
const COLOUR = /^(?:#[0-9a-f]{3,8}|none|[\d a-z]*rgb\([^)]+\))$/;

/** The style sheet of every page, as it is written. */
function styles(): string {
  return ['tokens', 'watchword']
    .map((name) => readFileSync(new URL(`../../src/web/assets/${name}.css`, import.meta.url), 'utf8'))
    .join('\n');
}

it('a theme sets colours and nothing else, so that a page need not be judged whole in each', () => {
  const [, dark = '', ...more] = styles().split(new RegExp(`@media [^{]*${THEME}[^{]*\\{\\s*:root \\{`));
  expect(more).toEqual([]);
  const declarations = dark
    .slice(0, dark.indexOf('}'))
    .split(';')
    .map((one) => one.trim())
    .filter(Boolean);
  expect(declarations.length).toBeGreaterThan(30);
  expect(dark.slice(dark.indexOf('}')).trimStart()).toMatch(/^\}\s*\}/);
  expect(declarations.filter((one) => !one.startsWith('--') || !COLOUR.test(one.split(': ')[1] ?? ''))).toEqual([]);
  expect(styles().split(THEME).length).toBe(2);
  expect(styles()).not.toContain('light-dark(');
  const told = readSources().filter(
    ({ path, text }) => path.startsWith('web/') && /prefers-color-scheme|light-dark\(/.test(text),
  );
  // Shades of one accent colour, each a variable.
  expect(told.map(({ path }) => path)).toEqual(['web/hosted/accent.ts']);
});
