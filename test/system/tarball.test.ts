import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cleanEnvironment } from './shell.ts';
import { ROOT } from './snippets.ts';

/**
 * The packed package in an empty folder, with exactly what installing it brings beside it: every package that the lock does not
 * mark as for development. They are linked, so that the test needs no network.
 */
let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'watchword-tarball-'));
  const packed = run('npm', ['pack', '--ignore-scripts', '--json', '--pack-destination', folder], ROOT);
  const [{ filename }] = JSON.parse(packed) as [{ readonly filename: string }];
  mkdirSync(join(folder, 'node_modules/watchword'), { recursive: true });
  run('tar', ['-xzf', join(folder, filename), '--strip-components=1', '-C', join(folder, 'node_modules/watchword')]);
  for (const name of installedPackages()) {
    mkdirSync(dirname(join(folder, 'node_modules', name)), { recursive: true });
    symlinkSync(join(ROOT, 'node_modules', name), join(folder, 'node_modules', name));
  }
  writeFileSync(join(folder, 'package.json'), '{"name": "host", "private": true, "type": "module"}');
}, 120_000);
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

function run(command: string, args: readonly string[], cwd = folder): string {
  const env = { ...cleanEnvironment(), npm_config_cache: join(tmpdir(), 'watchword-npm-cache') };
  return execFileSync(command, args, { cwd, env, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
}

/** Names at the top of node_modules after `npm install watchword`. */
function installedPackages(): readonly string[] {
  const { packages } = JSON.parse(readFileSync(join(ROOT, 'package-lock.json'), 'utf8')) as {
    readonly packages: Readonly<Record<string, { readonly dev?: boolean; readonly optional?: boolean }>>;
  };
  return Object.entries(packages)
    .filter(([path, { dev }]) => dev !== true && /^node_modules\/(@[^/]+\/)?[^/]+$/.test(path))
    .map(([path]) => path.slice('node_modules/'.length));
}

const PROGRAM = `
import { createWatchword, orThrow, type Answer, type Channel, type VerificationView } from 'watchword';
import { createClient, verifyReceipt } from 'watchword/client';
import { fakeClock, storeContract } from 'watchword/testing';

const codes: string[] = [];
const keeper: Channel = {
  name: 'keeper',
  channels: ['email'],
  send: async (message) => {
    codes.push(message.code.reveal());
    return { type: 'accepted', messageId: null };
  },
};
const { verify, worker, close } = createWatchword({
  databaseUrl: 'sqlite::memory:',
  mode: 'development',
  email: [keeper],
  worker: false,
});
const started: Answer<VerificationView> = await verify.start({ to: 'ann@example.com' });
if (!started.ok) throw new Error(started.problem.detail);
await worker.tick();
const { result } = await verify.check(started.id, codes[0] ?? '');
const again = orThrow(await verify.get(started.id));
console.log(result, again.status, (await verify.start({ to: 'nonsense' })).problem?.code);
await close();

const client = createClient({ url: 'http://127.0.0.1:1', key: 'ww_test_x' });
console.log(typeof client.verifications.start, typeof verifyReceipt, typeof storeContract, fakeClock(7).now());
`;
const PRINTED = 'approved approved invalid_destination\nfunction function function 7\n';

/** The same without its types. */
const PLAIN = PROGRAM.replace(', type Answer, type Channel, type VerificationView', '')
  .replace('codes: string[]', 'codes')
  .replace('keeper: Channel', 'keeper')
  .replace('started: Answer<VerificationView>', 'started');

describe('the packed package in an empty folder', () => {
  it('works from JavaScript', () => {
    writeFileSync(join(folder, 'plain.mjs'), PLAIN);
    expect(run(process.execPath, ['plain.mjs'])).toBe(PRINTED);
  }, 60_000);

  it('works from TypeScript under nodenext and strict', () => {
    const compilerOptions = { module: 'nodenext', target: 'es2023', strict: true, types: ['node'], outDir: 'out' };
    const strict = { exactOptionalPropertyTypes: true, noUncheckedIndexedAccess: true, skipLibCheck: false };
    writeFileSync(
      join(folder, 'tsconfig.json'),
      JSON.stringify({ compilerOptions: { ...compilerOptions, ...strict }, files: ['typed.ts'] }),
    );
    mkdirSync(join(folder, 'node_modules/@types'), { recursive: true });
    symlinkSync(join(ROOT, 'node_modules/@types/node'), join(folder, 'node_modules/@types/node'));
    writeFileSync(join(folder, 'typed.ts'), PROGRAM);
    run(process.execPath, [join(ROOT, 'node_modules/typescript/bin/tsc'), '-p', '.']);
    expect(run(process.execPath, ['out/typed.js'])).toBe(PRINTED);
  }, 120_000);

  it('says which package a database needs, and the command that installs it (C18)', () => {
    const servers = { 'postgres://u:p@127.0.0.1:1/w': 'pg@8', 'mysql://u:p@127.0.0.1:1/w': 'mysql2@3' };
    for (const [databaseUrl, name] of Object.entries(servers)) {
      const text = `import { createWatchword } from 'watchword';
        const it = createWatchword({ databaseUrl: ${JSON.stringify(databaseUrl)}, worker: false });
        console.log(await it.ready().catch((error) => error.message));`;
      writeFileSync(join(folder, 'absent.mjs'), text);
      expect(run(process.execPath, ['absent.mjs'])).toContain(`Run "npm install ${name}"`);
    }
  }, 60_000);

  it('has the program, the documentation and nothing of the tests in it', () => {
    expect(run(process.execPath, ['node_modules/watchword/dist/cli/main.js', '--help'])).toContain('serve');
    const listed = run('find', ['node_modules/watchword', '-name', '*.md']);
    expect(listed).toContain('docs/client.md');
    expect(run('find', ['node_modules/watchword', '-path', '*test*', '-name', '*.test.*'])).toBe('');
  });
});
