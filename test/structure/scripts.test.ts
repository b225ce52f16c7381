import { expect, it } from 'vitest';
import { readSources } from './sources.ts';

const WINDOW =
  /\b(?:matchMedia|innerWidth|innerHeight|outerWidth|clientWidth|screen\.width|visualViewport|ResizeObserver|resize)\b/;

it('no script of a page asks how wide its window is or which colours it has, so that a page need not be loaded for each', () => {
  const scripts = readSources().filter(({ path }) => path.startsWith('web/islands/'));
  expect(scripts.length).toBeGreaterThan(3);
  expect(scripts.filter(({ text }) => WINDOW.test(text)).map(({ path }) => path)).toEqual([]);
});
