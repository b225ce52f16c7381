import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { SMTPServer } from 'smtp-server';
import { afterEach, describe, expect, it } from 'vitest';
import { databaseFiles, type Haystack, hits, needle, type Needle } from '../support/canary.ts';
import type { CallOptions, HttpAnswer } from '../support/client.ts';
import { carriedIn, codeIn, eventually } from '../support/messages.ts';
import {
  createKey,
  type Env,
  killAll,
  newPlace,
  type Place,
  run,
  type Server,
  startServer,
} from '../support/process.ts';

const LENGTH = 10;
/** Not the number of the documented examples. */
const PHONE = '+14155552968';
const MAILBOX = 'marlene.hollweg@recipient.example';
const REFUSED_MAILBOX = 'unknown.person@recipient.example';
const SMTP_PASSWORD = 'smtp-password-Qk81';
const WEBHOOK_KEY = Buffer.from('the key of the gateway, 32 bytes').toString('base64');

const cleanUps: (() => unknown)[] = [];
afterEach(async () => {
  await killAll();
  for (const cleanUp of cleanUps.splice(0)) await cleanUp();
});

/** A gateway that fails and says everything it got; so is a subscriber of events. */
async function echoingGateway(): Promise<{ readonly port: number; readonly bodies: string[] }> {
  const bodies: string[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = Buffer.concat(chunks).toString();
      bodies.push(`${JSON.stringify(request.headers)}\n${body}`);
      response.writeHead(500, { 'x-echo': encodeURIComponent(body).slice(0, 2_000) }).end(`cannot send ${body}`);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  cleanUps.push(() => {
    server.closeAllConnections();
    server.close();
  });
  return { port: (server.address() as AddressInfo).port, bodies };
}

/** A mail server that refuses one recipient by name, and every content by quoting it. */
async function echoingMailServer(): Promise<{ readonly port: number; readonly mails: string[] }> {
  const mails: string[] = [];
  const smtp = new SMTPServer({
    disabledCommands: ['STARTTLS'],
    allowInsecureAuth: true,
    disableReverseLookup: true,
    logger: false,
    onAuth: (_auth, _session, done) => done(null, { user: 1 }),
    onRcptTo({ address }, _session, done) {
      done(address === REFUSED_MAILBOX ? refusal(550, `5.1.1 <${address}> ${address}: no such user`) : null);
    },
    onData(stream, _session, done) {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        const mail = Buffer.concat(chunks).toString();
        mails.push(mail);
        done(
          refusal(
            554,
            `5.7.1 content rejected: ${codeIn(mail.slice(mail.indexOf('\r\n\r\n')), LENGTH)} for ${MAILBOX}`,
          ),
        );
      });
    },
  });
  smtp.on('error', () => undefined);
  await new Promise<void>((resolve) => smtp.listen(0, '127.0.0.1', resolve));
  cleanUps.push(() => new Promise<void>((resolve) => smtp.close(() => resolve())));
  return { port: (smtp.server.address() as AddressInfo).port, mails };
}

function refusal(responseCode: number, text: string): Error {
  return Object.assign(new Error(text), { responseCode });
}

/** One run: what was said, answered and stored, and every code that was made or submitted. */
interface Run {
  readonly place: Place;
  readonly env: Env;
  readonly keys: { readonly live: string; readonly test: string };
  readonly haystacks: Haystack[];
  readonly codes: Set<string>;
}

async function newRun(env: Env): Promise<Run> {
  const place = newPlace();
  cleanUps.push(place.remove);
  const all = { ...place.env, WATCHWORD_LOG_LEVEL: 'debug', ...env };
  const keys = { live: await createKey(place, 'live', all), test: await createKey(place, 'test', all) };
  return { place, env: all, keys, haystacks: [], codes: new Set() };
}

