import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ROOT } from './snippets.ts';

const DIST = join(ROOT, 'dist');
const textOf = (path: string): string => readFileSync(path, 'utf8');

/** What a module loads before its first line runs. */
function importsOf(path: string): readonly string[] {
  return [...textOf(path).matchAll(/^(?:import|export) (?:[^'"]*? from )?"([^"]+)";$/gm)].map(([, from]) => from ?? '');
}

/** All that is loaded with a module: our own files, and what is not ours. */
function loadedWith(path: string, seen: Set<string> = new Set()): Set<string> {
  if (seen.has(path)) return seen;
  seen.add(path);
  for (const from of importsOf(path)) {
    if (from.startsWith('.')) loadedWith(join(dirname(path), from), seen);
    else seen.add(from);
  }
  return seen;
}

const ours = (loaded: Set<string>): readonly string[] => [...loaded].filter((path) => path.startsWith(DIST));
const packages = (loaded: Set<string>): readonly string[] =>
  [...loaded].filter((name) => /^[@a-z]/.test(name) && !name.startsWith('node:')).toSorted();

describe('the joined modules', () => {
  it('let the program look at the version of Node before anything else is loaded', () => {
    expect(importsOf(join(DIST, 'cli/main.js'))).toEqual(['node:fs']);
  });

  it.each(['index', 'testing/index', 'stores/sql/kit'])('make an import of %s few files and no package', (name) => {
    const loaded = loadedWith(join(DIST, `${name}.js`));
    expect(ours(loaded).length).toBeLessThanOrEqual(4);
    expect(packages(loaded)).toEqual([]);
  });

  it('make the server few files, without pages and without clients of databases', () => {
    const loaded = loadedWith(join(DIST, 'chunks/server.js'));
    expect(ours(loaded).length).toBeLessThanOrEqual(6);
    expect(packages(loaded)).toEqual([
      '@hono/node-server',
      'hono',
      'libphonenumber-js/core',
      'libphonenumber-js/max/metadata',
      'zod',
    ]);
  });

  it('look for files where the module stood that wants them', () => {
    const text = readdirSync(join(DIST, 'chunks'))
      .map((name) => textOf(join(DIST, 'chunks', name)))
      .join('\n');
    const paths = [...text.matchAll(/new URL\("([^"]+)", import\.meta\.url\)/g)].map(([, path]) =>
      join(DIST, 'chunks', path ?? ''),
    );
    expect(paths.length).toBeGreaterThanOrEqual(4);
    expect(paths.filter((path) => !path.startsWith(DIST) || !existsSync(path))).toEqual([]);
    expect([...text.matchAll(/__placeOf__|import\.meta\.url/g)].length).toBe(paths.length);
  });
});
