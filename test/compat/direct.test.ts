import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createDirect, createMetrics, serve, type RunningServer } from '../../src/http/index.ts';
import { createFacades, type Facades } from './facades.ts';

/** The short way from Node's server, and the long way through a `Request`: a client must not be able to tell. */
let one: Facades;
let ways: { readonly short: RunningServer; readonly long: RunningServer };
let taken = 0;
let ids: { readonly account_sid: string; readonly service_sid: string };

beforeAll(async () => {
  one = await createFacades(['twilio', 'phone-verify', 'otp:public', 'camara']);
  ids = (await one.call('GET', `/v1/applications/${one.application.id}`)).body['twilio'];
  await one.call('PATCH', `/v1/applications/${one.application.id}`, { test_code: '424242' });
  one.clock.now += 1_000;
  const options = {
    publicUrl: null,
    version: '0',
    metrics: createMetrics(),
    log: () => undefined,
    now: () => one.clock.now,
    randomId: () => 'req_1',
  };
  const handle = createDirect(one.service, options);
  const direct: typeof handle = (...request) => {
    const took = handle(...request);
    taken += Number(took);
    return took;
  };
  const at = { port: 0, host: '127.0.0.1' };
  const fetch: Parameters<typeof serve>[0] = (request, env) => one.api.fetch(request, env);
  ways = { short: await serve(fetch, { ...at, direct }), long: await serve(fetch, at) };
});
afterAll(async () => {
  await Promise.all([ways.short.close(), ways.long.close()]);
  await one.close();
});

interface Plan {
  readonly path: string;
  readonly body: string;
  readonly type?: string;
  readonly key?: string | null;
  readonly basic?: boolean;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Numbers nobody has used, so that both ways start from nothing. */
let numbers = 0;
const fresh = (): string => `+1415555${String(2_000 + numbers++)}`;

async function ask(way: 'short' | 'long', { path, body, type, key, basic, headers }: Plan) {
  const secret = key === undefined ? one.keys.test : key;
  const authorization = basic === true ? `Basic ${btoa(`${ids.account_sid}:${secret}`)}` : `Bearer ${secret}`;
  const answer = await fetch(`http://127.0.0.1:${ways[way].port}${path.replace('{service}', ids.service_sid)}`, {
    method: 'POST',
    headers: {
      ...(secret === null ? {} : { authorization }),
      'content-type': type ?? (basic === true ? 'application/x-www-form-urlencoded' : 'application/json'),
      ...headers,
    },
    body,
  });
  const text = await answer.text();
  const kept = [...answer.headers].filter(([name]) => name !== 'date' && name !== 'x-request-id');
  return { status: answer.status, headers: Object.fromEntries(kept), text };
}

/** What is drawn anew for each answer, by its length alone. */
function alike({ status, headers, text }: Awaited<ReturnType<typeof ask>>) {
  const drawn = /"(?:session_token|authenticationId|sid|attempt_sid|url)":"[^"]*"/g;
  const body = text
    .replaceAll(drawn, (found) => `${found.slice(0, found.indexOf(':'))} ${found.length}`)
    .replaceAll(/\+1415555\d{4}/g, '+1415555xxxx')
    .replaceAll(/•• •\d\d|••\d\d/g, '••xx');
  return { status, headers, body };
}

const TWILIO = '/twilio/v2/Services/{service}';
const CAMARA = '/camara/one-time-password-sms/v1';
const PLANS: Readonly<Record<string, () => Plan>> = {
  'phone-verify: a start': () => ({ path: '/api/phone/register', body: JSON.stringify({ phone_number: fresh() }) }),
  'phone-verify: a form': () => ({
    path: '/api/phone/register',
    body: `phone_number=${encodeURIComponent(fresh())}`,
    type: 'application/x-www-form-urlencoded',
  }),
  'phone-verify: nothing': () => ({ path: '/api/phone/verify', body: '{}' }),
  'phone-verify: no JSON': () => ({ path: '/api/phone/verify', body: '{' }),
  'phone-verify: another type': () => ({ path: '/api/phone/verify', body: 'x', type: 'text/plain' }),
  'phone-verify: a wrong key': () => ({ path: '/api/phone/verify', body: '{}', key: 'ww_test_nobody' }),
  'otp: a start': () => ({ path: '/otp/send', body: JSON.stringify({ destination: fresh() }) }),
  'otp: a start with a slash': () => ({ path: '/otp/send/', body: JSON.stringify({ destination: fresh() }) }),
  'otp: a check of nothing': () => ({
    path: '/otp/verify',
    body: JSON.stringify({ destination: fresh(), code: '123456' }),
  }),
  'otp: a wrong channel': () => ({ path: '/otp/send', body: JSON.stringify({ destination: fresh(), channel: 'x' }) }),
  'twilio: a start': () => ({
    path: `${TWILIO}/Verifications`,
    body: form({ To: fresh(), Channel: 'sms' }),
    basic: true,
  }),
  'twilio: no channel': () => ({ path: `${TWILIO}/Verifications`, body: form({ To: fresh() }), basic: true }),
  'twilio: another service': () => ({ path: '/twilio/v2/Services/VA1/Verifications', body: 'To=1', basic: true }),
  'twilio: a wrong key': () => ({ path: `${TWILIO}/Verifications`, body: 'To=1', basic: true, key: 'ww_test_nobody' }),
  'twilio: JSON': () => ({ path: `${TWILIO}/Verifications`, body: '{}', type: 'application/json', basic: true }),
  'twilio: a check of nothing': () => ({
    path: `${TWILIO}/VerificationCheck`,
    body: form({ To: fresh(), Code: '123456' }),
    basic: true,
  }),
  'camara: a start, with a mark': () => ({
    path: `${CAMARA}/send-code`,
    body: JSON.stringify({ phoneNumber: fresh(), message: 'Your code: {{code}}' }),
    headers: { 'x-correlator': 'mark-1' },
  }),
  'camara: an unknown field': () => ({ path: `${CAMARA}/send-code`, body: '{"other":1}' }),
};

describe('the short way of the façades', () => {
  it.each(Object.entries(PLANS))('answers as the long one: %s', async (_name, plan) => {
    const before = taken;
    const short = alike(await ask('short', plan()));
    expect(taken).toBe(before + 1);
    expect(short).toEqual(alike(await ask('long', plan())));
  });

  it('answers without content as the long one: no length, no type', async () => {
    for (const way of ['short', 'long'] as const) {
      const started = await ask(way, {
        path: `${CAMARA}/send-code`,
        body: JSON.stringify({ phoneNumber: fresh(), message: '{{code}}' }),
      });
      const { authenticationId } = JSON.parse(started.text);
      const done = await ask(way, {
        path: `${CAMARA}/validate-code`,
        body: JSON.stringify({ authenticationId, code: '424242' }),
      });
      expect([done.status, done.text]).toEqual([204, '']);
      for (const name of ['content-length', 'content-type']) expect(done.headers).not.toHaveProperty(name);
    }
  });

  it.each<[string, Plan]>([
    ['a browser without a key', { path: '/otp/verify', body: '{}', key: null }],
    ['a form for the hosted page', { path: '/otp/verify', body: 'code=1', type: 'application/x-www-form-urlencoded' }],
    ['a query', { path: '/otp/send?app=default', body: '{}' }],
  ])('leaves %s to the long one', async (_what, plan) => {
    const before = taken;
    await ask('short', plan);
    expect(taken).toBe(before);
  });
});

function form(fields: Readonly<Record<string, string>>): string {
  return new URLSearchParams(fields).toString();
}
