import { writeFileSync } from 'node:fs';
import { afterEach, describe, expect, it } from 'vitest';
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

const places: Place[] = [];
afterEach(async () => {
  await killAll();
  for (const place of places.splice(0)) place.remove();
});

function production(): { readonly place: Place; readonly env: Env } {
  const place = newPlace();
  places.push(place);
  return { place, env: { ...place.env, WATCHWORD_MODE: 'production' } };
}

interface Running {
  readonly place: Place;
  readonly server: Server;
  readonly live: string;
  readonly test: string;
}

async function inProduction(): Promise<Running> {
  const { place, env } = production();
  expect((await run(['migrate'], { env })).exit).toBe(0);
  const live = await createKey(place, 'live', env);
  const test = await createKey(place, 'test', env);
  return { place, server: await startServer({ env }), live, test };
}

async function approvedTestReceipt({ server, test }: Running, to: string): Promise<string> {
  const started = await server.call('POST', '/v1/verifications', { key: test, body: { to } });
  const message = await eventually(
    async () => {
      const inbox = await server.call('GET', `/v1/test/inbox?to=${encodeURIComponent(to)}`, { key: test });
      return (inbox.body['data'] as { text: string }[])[0];
    },
    10_000,
    'the test message',
  );
  const path = `/v1/verifications/${String(started.body['id'])}/checks`;
  const checked = await server.call('POST', path, { key: test, body: { code: codeIn(message.text), receipt: true } });
  expect(checked.body).toMatchObject({ result: 'approved', verification: { test: true } });
  return String(checked.body['receipt']);
}

describe('A50: doors for tests, in production', () => {
  it.each<[string, string, Env]>([
    ['SMS', 'WATCHWORD_SMS', { WATCHWORD_SMS: 'inbox://' }],
    ['e-mail', 'WATCHWORD_EMAIL', { WATCHWORD_EMAIL: 'inbox://' }],
    ['an inbox behind a real provider', 'WATCHWORD_VOICE', { WATCHWORD_VOICE: 'file:///dev/null inbox://' }],
  ])('inbox:// for %s ends the start with 78 and names the setting', async (_name, setting, change) => {
    const ended = await run(['serve'], { env: { ...production().env, ...change } });
    expect(ended.exit).toBe(78);
    expect(ended.err).toContain(`  ${setting} cannot be used: inbox:// is refused in production`);
  });

  it('inbox:// of one application ends it too', async () => {
    const { place, env } = production();
    const config = place.path('config.json');
    writeFileSync(config, JSON.stringify({ applications: [{ name: 'shop', providers: { sms: ['inbox://'] } }] }));
    const ended = await run(['worker'], { env: { ...env, WATCHWORD_CONFIG: config } });
    expect(ended.exit).toBe(78);
    expect(ended.err).toContain('WATCHWORD_CONFIG/applications/0/providers/sms/0 cannot be used: inbox://');
  });

  it('without any provider a live key can send nowhere, least of all into the inbox', async () => {
    const { place, env } = production();
    const { WATCHWORD_SMS: _sms, WATCHWORD_EMAIL: _email, ...bare } = env;
    expect((await run(['migrate'], { env: bare })).exit).toBe(0);
    const key = await createKey(place, 'live', bare);
    const server = await startServer({ env: bare });
    const started = await server.call('POST', '/v1/verifications', { key, body: { to: '+14155552671' } });
    expect(started).toMatchObject({ status: 422, body: { code: 'channel_unavailable' } });
    expect((await server.call('GET', '/dev/inbox')).status).toBe(404);
  });

  it('the message of a test key reaches the test inbox and no provider, and its receipt is worth nothing to a live key', async () => {
    const running = await inProduction();
    const { place, server, live, test } = running;
    const receipt = await approvedTestReceipt(running, 'test@person.example');
    // What was queued after it has gone out: had there been a message of the test, it would be in the file before this one.
    await server.call('POST', '/v1/verifications', { key: live, body: { to: 'live@person.example' } });
    await eventually(() => carriedIn(place.outbox)[0], 10_000, 'the live message');
    expect(carriedIn(place.outbox).map(({ to }) => to)).toEqual(['live@person.example']);
    const byLive = await server.call('POST', '/v1/receipts/verify', { key: live, body: { receipt } });
    expect(byLive).toMatchObject({ status: 200, body: { valid: false } });
    const byTest = await server.call('POST', '/v1/receipts/verify', { key: test, body: { receipt } });
    expect(byTest).toMatchObject({ status: 200, body: { valid: true, claims: { test: true } } });
  });

  it('a test key neither reads nor decides a live verification, and the inbox is closed to live keys', async () => {
    const { server, live, test, place } = await inProduction();
    const started = await server.call('POST', '/v1/verifications', { key: live, body: { to: 'live@person.example' } });
    const path = `/v1/verifications/${String(started.body['id'])}`;
    const message = await eventually(() => carriedIn(place.outbox)[0], 10_000, 'the live message');
    expect((await server.call('GET', path, { key: test })).status).toBe(404);
    const checked = await server.call('POST', `${path}/checks`, { key: test, body: { code: codeIn(message.text) } });
    expect(checked.status).toBe(404);
    expect((await server.call('GET', '/v1/test/inbox', { key: live })).status).toBe(403);
    expect((await server.call('GET', path, { key: live })).body).toMatchObject({ status: 'pending', checks: 0 });
  });
});