/** Calls and keeps the whole answer, headers too. */
function recorder({ haystacks }: Run, server: Server, key: string) {
  return async (method: string, path: string, body?: unknown, options: CallOptions = {}): Promise<HttpAnswer> => {
    const answer = await server.call(method, path, { key, ...(body === undefined ? {} : { body }), ...options });
    const name = `answer to ${method} ${path.replace(/vrf_\w+/, '{id}').replace(/\?.*/, '')} (${answer.status})`;
    haystacks.push({ name, bytes: Buffer.from(`${JSON.stringify(answer.headers)}\n${answer.text}`) });
    return answer;
  };
}
type Recorded = ReturnType<typeof recorder>;

function keepOutput({ haystacks }: Run, name: string, program: { out(): string; err(): string }): void {
  haystacks.push(
    { name: `stdout of ${name}`, bytes: Buffer.from(program.out()) },
    { name: `stderr of ${name}`, bytes: Buffer.from(program.err()) },
  );
}

function wrongOf(code: string): string {
  return code.split('').toReversed().join('') === code ? `2${code.slice(1)}` : code.split('').toReversed().join('');
}

const POLICIES = {
  'digits.ten': {
    code: { length: LENGTH, alphabet: 'digits' },
    resend_cooldown_seconds: [0],
    resend_code: 'same',
    max_checks: 3,
  },
  'safe.ten': {
    code: { length: LENGTH, alphabet: 'safe' },
    resend_cooldown_seconds: [0],
    resend_code: 'new',
    max_checks: 3,
    receipt: 'always',
  },
  'own.code': { code: { length: LENGTH, alphabet: 'digits' }, custom_code: true },
} as const;

async function messageTo({ place, codes }: Run, to: string, count: number): Promise<string> {
  const found = await eventually(
    () => {
      const messages = carriedIn(place.outbox).filter((message) => message.to === to);
      return messages.length >= count ? messages.at(-1) : null;
    },
    15_000,
    `message ${count} to ${to}`,
  );
  const code = codeIn(found.text, LENGTH);
  codes.add(code);
  return code;
}

/** Start, resend, mistakes of every kind, and the right code or too many wrong ones. */
async function verify(run: Run, call: Recorded, purpose: string, to: string, sent: { count: number }): Promise<string> {
  const started = await call(
    'POST',
    '/v1/verifications',
    { to, purpose, metadata: { order: '7' } },
    { headers: { 'idempotency-key': `${purpose} ${to}` } },
  );
  expect(started.status).toBe(201);
  const path = `/v1/verifications/${String(started.body['id'])}`;
  await messageTo(run, to, ++sent.count);
  expect((await call('POST', `${path}/sends`)).status).toBe(202);
  const code = await messageTo(run, to, ++sent.count);
  const wrong = wrongOf(code);
  run.codes.add(wrong);
  await call('POST', `${path}/checks`, { code: wrong }, { headers: { 'idempotency-key': `wrong ${path}` } });
  await call('POST', `${path}/checks`, undefined, { raw: `{"code": ${JSON.stringify(code)}, "code": "x"}` });
  await call('POST', `${path}/checks`, undefined, { raw: `{"code": ${JSON.stringify(`${code}!`)}` });
  await call('POST', `${path}/checks`, { code: `${code}${code}` });
  await call('POST', `${path}/checks`, { code: [code], context: { code: { code } } });
  await call('POST', `${path}/checks`, { code }, { headers: { 'content-type': 'text/plain' } });
  const checked = await call(
    'POST',
    `${path}/checks`,
    { code, receipt: true },
    { headers: { 'idempotency-key': `right ${path}` } },
  );
  expect(checked.body['result']).toBe('approved');
  await call('POST', `${path}/checks`, { code });
  await call('POST', '/v1/receipts/verify', { receipt: checked.body['receipt'] });
  for (const part of ['', '/sends', '/events']) expect((await call('GET', `${path}${part}`)).status).toBe(200);
  return path;
}

