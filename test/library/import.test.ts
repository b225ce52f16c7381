import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const SOURCE = fileURLToPath(new URL('../../src/', import.meta.url));
/** Of the 60 ms that importing may take, a module costs about half a millisecond. */
const MOST_FILES = 100;

/** Everything that importing a file loads at once: files of ours, and what they name of others. Types load nothing. */
function loaded(entry: string): { readonly files: ReadonlySet<string>; readonly packages: ReadonlySet<string> } {
  const files = new Set<string>();
  const packages = new Set<string>();
  const visit = (file: string): void => {
    if (files.has(file)) return;
    files.add(file);
    for (const specifier of specifiers(readFileSync(file, 'utf8'))) {
      if (specifier.startsWith('.')) visit(resolve(dirname(file), specifier));
      else packages.add(specifier);
    }
  };
  visit(resolve(SOURCE, entry));
  return { files, packages };
}

function specifiers(text: string): readonly string[] {
  const statements = text.matchAll(/^(?:import|export)\s(?!type\s)(?:([^'";]*?)\sfrom\s)?['"]([^'"]+)['"]/gm);
  return [...statements].flatMap(([, names, specifier = '']) => (isAllTypes(names ?? '') ? [] : [specifier]));
}

function isAllTypes(names: string): boolean {
  const listed = /^\{([\s\S]*)\}$/.exec(names.trim())?.[1];
  const entries = (listed ?? '').split(',').filter((entry) => entry.trim() !== '');
  return entries.length > 0 && entries.every((entry) => entry.trim().startsWith('type '));
}

describe('importing the library', () => {
  const { files, packages } = loaded('index.ts');

  it('loads no package: metadata, schemas, pages and drivers wait for the first use', () => {
    expect([...packages].filter((name) => !name.startsWith('node:'))).toEqual([]);
  });

  it('leaves the network to the first message: Node’s own modules for it are a large part of what is left', () => {
    const network = ['node:http', 'node:https', 'node:http2', 'node:tls', 'node:dns', 'node:dns/promises'];
    expect(network.filter((name) => packages.has(name))).toEqual([]);
  });

  it(`loads at most ${MOST_FILES} files`, () => {
    expect(files.size).toBeGreaterThan(20);
    expect(files.size).toBeLessThanOrEqual(MOST_FILES);
  });

  it('is measured by a walk that does see packages', () => {
    expect(loaded('runtime/library-parts.ts').packages.size).toBeGreaterThan(5);
  });
});
