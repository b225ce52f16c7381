import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const LARGEST = 1_000_000;

/** What belongs to one machine or one network and must not be in a file that everybody gets. */
const FORBIDDEN: readonly { readonly name: string; readonly pattern: RegExp }[] = [
  { name: 'a path of somebody’s machine', pattern: /(?<![\w.:/-])\/(?:home|Users|root|work|workspace)\/[\w.-]+/ },
  { name: 'a drive of somebody’s machine', pattern: /\b[A-Z]:\\Users\\/ },
  { name: 'a registry', pattern: /\bregistry\.[a-z0-9-]+\.[a-z]+|"resolved":\s*"https?:|^registry\s*=/m },
  { name: 'a private key', pattern: /-----BEGIN (?:[A-Z]+ )?PRIVATE KEY-----\s+[A-Za-z0-9+/]{40}/ },
  { name: 'an unresolved merge', pattern: /^(?:<{7}|>{7}) /m },
];

function breaches(text: string): readonly string[] {
  return FORBIDDEN.filter(({ pattern }) => pattern.test(text)).map(({ name }) => name);
}

/** Files that git knows or would take; null where this is no clone. */
function trackedFiles(): readonly string[] | null {
  if (!existsSync(join(ROOT, '.git'))) return null;
  const options = { cwd: ROOT, encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 } as const;
  const listed = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], options);
  return listed.split('\0').filter((path) => path !== '' && existsSync(join(ROOT, path)));
}

describe('the files that everybody gets', () => {
  it('name no machine, no registry and no key', (context) => {
    const files = trackedFiles();
    if (files === null) return context.skip('this folder is no git clone');
    const self = 'test/structure/clean-files.test.ts';
    const found = files
      .filter((path) => path !== self && statSync(join(ROOT, path)).isFile())
      .flatMap((path) => breaches(readFileSync(join(ROOT, path), 'utf8')).map((name) => `${path}: ${name}`));
    expect(files.length).toBeGreaterThan(100);
    expect(found).toEqual([]);
  });

  it('are small, and none is a database or left over from a build (D2.10)', (context) => {
    const files = trackedFiles();
    if (files === null) return context.skip('this folder is no git clone');
    const large = files.filter((path) => statSync(join(ROOT, path)).size > LARGEST);
    const built = files.filter((path) =>
      /^(?:dist|node_modules|data|coverage)\/|^src\/.*\.(?:js|js\.map|d\.ts)$|\.tsbuildinfo$|\.(?:db|sqlite3?)(?:-wal|-shm|\.bak)?$/.test(
        path,
      ),
    );
    expect([...large, ...built]).toEqual([]);
  });

  it.each([
    ['at /home/ann/project', 1],
    ['see https://example.com/home/ann', 0],
    ['"resolved": "https://npm.example/x.tgz"', 1],
    ['registry=https://npm.example', 1],
    ['plain text', 0],
  ])('%s counts %i', (text, count) => {
    expect(breaches(text)).toHaveLength(count);
  });
});
