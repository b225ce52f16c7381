import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { wrongCode } from '../support/world.ts';
import { cleanEnvironment } from '../system/shell.ts';
import { ROOT } from '../system/snippets.ts';
import { waitFor } from '../system/server.ts';

type Ask = (path: string, body?: object) => Promise<{ readonly status: number; readonly text: string }>;

let folder: string;
let child: ChildProcess | null;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'watchword-example-'));
  child = null;
});
afterEach(async () => {
  if (child !== null && child.exitCode === null) {
    child.kill('SIGTERM');
    await once(child, 'exit');
  }
  rmSync(folder, { recursive: true, force: true });
});

/** Starts an example on a free port and returns where it listens. */
async function start(file: string): Promise<string> {
  const started = spawn(process.execPath, [join(ROOT, 'examples', file)], {
    cwd: folder,
    env: { ...cleanEnvironment(), PORT: '0' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  child = started;
  let printed = '';
  for (const stream of [started.stdout, started.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => (printed += text));
  const url = await waitFor(
    () => /listening on (\S+)/.exec(printed)?.[1] ?? null,
    () => started.exitCode !== null,
  );
  if (url === null) throw new Error(`${file} did not start:\n${printed}`);
  return url.replace('[::1]', 'localhost');
}

function over(url: string): Ask {
  return async (path, body) => {
    const init = { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
    const response = await fetch(url + path, body === undefined ? {} : init);
    return { status: response.status, text: await response.text() };
  };
}

/** A person signs in: asks for a code, gets it wrong, gets it right; a second time it is used up. */
async function signIn(ask: Ask): Promise<void> {
  const started = await ask('/sign-in', { email: 'ann@example.com' });
  expect(started, started.text).toMatchObject({ status: 200 });
  const { id, sent_to } = JSON.parse(started.text) as { readonly id: string; readonly sent_to: string };
  expect(sent_to).toMatch(/^a•+@example\.com$/);
  const code = await waitFor(async () => /\b\d{6}\b/.exec((await messages(ask)).join(' '))?.[0] ?? null);
  expect(await ask('/sign-in/code', { id, code: wrongCode(code ?? '') })).toMatchObject({ status: 401 });
  expect(await ask('/sign-in/code', { id, code })).toEqual({ status: 200, text: '{"result":"approved"}' });
  expect(await ask('/sign-in/code', { id, code })).toMatchObject({ status: 401 });
  const refused = await ask('/sign-in', { email: 'nonsense' });
  expect(refused.status).toBe(422);
  expect(JSON.parse(refused.text)).toMatchObject({ code: 'invalid_destination' });
}

/** What the page of the development inbox says of codes. */
async function messages(ask: Ask): Promise<readonly string[]> {
  const { text } = await ask('/otp/dev/inbox?to=ann%40example.com');
  const plain = text.replace(/<(style|script)[\s\S]*?<\/\1>/g, '').replace(/<[^>]+>/g, ' ');
  return [...plain.matchAll(/\b\d{6}\b/g)].map(([found]) => found);
}

/** The API under the same roof takes bodies, which no parser of the host has eaten. */
async function callApi(ask: Ask): Promise<void> {
  expect(await ask('/otp/healthz')).toMatchObject({ status: 200 });
  const refused = await ask('/otp/v1/verifications', { to: 'ann@example.com' });
  expect(JSON.parse(refused.text)).toMatchObject({ status: 401, code: 'unauthenticated' });
  expect((await ask('/otp/')).text).toContain('/otp/assets/');
}

describe('the examples', () => {
  it.each(['hono.mjs', 'express.mjs', 'fastify.mjs', 'node-http.mjs'])(
    '%s signs a person in, and ends when told to',
    async (file) => {
      const ask = over(await start(file));
      await signIn(ask);
      await callApi(ask);
      child?.kill('SIGTERM');
      if (child !== null && child.exitCode === null) await once(child, 'exit');
      expect(child?.exitCode ?? child?.signalCode).toBe(0);
    },
    60_000,
  );

  it('nextjs signs a person in through its route handlers', async () => {
    // The example reads this very process's environment, in which a test run has settings of its own.
    for (const name of Object.keys(process.env)) if (name.startsWith('WATCHWORD_')) vi.stubEnv(name, undefined);
    vi.stubEnv('DATABASE_URL', `sqlite:${join(folder, 'next.db')}`);
    const routes = await nextRoutes();
    const ask: Ask = async (path, body) => {
      const route = path.startsWith('/otp') ? routes.otp : path.endsWith('/code') ? routes.code : routes.start;
      const init = { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
      const request = new Request(`http://app.example${path}`, body === undefined ? {} : init);
      const response = await (body === undefined ? route.GET : route.POST)?.(request);
      return { status: response?.status ?? 0, text: (await response?.text()) ?? '' };
    };
    await signIn(ask);
    await callApi(ask);
    expect(Object.keys(routes.otp)).toEqual(expect.arrayContaining(['GET', 'POST', 'PUT', 'PATCH', 'DELETE']));
    await routes.close();
    vi.unstubAllEnvs();
  }, 60_000);
});

type Handle = (request: Request) => Promise<Response>;
type RouteModule = Partial<Record<'GET' | 'POST', Handle>>;

async function nextRoutes(): Promise<{
  start: RouteModule;
  code: RouteModule;
  otp: RouteModule;
  close(): Promise<void>;
}> {
  const load = async (path: string): Promise<unknown> =>
    await import(/* @vite-ignore */ pathToFileURL(join(ROOT, 'examples/nextjs', path)).href);
  const config = (await load('next.config.mjs')) as { readonly default: object };
  expect(config.default).toEqual({ serverExternalPackages: ['watchword'] });
  const { watchword } = (await load('watchword.js')) as { watchword(): { close(): Promise<void> } };
  return {
    start: (await load('app/sign-in/route.js')) as RouteModule,
    code: (await load('app/sign-in/code/route.js')) as RouteModule,
    otp: (await load('app/otp/[...path]/route.js')) as RouteModule,
    close: () => watchword().close(),
  };
}
