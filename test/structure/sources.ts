import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** One source file; `path` is relative to `src/`, with forward slashes. */
export interface Source {
  readonly path: string;
  readonly text: string;
}

/** All TypeScript sources. */
export function readSources(): readonly Source[] {
  const root = fileURLToPath(new URL('../../src/', import.meta.url));
  return readdirSync(root, { recursive: true, encoding: 'utf8' })
    .map((path) => path.replaceAll('\\', '/'))
    .filter((path) => /\.tsx?$/.test(path) && !path.endsWith('.d.ts'))
    .map((path) => ({ path, text: readFileSync(join(root, path), 'utf8') }));
}

const STATEMENT = /^[ \t]*(?:import|export)\b[^;'"`]*?\bfrom\s*['"]([^'"]+)['"]/gm;
const BARE = /^[ \t]*import\s*['"]([^'"]+)['"]/gm;
const DYNAMIC = /\b(?:import|require)\(\s*['"`]([^'"`]+)['"`]/g;

/** What a file imports, statically, for its effects, as types or dynamically. */
export function importsOf(source: Source): readonly string[] {
  return [STATEMENT, BARE, DYNAMIC].flatMap((pattern) =>
    [...source.text.matchAll(pattern)].map(([, specifier]) => specifier ?? ''),
  );
}

/** Code lines without comment lines and without text in single or double quotes. */
export function codeLines(source: Source): readonly string[] {
  return source.text
    .split('\n')
    .filter((line) => !/^\s*(?:\/\/|\/?\*)/.test(line))
    .map((line) => line.replace(/'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"/g, "''"));
}
