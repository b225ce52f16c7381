import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createBrowser, ORIGIN, PASSWORD } from '../support/desk.ts';
import { carriedIn, codeIn, eventually } from '../support/messages.ts';
import {
  createKey,
  freePort,
  killAll,
  newPlace,
  type Place,
  run,
  type Server,
  startServer,
} from '../support/process.ts';
import { selfSigned } from '../support/self-signed.ts';
import { missingProgram, suiteUnless } from '../support/servers/suite.ts';
import { blocksOf } from '../system/snippets.ts';

/** A program of another house, started with the file that docs/deploy/proxy.md shows. */
interface Proxy {
  readonly program: string;
  /** The Debian package that brings it. */
  readonly debian: string;
  readonly language: string;
  /** The page's file with this machine's ports and certificate; the files are in `folder`. */
  readonly here: (shown: string, port: number, folder: string) => string;
  readonly words: (file: string, folder: string) => readonly string[];
}

const PROXIES: readonly Proxy[] = [
  {
    program: '/usr/sbin/nginx',
    debian: 'nginx-light',
    language: 'nginx',
    here: (shown, port, folder) => `
      daemon off;
      pid ${folder}/nginx.pid;
      events {}
      http {
        access_log off;
        ${['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((name) => `${name}_temp_path ${folder}/${name};`).join('\n')}
        ${shown
          .replace('listen 443 ssl', `listen 127.0.0.1:${port} ssl`)
          .replace('verify.example.com;', 'localhost;')
          .replace('/etc/ssl/verify.example.com.pem', `${folder}/cert.pem`)
          .replace('/etc/ssl/private/verify.example.com.key', `${folder}/key.pem`)}
      }`,
    words: (file, folder) => ['-c', file, '-p', folder, '-e', 'stderr'],
  },
  {
    program: '/usr/bin/caddy',
    debian: 'caddy',
    language: 'caddyfile',
    here: (shown, port, folder) => `{
      admin off
      auto_https disable_redirects
    }
    ${shown.replace('verify.example.com {', `https://localhost:${port} {\n bind 127.0.0.1\n tls ${folder}/cert.pem ${folder}/key.pem`)}`,
    words: (file) => ['run', '--adapter', 'caddyfile', '--config', file],
  },
];

const { cert, key } = selfSigned();
let place: Place;
let server: Server;
let apiKey: string;

beforeAll(async () => {
  place = newPlace();
  const env = { ...place.env, WATCHWORD_PUBLIC_URL: 'https://localhost', WATCHWORD_TRUST_PROXY: 'loopback' };
  server = await startServer({ env });
  apiKey = await createKey(place);
  const agent = [
    '--application',
    'default',
    '--email',
    'noor@acme.example',
    '--name',
    'Noor Haddad',
    '--role',
    'admin',
  ];
  const made = await run(['agents', 'create', ...agent, '--password', PASSWORD], { env });
  if (made.exit !== 0) throw new Error(`no agent: ${made.err}`);
}, 60_000);
afterAll(async () => {
  await killAll();
  place?.remove();
});

/** Asks over TLS; the answer's body streams. */
async function ask(
  port: number,
  path: string,
  init: { method?: string; headers?: Record<string, string>; body?: string } = {},
): Promise<Response> {
  const { method = 'GET', headers = {}, body } = init;
  const asked = request({
    host: '127.0.0.1',
    servername: 'localhost',
    port,
    path,
    method,
    ca: cert,
    agent: false,
    headers: { host: `localhost:${port}`, ...headers },
  });
  asked.end(body);
  const [answer] = await once(asked, 'response');
  const fields = new Headers();
  for (let i = 0; i < answer.rawHeaders.length; i += 2) fields.append(answer.rawHeaders[i], answer.rawHeaders[i + 1]);
  const hasBody = ![204, 303, 304].includes(answer.statusCode);
  if (!hasBody) answer.resume();
  return new Response(hasBody ? (Readable.toWeb(answer) as ReadableStream) : null, {
    status: answer.statusCode,
    headers: fields,
  });
}