/** Values that must not be repeated to whoever reads the log. */
const VALUES = ['hunter2', 'tooshort', 'mysterious-value', 'not-a-port', 'whsec_short'];

const BAD: Env = {
  WATCHWORD_MODE: 'production',
  PORT: 'not-a-port',
  WATCHWORD_SECRET: 'tooshort',
  WATCHWORD_SECRTE: 'mysterious-value',
  WATCHWORD_UNHEARD_OF: 'mysterious-value',
  WATCHWORD_SMS: 'twilio2://SID:hunter2@default webhook://gateway.example/?secret=whsec_short inbox://',
  WATCHWORD_EMAIL: 'smtp://user:hunter2@',
  WATCHWORD_VOICE: 'hunter2',
  WATCHWORD_TRUST_PROXY: 'mysterious-value',
};

describe('A50: bad settings of production', () => {
  it.each(['serve', 'worker', 'migrate', 'keys list'])(
    '%s names them all at once, without their values, and ends with 78',
    async (words) => {
      const ended = await run(words.split(' '), { env: BAD });
      expect(ended.exit).toBe(78);
      for (const name of Object.keys(BAD)) {
        if (name !== 'WATCHWORD_MODE') expect(ended.err, name).toMatch(new RegExp(`^  ${name} `, 'm'));
      }
      expect(ended.err.match(/^ {2}WATCHWORD_SMS /gm)).toHaveLength(3);
      for (const value of VALUES) expect(ended.out + ended.err).not.toContain(value);
    },
  );

  it.each<[string, string | undefined, string]>([
    ['no secret', undefined, 'is required in production'],
    ['an empty one', '', 'is required in production'],
    ['one that is too short', 'a1b2c3d4e5f6g7h8', 'must have at least 32 bytes'],
    ['a known sample', 'change-me-please-change-me-please-change-me', 'is a sample value, not a secret'],
    ['a repetition', 'abcabcabcabcabcabcabcabcabcabcabcabcabcabc', ''],
  ])('%s ends the start with 78', async (_name, value, words) => {
    const { WATCHWORD_SECRET: _secret, ...env } = production().env;
    const ended = await run(['serve'], {
      env: { ...env, ...(value === undefined ? {} : { WATCHWORD_SECRET: value }) },
    });
    expect(ended.exit).toBe(78);
    expect(ended.err).toContain(`  WATCHWORD_SECRET ${words}`);
    if (value) expect(ended.err).not.toContain(value);
  });
});