async function exhaust(run: Run, call: Recorded, to: string, sent: { count: number }): Promise<void> {
  const started = await call('POST', '/v1/verifications', { to, purpose: 'safe.ten' });
  const path = `/v1/verifications/${String(started.body['id'])}`;
  const code = await messageTo(run, to, ++sent.count);
  run.codes.add(wrongOf(code));
  for (let i = 0; i < 4; i++) await call('POST', `${path}/checks`, { code: wrongOf(code) });
  await call('POST', `${path}/checks`, { code });
  await call('POST', `${path}/cancel`);
  await call('GET', `${path}/events`);
}

async function lookAround(call: Recorded): Promise<void> {
  await call('GET', '/v1/verifications?limit=100');
  await call('GET', `/v1/verifications?to=${encodeURIComponent(PHONE)}`);
  await call('GET', '/v1/verifications', undefined, { headers: { accept: 'text/csv' } });
  await call('POST', '/v1/preview', { to: PHONE, purpose: 'digits.ten' });
  for (const path of [
    '/openapi.json',
    '/metrics',
    '/readyz',
    '/healthz',
    '/docs',
    '/',
    '/nowhere',
    '/v1/policies/safe.ten',
    '/v1/api-keys',
  ]) {
    await call('GET', path);
  }
}

/** Everything a service does, with providers that fail and talk, at the loudest log level, ended by kill -9 and once more in peace. */
async function wholeRun(given: Run, gateway: { readonly bodies: readonly string[] }): Promise<void> {
  const subscriber = await echoingGateway();
  const { place, env, keys } = given;
  const server = await startServer({ env });
  const call = recorder(given, server, keys.live);
  for (const [purpose, policy] of Object.entries(POLICIES))
    expect((await call('PUT', `/v1/policies/${purpose}`, policy)).status).toBe(200);
  const hook = await call('POST', '/v1/webhooks', { url: `http://127.0.0.1:${subscriber.port}/events` });
  expect(hook.status).toBe(201);
  const sent = { [PHONE]: { count: 0 }, [MAILBOX]: { count: 0 }, [REFUSED_MAILBOX]: { count: 0 } };
  for (const [to, counter] of Object.entries(sent)) {
    for (const purpose of ['digits.ten', 'safe.ten']) await verify(given, call, purpose, to, counter);
    await exhaust(given, call, to, counter);
  }
  await testKeyRun(given, recorder(given, server, keys.test), server);
  given.codes.add('7391846205');
  await call('POST', '/v1/verifications', { to: MAILBOX, purpose: 'own.code', code: '7391846205' });
  await lookAround(call);
  await eventually(() => (subscriber.bodies.length > 20 ? true : null), 15_000, 'the webhooks');
  await call('GET', `/v1/webhooks/${String(hook.body['id'])}/deliveries?limit=100`);
  // A message that no provider takes stays in the queue, its code sealed, while the process is killed.
  const before = gateway.bodies.length;
  await call('POST', '/v1/verifications', { to: PHONE, purpose: 'digits.ten', channel: 'voice' });
  await eventually(() => (gateway.bodies.length > before ? true : null), 10_000, 'the voice message');
  given.haystacks.push(...databaseFiles(place.folder, 'while it runs'));
  await server.kill('SIGKILL');
  keepOutput(given, 'serve', server);
  given.haystacks.push(...databaseFiles(place.folder, 'after kill -9'));
  await afterwards(given);
  expect(subscriber.bodies.join()).toContain('verification.approved');
  given.haystacks.push(
    ...subscriber.bodies.map((body, index) => ({ name: `webhook ${index}`, bytes: Buffer.from(body) })),
  );
}

/** The codes of test sends are read from the test inbox, the one answer that shows them. */
async function testKeyRun(given: Run, call: Recorded, server: Server): Promise<void> {
  const started = await call('POST', '/v1/verifications', { to: MAILBOX, purpose: 'safe.ten' });
  const inbox = await eventually(
    async () => {
      const answer = await server.call('GET', '/v1/test/inbox', { key: given.keys.test });
      return (answer.body['data'] as { text: string }[])[0];
    },
    10_000,
    'the test message',
  );
  const code = codeIn(inbox.text, LENGTH);
  given.codes.add(code);
  const checked = await call('POST', `/v1/verifications/${String(started.body['id'])}/checks`, { code });
  expect(checked.body['result']).toBe('approved');
}

