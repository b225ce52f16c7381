import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { runIn } from './shell.ts';
import { ROOT } from './snippets.ts';

/** An empty folder in which the packed package was installed. */
export interface Installed {
  readonly folder: string;
  /** Runs a program there; its standard output. Throws when it ends with another code than 0. */
  run(command: string, args: readonly string[]): string;
  remove(): void;
}

/**
 * The packed package in an empty folder, with exactly what installing it brings beside it: every package that the lock does not
 * mark as for development. They are linked, so that this needs no network.
 */
export function installPacked(): Installed {
  const folder = mkdtempSync(join(tmpdir(), 'watchword-tarball-'));
  const packed = run(ROOT, 'npm', ['pack', '--ignore-scripts', '--json', '--pack-destination', folder]);
  const [{ filename }] = JSON.parse(packed) as [{ readonly filename: string }];
  const own = join(folder, 'node_modules/watchword');
  mkdirSync(own, { recursive: true });
  run(folder, 'tar', ['-xzf', join(folder, filename), '--strip-components=1', '-C', own]);
  for (const name of installedPackages()) link(folder, name);
  writeFileSync(join(folder, 'package.json'), '{"name": "host", "private": true, "type": "module"}');
  return {
    folder,
    run: (command, args) => run(folder, command, args),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** Compiles a TypeScript program there, under `nodenext` and as strict as it goes; the path of what came of it. */
export function compileStrictly({ folder, run: runThere }: Installed, name: string, text: string): string {
  const compilerOptions = { module: 'nodenext', target: 'es2023', strict: true, types: ['node'], outDir: 'out' };
  const strict = { exactOptionalPropertyTypes: true, noUncheckedIndexedAccess: true, skipLibCheck: false };
  const config = { compilerOptions: { ...compilerOptions, ...strict }, files: [`${name}.ts`] };
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(config));
  link(folder, '@types/node');
  writeFileSync(join(folder, `${name}.ts`), text);
  runThere(process.execPath, [join(ROOT, 'node_modules/typescript/bin/tsc'), '-p', '.']);
  return `out/${name}.js`;
}

function link(folder: string, name: string): void {
  mkdirSync(dirname(join(folder, 'node_modules', name)), { recursive: true });
  symlinkSync(join(ROOT, 'node_modules', name), join(folder, 'node_modules', name));
}

function run(cwd: string, command: string, args: readonly string[]): string {
  return runIn(cwd, command, args, { npm_config_cache: join(tmpdir(), 'watchword-npm-cache') });
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

/** What a program that has the library does with it, in TypeScript. */
export const PROGRAM = `
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
/** What it prints. */
export const PRINTED = 'approved approved invalid_destination\nfunction function function 7\n';

/** The same without its types. */
export const PLAIN = PROGRAM.replace(', type Answer, type Channel, type VerificationView', '')
  .replace('codes: string[]', 'codes')
  .replace('keeper: Channel', 'keeper')
  .replace('started: Answer<VerificationView>', 'started');
