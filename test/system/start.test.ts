import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { cleanEnvironment } from './shell.ts';
import { ROOT } from './snippets.ts';

/** Makes Node call itself an old one, before the program looks. */
const OLD_NODE = `data:text/javascript,${encodeURIComponent(
  "Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '20.18.3' } });",
)}`;

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'watchword-start-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

interface Ended {
  readonly exit: number | null;
  readonly out: string;
  readonly err: string;
}

function node(...words: readonly string[]): Ended {
  const how = { cwd: folder, env: { ...cleanEnvironment(), PORT: '0' }, encoding: 'utf8', timeout: 30_000 } as const;
  const ended = spawnSync(process.execPath, words, how);
  return { exit: ended.status, out: ended.stdout, err: ended.stderr };
}

/** A clone with the real `npm start`, and a build that only leaves a mark. */
function clone(build: string): void {
  for (const path of ['scripts', 'src', 'node_modules/hono']) mkdirSync(join(folder, path), { recursive: true });
  cpSync(join(ROOT, 'scripts/start.mjs'), join(folder, 'scripts/start.mjs'));
  write('src/index.ts', '');
  write('package.json', JSON.stringify({ type: 'module', scripts: { build } }));
  write(
    'build.mjs',
    `import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
    for (const path of ['dist/cli', 'dist/chunks']) mkdirSync(path, { recursive: true });
    writeFileSync('dist/cli/main.js', "console.log('runs', process.argv.slice(2).join(' '))");
    writeFileSync('dist/chunks/run.js', '');`,
  );
}

function write(path: string, text: string): void {
  writeFileSync(join(folder, path), text);
}

describe('npm start', () => {
  it('builds when the build is missing or older than the sources, and only then', () => {
    clone('node build.mjs');
    const start = (): string => node('scripts/start.mjs', '--no-worker').out;
    expect(start()).toBe('Building …\nruns serve --no-worker\n');
    expect(start()).toBe('runs serve --no-worker\n');
    const later = new Date(Date.now() + 10_000);
    utimesSync(join(folder, 'src/index.ts'), later, later);
    expect(start()).toContain('Building …');
    rmSync(join(folder, 'dist/chunks'), { recursive: true });
    utimesSync(join(folder, 'src/index.ts'), new Date(0), new Date(0));
    expect(start()).toContain('Building …');
  });

  it('says when the build fails', () => {
    clone('node -e "process.exit(3)"');
    const { exit, err } = node('scripts/start.mjs');
    expect([exit, err]).toEqual([78, 'watchword: the build failed; see the messages above.\n']);
  });

  it('says in one sentence that the packages are missing, and the cure', () => {
    clone('node build.mjs');
    rmSync(join(folder, 'node_modules'), { recursive: true });
    const { exit, out, err } = node('scripts/start.mjs');
    expect([exit, out, err]).toEqual([78, '', 'watchword: the packages are missing; run: npm ci\n']);
  });
});

describe('on a machine that is not set up', () => {
  it.each(['scripts/start.mjs', 'dist/cli/main.js'])('%s refuses an old Node by one sentence', (script) => {
    const { exit, out, err } = node('--import', OLD_NODE, join(ROOT, script), 'serve');
    const sentence = 'watchword: Node 20.18.3 is too old; install Node 20.19 or newer.\n';
    expect([exit, out, err]).toEqual([78, '', sentence]);
  });

  it('the program says which package is missing, and the cure', () => {
    for (const path of ['dist/cli/main.js', 'dist/chunks', 'package.json'])
      cpSync(join(ROOT, path), join(folder, path), { recursive: true });
    for (const word of ['--version', 'serve', 'doctor']) {
      const { exit, out, err } = node('dist/cli/main.js', word);
      expect([exit, out]).toEqual([78, '']);
      expect(err).toMatch(/^watchword: [\w/-]+ is missing; run "npm ci && npm run build" in a clone, else .*\.\n$/);
    }
  });
});