async function afterwards(given: Run): Promise<void> {
  const { place, env, keys } = given;
  keepOutput(given, 'doctor', textOf(await run(['doctor', '--json'], { env })));
  const server = await startServer({ env });
  await lookAround(recorder(given, server, keys.live));
  expect((await server.kill('SIGTERM')).exit).toBe(0);
  keepOutput(given, 'the second serve', server);
  keepOutput(given, 'purge', textOf(await run(['purge', '--days', '0', '--dry-run'], { env })));
  given.haystacks.push(...databaseFiles(place.folder, 'at the end'));
}

function textOf({ out, err }: { readonly out: string; readonly err: string }): { out(): string; err(): string } {
  return { out: () => out, err: () => err };
}

function needlesOf({ codes }: Run): Needle[] {
  return [
    ...[...codes].map((code, index) => needle(`code ${index} (${code})`, code)),
    needle('the phone', PHONE),
    needle('the phone without +', PHONE.slice(1)),
    needle('the mailbox', MAILBOX),
    needle('the refused mailbox', REFUSED_MAILBOX),
    needle('the password of the mail server', SMTP_PASSWORD),
    needle('the key of the gateway', WEBHOOK_KEY),
  ];
}

describe('A16, G5, S4.24: after a whole run at debug level with failing providers', () => {
  it('no code, address or credential is in logs, database files, answers or webhooks (D0.7, D2.4)', async () => {
    const gateway = await echoingGateway();
    const mail = await echoingMailServer();
    const given = await newRun({});
    const webhook = `webhook://127.0.0.1:${gateway.port}/sms?tls=0&secret=whsec_${WEBHOOK_KEY}`;
    const smtp = `smtp://mailer:${SMTP_PASSWORD}@127.0.0.1:${mail.port}?tls=0&from=Acme%20<no-reply%40acme.example>`;
    const env = {
      ...given.env,
      WATCHWORD_SMS: `${webhook} file://${given.place.outbox}`,
      WATCHWORD_VOICE: webhook,
      WATCHWORD_EMAIL: `${smtp} file://${given.place.outbox}`,
    };
    await wholeRun({ ...given, env }, gateway);
    expect(gateway.bodies.length).toBeGreaterThan(3);
    expect(mail.mails.length).toBeGreaterThan(3);
    expect(given.codes.size).toBeGreaterThan(12);
    expect(given.haystacks.length).toBeGreaterThan(100);
    expect(hits(given.haystacks, needlesOf(given))).toEqual([]);
  }, 120_000);

  it('the search finds a code that was planted in the log, in the database and in an answer', async () => {
    const given = await newRun({ WATCHWORD_SMS: 'console://' });
    const server = await startServer({ env: given.env });
    const call = recorder(given, server, given.keys.live);
    await call('PUT', '/v1/policies/digits.ten', POLICIES['digits.ten']);
    const planted = '4820917356';
    const hidden = Buffer.from(`code=${planted}`).toString('base64');
    const started = await call('POST', '/v1/verifications', {
      to: PHONE,
      purpose: 'digits.ten',
      metadata: { note: hidden },
    });
    expect(started.status).toBe(201);
    await server.line(/^---$/);
    given.codes.add(planted);
    const [printed = ''] = /(?<!\d)\d{10}(?!\d)/.exec(server.out()) ?? [];
    given.codes.add(printed);
    await server.kill('SIGKILL');
    keepOutput(given, 'serve', server);
    given.haystacks.push(...databaseFiles(given.place.folder, 'after kill -9'));
    const found = hits(given.haystacks, needlesOf(given));
    expect(found.filter((hit) => hit.includes(planted)).length).toBeGreaterThanOrEqual(2);
    expect(found).toContainEqual(expect.stringContaining('watchword.db'));
    expect(found).toContain(`code 1 (${printed}) in stdout of serve`);
    expect(found).toContain('the phone in stdout of serve');
  });
});
