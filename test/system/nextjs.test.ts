import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Env, killAll, launch } from '../support/process.ts';
import { runIn } from './shell.ts';
import { ROOT } from './snippets.ts';

/** Newer ones are another framework's matter until somebody has tried them. */
const FRAMEWORK = ['next@16.4.6', 'react@19.3.1', 'react-dom@19.3.1'];
const IS_WANTED = process.env['WATCHWORD_REQUIRE_RUNTIMES'] === '1';
const BUILT = { NODE_ENV: 'production', NEXT_TELEMETRY_DISABLED: '1' } as const;
const WHY_NOT = 'Next.js is downloaded under WATCHWORD_REQUIRE_RUNTIMES=1 only';

let folder: string;

/** What a host sets for production; `next build` sees none of it. */
function production(): Env {
  return {
    WATCHWORD_SECRET: 'k3J9vQ2mX7pL5nR8tW1yZ4bC6dF0gH2jK5mN8qS1uV4x',
    WATCHWORD_EMAIL: `file://${join(folder, 'mails.jsonl')}`,
    WATCHWORD_PUBLIC_URL: 'https://shop.example/otp',
    DATABASE_URL: `sqlite:${join(folder, 'shop.db')}`,
  };
}

function run(command: string, args: readonly string[], more: NodeJS.ProcessEnv = {}): string {
  return runIn(folder, command, args, { ...BUILT, ...more });
}

const next = (): string => join(folder, 'node_modules/next/dist/bin/next');

/** Starts the built application on a free port of this machine and returns its address. */
async function startBuilt(): Promise<string> {
  const env = { ...BUILT, ...production() };
  const started = launch(['start', '-H', '127.0.0.1', '-p', '0'], { env, cwd: folder, script: next() });
  const line = await started.line(/http:\/\/127\.0\.0\.1:\d+/);
  await started.line(/Ready in/);
  return /http:\S+/.exec(line)?.[0] ?? '';
}

/** The text of the only mail, empty before it is there. */
function mailed(): string {
  const path = join(folder, 'mails.jsonl');
  if (!existsSync(path)) return '';
  const [line] = readFileSync(path, 'utf8').split('\n');
  return (JSON.parse(line ?? '{}') as { readonly data: { readonly text: string } }).data.text;
}

async function post(
  url: string,
  body: unknown,
): Promise<{ readonly status: number; readonly json: Record<string, string> }> {
  const answer = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  return { status: answer.status, json: (await answer.json()) as Record<string, string> };
}

describe.skipIf(IS_WANTED)('the example for Next.js, in Next.js', () => {
  it('is built and called', (context) => {
    context.skip(WHY_NOT);
    expect.fail(WHY_NOT);
  });
});

describe.runIf(IS_WANTED)('the example for Next.js, in Next.js', () => {
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'watchword-nextjs-'));
    writeFileSync(join(folder, 'package.json'), '{"name": "shop", "private": true, "type": "module"}');
    cpSync(join(ROOT, 'examples/nextjs'), folder, { recursive: true });
    const pack = ['pack', ROOT, '--ignore-scripts', '--json', '--pack-destination', folder];
    const [packed] = JSON.parse(run('npm', pack)) as [{ readonly filename: string }];
    const install = ['install', '--ignore-scripts', '--no-audit', '--no-fund', '--silent'];
    run('npm', [...install, ...FRAMEWORK, `./${packed.filename}`]);
  }, 300_000);
  afterAll(async () => {
    await killAll();
    rmSync(folder, { recursive: true, force: true });
  }, 60_000);

  it(
    'is built without secrets, and then signs a person in and serves API and pages',
    { timeout: 180_000 },
    async () => {
      const routes = run(process.execPath, [next(), 'build']);
      for (const path of ['/otp/[...path]', '/sign-in', '/sign-in/code']) expect(routes).toContain(`ƒ ${path}\n`);

      run('npx', ['--no-install', 'watchword', 'migrate'], production());
      const url = await startBuilt();
      const started = await post(`${url}/sign-in`, { email: 'ann@shop.example' });
      expect(started).toMatchObject({ status: 200, json: { sent_to: 'a•••@shop.example' } });
      await expect.poll(mailed).toMatch(/\b\d{6}\b/);
      const code = /\b\d{6}\b/.exec(mailed())?.[0];
      const { id } = started.json;
      expect(await post(`${url}/sign-in/code`, { id, code: code === '000000' ? '000001' : '000000' })).toMatchObject({
        status: 401,
      });
      expect(await post(`${url}/sign-in/code`, { id, code })).toEqual({ status: 200, json: { result: 'approved' } });

      for (const [path, status] of [
        ['readyz', 200],
        ['otp/request', 200],
        ['openapi.json', 200],
        ['v1/verifications', 401],
      ] as const)
        expect([path, (await fetch(`${url}/otp/${path}`)).status]).toEqual([path, status]);
    },
  );
});
