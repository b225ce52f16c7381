import { spawnSync } from 'node:child_process';
import { createHmac, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createFolder, type Folder } from './folder.ts';
import { snippetsOf } from './pages.ts';
import { serveBuilt, type Served, waitFor } from './server.ts';
import { cleanEnvironment, createShell } from './shell.ts';
import { ROOT } from './snippets.ts';

const SECRET = `whsec_${randomBytes(32).toString('base64')}`;

describe('a program on', () => {
  let folder: Folder;
  const first = (page: string, index = 0): string => snippetsOf(page, 'js')[index]?.text ?? '';
  const start = (packages: readonly string[] = []): Folder => (folder = createFolder(packages));
  afterEach(() => folder?.remove());

  it.each([
    ['docs/channels/webhook.md', 'SECRET'],
    ['docs/guides/sms-gateway.md', 'GATEWAY_SECRET'],
  ])(
    '%s takes signed messages from the service',
    async (page, secretName) => {
      const port = await freePort();
      start().write('gateway.mjs', first(page).replace('listen(9000', `listen(${port}`));
      const child = await folder.serve('gateway.mjs', port, { [secretName]: SECRET, PORT: String(port) });
      let said = '';
      child.stdout?.on('data', (chunk: Buffer) => (said += chunk.toString('utf8')));
      const dsn = `webhook://127.0.0.1:${port}/?tls=0&secret=${SECRET}`;
      const sent = spawnSync(process.execPath, [`${ROOT}dist/cli/main.js`, 'send', '--to', '+14155552671', '--json'], {
        cwd: folder.path,
        env: { ...cleanEnvironment(), WATCHWORD_SMS: dsn },
        encoding: 'utf8',
      });
      expect([sent.status, sent.stderr]).toMatchObject([0, expect.anything()]);
      await waitFor(() => (said.includes('\n') ? true : null));
      expect(said).toContain('+14155552671');
      expect(said).toMatch(/\b\d{6}\b/);
      const forged = await fetch(`http://127.0.0.1:${port}/`, {
        method: 'POST',
        body: '{}',
        headers: signed('{}', 'other'),
      });
      expect(forged.status).toBe(401);
    },
    90_000,
  );

  it('docs/guides/sms-gateway.md tells the service what became of a message', async () => {
    start();
    const taken: string[] = [];
    const server = createServer(async (request, response) => {
      const body = Buffer.concat((await request.toArray()) as Buffer[]).toString('utf8');
      const { 'webhook-id': id = '', 'webhook-timestamp': time = '', 'webhook-signature': given } = request.headers;
      const right = `v1,${signatureOf(`${String(id)}.${String(time)}.${body}`, SECRET)}`;
      if (given === right && request.url === '/callbacks/webhook') taken.push(body);
      response.writeHead(200).end();
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    folder.write('report.mjs', `${first('docs/guides/sms-gateway.md', 1)}\nawait report('gw-1', 'delivered');\n`);
    const ran = await folder.node('report.mjs', { GATEWAY_SECRET: SECRET, WATCHWORD_URL: `http://127.0.0.1:${port}` });
    server.close();
    expect(ran, ran.stderr).toMatchObject({ exit: 0 });
    const shown = snippetsOf('docs/channels/inbound.md', 'json').map(
      ({ text }) => JSON.parse(text) as { type: string },
    );
    expect(shown.map(({ type }) => type)).toEqual(['message.received', 'message.report']);
    expect(taken.map((body) => JSON.parse(body) as unknown)).toEqual([
      { type: 'message.report', data: { id: 'gw-1', status: 'delivered' } },
    ]);
  }, 60_000);

  it('docs/library.md brings its own channels', async () => {
    start().write(
      'channels/company-mail.mjs',
      `export default () => ({ name: 'company', channels: ['email'], send: async () => ({ type: 'accepted', messageId: null }) });`,
    );
    folder.write(
      'program.mjs',
      `import { createWatchword } from 'watchword';
      const pages = [];
      const page = async (to) => (pages.push(to), { type: 'accepted', messageId: null });
      ${first('docs/library.md', 1).replace('createWatchword({', "createWatchword({ databaseUrl: 'sqlite::memory:', worker: false,")}
      for (const to of ['+14155552671', 'ann@example.com']) if (!(await watchword.verify.start({ to })).ok) process.exit(3);
      await watchword.worker.tick();
      await watchword.close();
      console.log(pages.join());`,
    );
    const ran = await folder.node('program.mjs');
    expect(ran, ran.stderr).toMatchObject({ exit: 0, stdout: '+14155552671\n' });
  }, 60_000);

  it('docs/testing.md and docs/own-store.md holds a channel and a store to their suites', async () => {
    start().pretend('vitest', RUNNER);
    folder.write('memory-store.mjs', readFileSync(`${ROOT}examples/memory-store.mjs`, 'utf8'));
    folder.write('own-store.mjs', first('docs/own-store.md'));
    folder.write('shared-store.mjs', first('docs/own-store.md', 1));
    folder.write(
      'store.mjs',
      `import { createMemoryStore as openMyStore } from './memory-store.mjs';\n${first('docs/testing.md', 3)}`,
    );
    folder.write('channel.mjs', `${PAGER}\n${first('docs/testing.md', 2)}`);
    for (const [name, least] of [
      ['own-store', 70],
      ['shared-store', 10],
      ['store', 60],
      ['channel', 4],
    ] as const) {
      const ran = await folder.node(`${name}.mjs`);
      expect(ran, ran.stderr + ran.stdout).toMatchObject({ exit: 0 });
      expect(Number(/^(\d+) passed$/m.exec(ran.stdout)?.[1])).toBeGreaterThanOrEqual(least);
    }
  }, 120_000);

  it('docs/own-store.md reads the code that a program sent', async () => {
    start().write('memory-store.mjs', readFileSync(`${ROOT}examples/memory-store.mjs`, 'utf8'));
    folder.write('program.mjs', first('docs/own-store.md', 2));
    const ran = await folder.node('program.mjs', { WATCHWORD_SECRET: randomBytes(32).toString('base64') });
    expect(ran, ran.stderr).toMatchObject({ exit: 0, stdout: 'approved\n' });
  }, 60_000);

  it('docs/webhooks.md verifies a call', async () => {
    const body = JSON.stringify({ type: 'webhook.test' });
    start(['standardwebhooks']).write(
      'hook.mjs',
      `const rawBody = ${JSON.stringify(body)}; const headers = ${JSON.stringify(signed(body, SECRET))};
      ${first('docs/webhooks.md')}\nconsole.log(event.type);`.replace(/([^]*?)(import .*\n)/, '$2$1'),
    );
    const ran = await folder.node('hook.mjs', { WATCHWORD_WEBHOOK_SECRET: SECRET });
    expect(ran, ran.stderr).toMatchObject({ exit: 0, stdout: 'webhook.test\n' });
  }, 60_000);
});

describe('a page for another framework', () => {
  let folder: Folder;
  let served: Served;
  beforeAll(async () => {
    served = await serveBuilt();
  }, 90_000);
  beforeEach(() => {
    folder = createFolder(['express', 'twilio']);
  });
  afterEach(() => folder?.remove());
  afterAll(() => served?.stop());

  async function call(path: string, body: object, method = 'POST'): Promise<Record<string, string>> {
    const headers = { authorization: `Bearer ${served.testKey}`, 'content-type': 'application/json' };
    const init: RequestInit = { method, headers, body: JSON.stringify(body) };
    const response = await fetch(`${served.url}/v1${path}`, init);
    return (await response.json()) as Record<string, string>;
  }

  /** A receipt as the hosted page hands it over. */
  async function receipt(to: string): Promise<string> {
    await call('/policies/login', { receipt: 'on_request_with_destination' }, 'PUT');
    const { id } = await call('/verifications', { to });
    const headers = { authorization: `Bearer ${served.testKey}` };
    for (;;) {
      const response = await fetch(`${served.url}/v1/test/inbox?to=${to}`, { headers });
      const { data } = (await response.json()) as { readonly data: readonly { readonly text: string }[] };
      const code = /\b\d{6}\b/.exec(data[0]?.text ?? '')?.[0];
      if (code !== undefined)
        return (await call(`/verifications/${id}/checks`, { code, receipt: true }))['receipt'] ?? '';
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }

  it('docs/examples/express.md signs in who comes back with a receipt and the state', async () => {
    folder.pretend('express-session', SESSION);
    const page = snippetsOf('docs/examples/express.md', 'js')[0]?.text ?? '';
    folder.write(
      'app.mjs',
      `${page}
      const server = app.listen(0, '127.0.0.1', async () => {
        const get = (path) => fetch('http://127.0.0.1:' + server.address().port + path, { redirect: 'manual' });
        const away = new URL((await get('/sign-in')).headers.get('location'));
        const back = (state) => get('/back?' + new URLSearchParams({ state, result: process.env.RECEIPT }));
        const [forged, right] = [await back('forged'), await back(away.searchParams.get('state'))];
        console.log(away.pathname, forged.headers.get('location'), right.headers.get('location'), seen.session.person);
        process.exit(0);
      });`.replace("from 'express-session';", "from 'express-session';\nimport { seen } from 'express-session';"),
    );
    const env = {
      WATCHWORD_URL: served.url,
      KEY: served.testKey,
      SESSION_SECRET: 's',
      RECEIPT: await receipt('ann@example.com'),
    };
    const ran = await folder.node('app.mjs', env);
    expect(ran, ran.stderr).toMatchObject({ exit: 0, stdout: '/otp/request /sign-in / ann@example.com\n' });
  }, 90_000);

  it('docs/examples/nextjs.md signs in who comes back with a receipt and the state', async () => {
    folder.pretend('next/headers', NEXT_HEADERS);
    folder.pretend('next/navigation', 'export function redirect(to) { throw Object.assign(new Error(to), { to }); }');
    folder.write('session.mjs', 'export const made = [];\nexport async function createSession(to) { made.push(to); }');
    const routes = snippetsOf('docs/examples/nextjs.md', 'ts').map(({ text }) => withoutTypes(text));
    routes.forEach((text, at) => folder.write(`route-${at}.mjs`, text.replace("'@/session'", "'./session.mjs'")));
    folder.write(
      'run.mjs',
      `import { GET as signIn } from './route-0.mjs';
      import { GET as back } from './route-1.mjs';
      import { made } from './session.mjs';
      const led = (go) => go.then(() => null, ({ to, message }) => to ?? message);
      const away = new URL(await led(signIn()));
      const comeBack = (state) => led(back(new Request('https://shop.example/back?' + new URLSearchParams({ state, result: process.env.RECEIPT }))));
      const right = await comeBack(away.searchParams.get('state'));
      console.log(away.pathname, right, await comeBack(away.searchParams.get('state')), made.join());`,
    );
    const env = { WATCHWORD_URL: served.url, KEY: served.testKey, RECEIPT: await receipt('bob@example.com') };
    const ran = await folder.node('run.mjs', env);
    expect(ran, ran.stderr).toMatchObject({ exit: 0, stdout: '/otp/request / /sign-in bob@example.com\n' });
  }, 90_000);

  it('docs/examples/django.md is Python', async (context) => {
    const [block] = snippetsOf('docs/examples/django.md', 'python');
    folder.write('page.py', block?.text ?? '');
    // Not waited for with everything else standing still: the next test would send over a connection that was closed meanwhile.
    const read = await createShell(folder.path)(`python3 -c 'import ast; ast.parse(open("page.py").read())'`);
    if (read.exit === 127) context.skip('there is no python3 here');
    expect(read, read.stderr).toMatchObject({ exit: 0, stderr: '' });
  });

  it('docs/migrate/twilio-verify.md points Twilio’s own client here', async () => {
    const headers = { authorization: `Bearer ${served.testKey}` };
    const listed = (await (await fetch(`${served.url}/v1/applications`, { headers })).json()) as {
      readonly data: readonly { readonly id: string }[];
    };
    const [application] = listed.data;
    const answer = (await call(`/applications/${application?.id}`, { compat: ['twilio'] }, 'PATCH')) as unknown as {
      readonly twilio: { readonly account_sid: string; readonly service_sid: string };
    };
    const [page] = snippetsOf('docs/migrate/twilio-verify.md', 'js');
    const names = `const [ACCOUNT_SID, SERVICE_SID, API_KEY] = process.env.NAMES.split(' ');`;
    const text = (page?.text ?? '')
      .replace('http://127.0.0.1:7070', served.url)
      .replace(/^(import .*)$/m, `$1\n${names}`);
    folder.write(
      'sdk.mjs',
      `${text.replace('await client', 'const made = await client')}\nconsole.log(made.status, made.to);`,
    );
    const { account_sid, service_sid } = answer.twilio;
    const ran = await folder.node('sdk.mjs', { NAMES: `${account_sid} ${service_sid} ${served.testKey}` });
    expect(ran, ran.stderr).toMatchObject({ exit: 0, stdout: 'pending +14155552671\n' });
  }, 90_000);
});

/** What `docs/testing.md` leaves to the reader: a provider's stand-in and the channel under test. */
const PAGER = `
async function openFakeProvider() {
  const provider = { url: null, messages: [], refused: false, stalled: false, close: async () => undefined };
  provider.refuseAll = () => (provider.refused = true);
  provider.neverAnswer = () => (provider.stalled = true);
  return (provider.url = provider);
}
const createPagerChannel = (provider) => ({
  name: 'pager',
  channels: ['sms'],
  async send({ to, text }, signal) {
    if (provider.stalled) await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
    if (signal.aborted) return { type: 'failure', kind: 'unavailable', retry: 'once', detail: 'not waited for' };
    if (provider.refused) return { type: 'failure', kind: 'rejected', retry: 'final', detail: 'no' };
    provider.messages.push({ to, text });
    return { type: 'accepted', messageId: String(provider.messages.length) };
  },
});`;

/** A test runner as small as the suites need. */
const RUNNER = `
import assert from 'node:assert/strict';
const tests = [];
export const describe = (_name, body) => body();
export const it = (name, body) => tests.push([name, body]);
export const expect = (actual) => ({
  toBe: (wanted) => assert.equal(actual, wanted),
  toEqual: (wanted) => assert.deepEqual(actual, wanted),
});
setImmediate(async () => {
  const failed = [];
  for (const [name, body] of tests) await body().catch((error) => failed.push(name + ': ' + error.message));
  console.log(failed.join('\\n'));
  console.log(tests.length - failed.length + ' passed');
  if (failed.length > 0) process.exit(1);
});`;

/** One session for everybody, as a host's own. */
const SESSION = `
export const seen = { session: { regenerate: (then) => then() } };
export default () => (request, _response, next) => ((request.session = seen.session), next());`;

const NEXT_HEADERS = `
const jar = new Map();
export const cookies = async () => ({
  get: (name) => (jar.has(name) ? { value: jar.get(name) } : undefined),
  set: (name, value) => void jar.set(name, value),
  delete: (name) => void jar.delete(name),
});`;

/** These pages have types in the heads of functions only. */
function withoutTypes(text: string): string {
  return text.replace(/\((\w+): \w+\)/g, '($1)');
}

function signatureOf(content: string, secret: string): string {
  return createHmac('sha256', Buffer.from(secret.replace('whsec_', ''), 'base64'))
    .update(content)
    .digest('base64');
}

function signed(body: string, secret: string): Record<string, string> {
  const time = String(Math.floor(Date.now() / 1000));
  const signature = `v1,${signatureOf(`msg_1.${time}.${body}`, secret)}`;
  return { 'webhook-id': 'msg_1', 'webhook-timestamp': time, 'webhook-signature': signature };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
