import { readFileSync } from 'node:fs';
import { afterEach, describe, expect, it } from 'vitest';
import { createWatchword, orThrow } from '../../src/index.ts';
import { readSettings } from '../../src/config/index.ts';
import type { Message } from '../../src/ports/channel.ts';
import { wrongCode } from '../support/world.ts';
import { newPlace, run, TEST_SECRET } from '../support/process.ts';
import { eventually } from '../support/messages.ts';
import { createFlow, type Flow } from './flow.ts';

const PHONE = '+14155552671';
const MAIL = 'ann@example.com';
let flow: Flow | null = null;
afterEach(async () => {
  await flow?.close();
  flow = null;
});

async function open(...options: Parameters<typeof createFlow>): Promise<Flow> {
  flow = await createFlow(...options);
  return flow;
}

describe('what S4 (OTP app) asks for', () => {
  it.each([
    ['a phone', PHONE, 'sms'],
    ['a mailbox', MAIL, 'email'],
  ])('S4.1, S4.9: a start with destination and channel verifies %s', async (_name, to, channel) => {
    const { begin, verdict } = await open();
    const one = await begin(to, { channel });
    expect(one.message).toMatchObject({ channel, to });
    expect(await verdict(one, one.code)).toBe('approved');
  });

  it('S4.2: codes are time-limited', async () => {
    const { begin, pass, verdict } = await open({ policies: { login: { preset: 'ephemeral' } } });
    const one = await begin(PHONE);
    pass(300_000);
    expect(await verdict(one, one.code)).toBe('expired');
  });

  it('S4.4: a delivery handler of one’s own is an object with send()', async () => {
    const place = newPlace();
    const sent: Message[] = [];
    const handler = {
      name: 'my-gateway',
      channels: ['sms'] as const,
      send: async (message: Message) => {
        sent.push(message);
        return { type: 'accepted', messageId: 'm-1' } as const;
      },
    };
    const watchword = createWatchword({
      databaseUrl: `sqlite:${place.database}`,
      secret: TEST_SECRET,
      mode: 'development',
      sms: [handler],
    });
    const started = orThrow(await watchword.verify.start({ to: PHONE }));
    const message = await eventually(() => sent[0], 10_000, 'the message');
    const checked = await watchword.verify.check(started.id, message.code.reveal());
    expect(message).toMatchObject({ to: PHONE, channel: 'sms' });
    expect(checked.result).toBe('approved');
    await watchword.close();
    place.remove();
  });

  it('S4.5, S4.10: destination and code are enough to verify, where the policy allows it', async () => {
    const { begin, call } = await open({ policies: { login: { preset: 'ephemeral' } } });
    const { code } = await begin(PHONE);
    expect((await call('POST', '/v1/checks', { to: PHONE, code: wrongCode(code) })).body['result']).toBe('incorrect');
    expect((await call('POST', '/v1/checks', { to: '+1 (415) 555-2671', code })).body['result']).toBe('approved');
    expect((await call('POST', '/v1/checks', { to: PHONE, code })).status).toBe(404);
    expect((await call('POST', '/v1/checks', { to: PHONE, code, purpose: 'other' })).status).toBe(403);
  });

  it('S4.6, S4.23: resends are limited by time and number, checks by number', async () => {
    const { begin, resend, pass, verdict } = await open({ policies: { login: { preset: 'ephemeral' } } });
    const one = await begin(PHONE);
    const answers: string[] = [];
    for (let i = 0; i < 3; i++) {
      const early = await resend(one);
      answers.push(`${early.status} ${String(early.body['limit']?.name ?? early.body['code'])}`);
      pass(60_000);
      const later = await resend(one);
      answers.push(String(later.status));
    }
    expect(answers).toEqual(['429 send_cooldown', '202', '429 send_cooldown', '202', '429 max_sends', '429']);
    for (let i = 0; i < 5; i++) await verdict(one, wrongCode(one.code));
    expect(await verdict(one, one.code)).toBe('exhausted');
  });

  it.each(['same', 'new'] as const)('S4.11: a resend carries the %s code, as configured', async (resendCode) => {
    const { begin, resend, pass, sink, verdict } = await open({
      policies: { login: { resend_code: resendCode, code: { length: 10, alphabet: 'digits' } } },
    });
    const one = await begin(PHONE);
    pass(30_000);
    expect((await resend(one)).status).toBe(202);
    const again = sink.last().code.reveal();
    expect(again === one.code).toBe(resendCode === 'same');
    expect(await verdict(one, again)).toBe('approved');
  });

  it('S4.7: a start answers before its message is handed over, and the queue delivers it in the background', async () => {
    const { call, service, sink } = await open();
    const started = await call('POST', '/v1/verifications', { to: PHONE });
    const path = `/v1/verifications/${String(started.body['id'])}/sends`;
    const sends = async (): Promise<unknown> => (await call('GET', path)).body['data'];
    expect(started.status).toBe(201);
    expect(sink.messages).toHaveLength(0);
    expect(await sends()).toMatchObject([{ status: 'queued', provider: null }]);
    service.worker.start();
    await eventually(() => sink.messages[0], 10_000, 'the message');
    await service.worker.stop();
    expect(sink.messages).toHaveLength(1);
    expect(await sends()).toMatchObject([{ status: 'accepted' }]);
  });

  it('S4.3, S4.12: Redis is told by REDIS_URL, as the store of verdicts or beside SQL', () => {
    const read = (environment: Record<string, string>) => readSettings(environment, () => '');
    const url = 'redis://127.0.0.1:6379/0';
    expect(read({ REDIS_URL: url })).toMatchObject({ ok: true, settings: { redis: { use: 'rates' } } });
    const verdicts = { REDIS_URL: url, WATCHWORD_STORE: 'redis', DATABASE_URL: 'postgres://localhost/watchword' };
    expect(read(verdicts)).toMatchObject({ ok: true, settings: { redis: { use: 'verdicts', durability: 'strict' } } });
    expect(read({ WATCHWORD_STORE: 'redis' })).toMatchObject({
      ok: false,
      problems: [{ name: 'DATABASE_URL' }, { name: 'REDIS_URL' }],
    });
  });

  it('S4.13, S4.14: life, counting, length and format of codes can be adjusted', async () => {
    const { call, begin, pass, verdict } = await open();
    const policy = { ttl_seconds: 120, max_checks: 3, max_sends: 3, code: { length: 8, alphabet: 'safe' } };
    expect((await call('PUT', '/v1/policies/login', policy)).body).toMatchObject(policy);
    pass(1_000);
    const one = await begin(PHONE);
    expect(one.code).toMatch(/^[2-9A-HJKMNP-Z]{8}$/);
    expect(one.answer.body).toMatchObject({ checks_remaining: 3, sends_remaining: 2 });
    expect(await verdict(one, one.code.toLowerCase())).toBe('approved');
  });

  it('S4.14: six digits are the default', async () => {
    const { begin } = await open();
    expect((await begin(PHONE)).code).toMatch(/^\d{6}$/);
  });

  it('S4.16: the limits of starts are adjustable, per application too', async () => {
    const { call, refusal, application, pass } = await open({ limits: { destination_sends: { max: 5 } } });
    await call('PATCH', `/v1/applications/${application.id}`, {
      limits: { destination_sends: { max: 2, window_seconds: 60 } },
    });
    pass(1_000);
    expect([await refusal({ to: PHONE }), await refusal({ to: PHONE }), await refusal({ to: PHONE })]).toEqual([
      '201 undefined',
      '201 undefined',
      '429 limit_exceeded',
    ]);
    pass(61_000);
    expect(await refusal({ to: PHONE })).toBe('201 undefined');
  });

  it('S4.17: one command runs the tests', () => {
    const { scripts } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
      scripts: Record<string, string>;
    };
    expect(scripts['test']).toMatch(/vitest run/);
    expect(readFileSync(new URL('../../README.md', import.meta.url), 'utf8')).toContain('npm ci && npm test');
  });

  it('S4.20: doctor warns when production is reached over plain http', async () => {
    const place = newPlace();
    const env = { ...place.env, WATCHWORD_MODE: 'production', WATCHWORD_PUBLIC_URL: 'http://otp.example' };
    const warned = await run(['doctor', '--json'], { env });
    const fine = await run(['doctor', '--json'], { env: { ...env, WATCHWORD_PUBLIC_URL: 'https://otp.example' } });
    expect(warned.out).toMatch(/"warn"[^}]*plain http/);
    expect(fine.out).not.toMatch(/plain http/);
    place.remove();
  });

  it('S4.22: the store has a keyed digest of a code that its owner’s key alone can test', async () => {
    const { begin, store } = await open();
    const [one, two] = [await begin(PHONE), await begin(PHONE)];
    const digests = await Promise.all(
      [one, two].map(async ({ id }) => (await store.verifications.get(id)).record?.digest?.reveal() ?? ''),
    );
    expect(new Set(digests).size).toBe(2);
    for (const digest of digests) expect(digest.length).toBeGreaterThan(50);
  });

  it('S4.25: a destination is locked after repeated failures over many verifications', async () => {
    const { begin, verdict, refusal, pass } = await open({ limits: { destination_sends: { max: 100 } } });
    for (let i = 0; i < 4; i++) {
      const one = await begin(PHONE);
      for (let j = 0; j < 5; j++) await verdict(one, wrongCode(one.code));
    }
    expect(await refusal({ to: PHONE })).toBe('429 limit_exceeded');
    expect(await refusal({ to: '+14155553671' })).toBe('201 undefined');
    pass(86_400_000);
    expect(await refusal({ to: PHONE })).toBe('201 undefined');
  });

  it('S4.27: a code of one purpose is nothing for another', async () => {
    const { begin, call } = await open({
      policies: { login: { preset: 'ephemeral' }, payment: { preset: 'ephemeral' } },
    });
    const login = await begin(PHONE, { purpose: 'login' });
    const payment = await begin(PHONE, { purpose: 'payment' });
    const check = async (purpose: string, code: string): Promise<unknown> =>
      (await call('POST', '/v1/checks', { to: PHONE, purpose, code })).body['result'];
    if (login.code !== payment.code) expect(await check('payment', login.code)).toBe('incorrect');
    expect([await check('payment', payment.code), await check('login', login.code)]).toEqual(['approved', 'approved']);
  });
});