for (const proxy of PROXIES) {
  suiteUnless(missingProgram(proxy.program, proxy.debian), `behind ${proxy.language}, set up as the page says,`, () => {
    let folder: string;
    let child: ChildProcess;
    let port: number;

    beforeAll(async () => {
      folder = mkdtempSync(join(tmpdir(), 'watchword-proxy-'));
      // nginx hands its work to another user.
      chmodSync(folder, 0o755);
      port = await freePort();
      writeFileSync(join(folder, 'cert.pem'), cert);
      writeFileSync(join(folder, 'key.pem'), key);
      const [block] = blocksOf('docs/deploy/proxy.md').filter(({ language }) => language === proxy.language);
      const shown = (block?.text ?? '').replace('127.0.0.1:7070', `127.0.0.1:${server.port}`);
      const file = join(folder, 'proxy.conf');
      writeFileSync(file, proxy.here(shown, port, folder));
      const env = { PATH: process.env['PATH'], HOME: folder, XDG_DATA_HOME: folder, XDG_CONFIG_HOME: folder };
      child = spawn(proxy.program, [...proxy.words(file, folder)], {
        cwd: folder,
        env,
        stdio: 'ignore',
      });
      await eventually(() => isReady(port));
    }, 60_000);
    afterAll(async () => {
      const gone = once(child, 'close');
      child.kill('SIGTERM');
      await gone;
      rmSync(folder, { recursive: true, force: true });
    });

    it('pages are safe, with cookies that only this host gets', async () => {
      const page = await ask(port, '/otp/request');
      expect(page.status).toBe(200);
      expect(page.headers.get('strict-transport-security')).toContain('max-age=');
      expect(page.headers.getSetCookie().join('\n')).toMatch(/^__Host-[^\n]*; Secure/m);
    });

    it('a caller cannot name another address than its own', async () => {
      const headers = { authorization: `Bearer ${apiKey}`, 'content-type': 'application/json' };
      const forged = { 'x-forwarded-for': '203.0.113.9', forwarded: 'for=203.0.113.9' };
      const body = JSON.stringify({ mode: 'live', name: `from ${proxy.language}`, scopes: ['read'] });
      const made = await ask(port, '/v1/api-keys', { method: 'POST', headers: { ...headers, ...forged }, body });
      expect(made.status).toBe(201);
      const { id } = (await made.json()) as { readonly id: string };
      const rows = (await (await ask(port, '/v1/audit?limit=20', { headers })).json()) as {
        readonly data: readonly {
          readonly action: string;
          readonly data: { readonly ip?: string };
          readonly target?: unknown;
        }[];
      };
      const row = rows.data.find((one) => one.action === 'key.created' && JSON.stringify(one).includes(id));
      expect(row?.data.ip).toBe('127.0.0.1');
    });

    it('too large a body gets the answer that the API gives', async () => {
      const headers = { authorization: `Bearer ${apiKey}`, 'content-type': 'application/json' };
      const body = JSON.stringify({ to: 'x'.repeat(900_000) });
      const refused = await ask(port, '/v1/verifications', { method: 'POST', headers, body });
      expect([refused.status, ((await refused.json()) as { code: string }).code]).toEqual([413, 'payload_too_large']);
    });

    it('an agent signs in, and live pages stream', async () => {
      const fetchIt = async (asked: Request): Promise<Response> =>
        ask(port, asked.url.slice(ORIGIN.length), {
          method: asked.method,
          headers: Object.fromEntries(asked.headers),
          ...(asked.method === 'POST' ? { body: await asked.text() } : {}),
        });
      const before = carriedIn(place.outbox).length;
      const readCode = (): Promise<string> =>
        eventually(
          () =>
            carriedIn(place.outbox)
              .slice(before)
              .map(({ text }) => codeIn(text))[0],
        );
      const browser = createBrowser(fetchIt, readCode);
      expect(await browser.signIn('noor@acme.example')).toMatchObject({ status: 303, location: '/desk' });
      const cookie = [...browser.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
      const stream = await ask(port, '/desk/events', { headers: { cookie } });
      const reader = stream.body?.getReader();
      const first = await reader?.read();
      await reader?.cancel();
      expect(Buffer.from(first?.value ?? []).toString()).toContain('retry:');
    });
  });
}

/** True once the proxy hands requests on to a service that is ready; null until then. */
async function isReady(port: number): Promise<true | null> {
  const answer = await ask(port, '/readyz').catch(() => null);
  await answer?.body?.cancel();
  return answer?.status === 200 ? true : null;
}
