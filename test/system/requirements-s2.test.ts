import { afterEach, describe, expect, it } from 'vitest';
import { wrongCode } from '../support/world.ts';
import { createFlow, type Flow } from './flow.ts';

const MAIL = 'ann@example.com';
const PHONE = '+14155552671';
let flow: Flow;
afterEach(() => flow.close());

describe('the acceptance tests S2 (billing) demands', () => {
  it('S2.33: a code can be asked for by e-mail', async () => {
    flow = await createFlow();
    const { answer } = await flow.begin(MAIL);
    expect(answer).toMatchObject({ status: 201, body: { channel: 'email', status: 'pending', to: { type: 'email' } } });
  });

  it('S2.34: a code can be asked for by phone', async () => {
    flow = await createFlow();
    const { answer } = await flow.begin({ phone: '(415) 555-2671', country: 'US' });
    expect(answer).toMatchObject({ status: 201, body: { channel: 'sms', to: { type: 'phone', country: 'US' } } });
  });

  it('S2.36: the SMS arrives at the number, with the code and how long it works', async () => {
    flow = await createFlow();
    const { message, code } = await flow.begin('+1 415 555 2671');
    expect(message).toMatchObject({ channel: 'sms', to: PHONE, subject: null, html: null });
    expect(message.text).toContain(code);
    expect(message.text).toMatch(/10 minutes/);
    expect(message.text.length).toBeLessThanOrEqual(160);
  });

  it('S2.37: the right code verifies', async () => {
    flow = await createFlow();
    const one = await flow.begin(MAIL);
    expect(await flow.verdict(one, one.code)).toBe('approved');
    expect(await flow.statusOf(one)).toBe('approved');
  });

  it('S2.38: a wrong code is told, with the attempts that remain', async () => {
    flow = await createFlow();
    const one = await flow.begin(MAIL);
    const remaining: number[] = [];
    for (let i = 0; i < 5; i++)
      remaining.push((await flow.submit(one, wrongCode(one.code))).body['verification'].checks_remaining);
    expect(remaining).toEqual([4, 3, 2, 1, 0]);
  });

  it('S2.39, S2.5: a code expires, and says so', async () => {
    flow = await createFlow({ policies: { login: { ttl_seconds: 300 } } });
    const one = await flow.begin(MAIL);
    flow.pass(300_000);
    expect(await flow.verdict(one, one.code)).toBe('expired');
    expect(await flow.verdict(one, one.code)).toBe('expired');
  });

  it('S2.40, S2.60: after five wrong codes the right one is refused, with a word of its own', async () => {
    flow = await createFlow();
    const one = await flow.begin(MAIL);
    const words: string[] = [];
    for (let i = 0; i < 6; i++) words.push(await flow.verdict(one, wrongCode(one.code)));
    words.push(await flow.verdict(one, one.code));
    expect(words).toEqual(['incorrect', 'incorrect', 'incorrect', 'incorrect', 'incorrect', 'exhausted', 'exhausted']);
    expect((await flow.call('GET', one.path)).body).toMatchObject({ status: 'failed', status_reason: 'max_checks' });
  });

  it('S2.41: a code can be sent again, and works', async () => {
    flow = await createFlow();
    const one = await flow.begin(MAIL);
    flow.pass(30_000);
    expect(await flow.resend(one)).toMatchObject({ status: 202, body: { sends: 2, sends_remaining: 3 } });
    expect(flow.sink.messages).toHaveLength(2);
    expect(await flow.verdict(one, flow.sink.last().code.reveal())).toBe('approved');
  });

  it('S2.42: another contact gets another code, and the first one is void', async () => {
    flow = await createFlow();
    const first = await flow.begin(MAIL);
    expect((await flow.call('POST', `${first.path}/cancel`)).body).toMatchObject({ status: 'canceled' });
    const second = await flow.begin(PHONE);
    expect(await flow.verdict(first, first.code)).toBe('closed');
    expect(await flow.verdict(second, second.code)).toBe('approved');
  });

  it('S2.43: what was proved ends where the caller ends it: a receipt counts once', async () => {
    flow = await createFlow();
    const one = await flow.begin(MAIL);
    const { receipt } = (await flow.submit(one, one.code, { receipt: true })).body;
    const first = await flow.call('POST', '/v1/receipts/verify', { receipt });
    const second = await flow.call('POST', '/v1/receipts/verify', { receipt });
    expect([first.body['valid'], second.body['valid']]).toEqual([true, false]);
  });

  it.each([
    'plain',
    'a@',
    '@b.example',
    'a b@c.example',
    'a@b',
    'a@b.example,c@d.example',
    'a@b.example\r\nBcc: c@d.example',
    `${'x'.repeat(65)}@b.example`,
    'a@-b.example',
  ])('S2.44: %j is no mailbox and is refused', async (email) => {
    flow = await createFlow();
    expect(await flow.refusal({ to: { email } })).toBe('422 invalid_destination');
    expect(flow.sink.messages).toEqual([]);
  });

  it.each(['123', '+1415555', '555-2671', '+1 415 CALL NOW', '+14155552671 x12', '+999123456789', '+1415555267100000'])(
    'S2.45: %j is no phone number and is refused',
    async (phone) => {
      flow = await createFlow();
      expect(await flow.refusal({ to: { phone } })).toBe('422 invalid_destination');
      expect(flow.sink.messages).toEqual([]);
    },
  );

  it('S2.46: an unknown customer is told openly or not at all, and never gets a message', async () => {
    flow = await createFlow({ policies: { signup: { recipients: 'directory' }, login: { preset: 'customer-login' } } });
    await flow.call('POST', '/v1/directory', { to: 'known@example.com' });
    expect(await flow.refusal({ to: MAIL, purpose: 'signup' })).toBe('422 recipient_unknown');
    expect(await flow.refusal({ to: MAIL, purpose: 'login' })).toBe('201 undefined');
    await flow.service.worker.tick();
    expect(flow.sink.messages).toEqual([]);
    expect((await flow.begin('known@example.com', { purpose: 'signup' })).answer.status).toBe(201);
  });

  it('S2.47, S2.89: rapid requests are held back, with the time to wait', async () => {
    flow = await createFlow({ policies: { login: { resend_cooldown_seconds: [60] } } });
    const one = await flow.begin(MAIL);
    flow.pass(59_000);
    const early = await flow.resend(one);
    expect(early).toMatchObject({ status: 429, body: { code: 'send_cooldown' } });
    expect(early.headers.get('retry-after')).toBe('1');
    flow.pass(1_000);
    expect((await flow.resend(one)).status).toBe(202);
    const starts: string[] = [];
    for (let i = 0; i < 10; i++) starts.push(await flow.refusal({ to: MAIL }));
    expect(starts.slice(-2)).toEqual(['429 limit_exceeded', '429 limit_exceeded']);
    await flow.service.worker.tick();
    expect(flow.sink.messages).toHaveLength(10);
  });

  it('S2.48: several codes at once work each for itself, or the newest alone where the policy says so', async () => {
    flow = await createFlow({ policies: { payment: { on_open: 'replace' } } });
    const [first, second] = [await flow.begin(MAIL), await flow.begin(MAIL)];
    if (first.code !== second.code) expect(await flow.verdict(second, first.code)).toBe('incorrect');
    expect([await flow.verdict(second, second.code), await flow.verdict(first, first.code)]).toEqual([
      'approved',
      'approved',
    ]);
    const [old, fresh] = [
      await flow.begin(MAIL, { purpose: 'payment' }),
      await flow.begin(MAIL, { purpose: 'payment' }),
    ];
    expect([await flow.verdict(old, old.code), await flow.verdict(fresh, fresh.code)]).toEqual(['closed', 'approved']);
  });

  it('S2.49: going back and submitting again changes nothing', async () => {
    flow = await createFlow();
    const one = await flow.begin(MAIL);
    const first = await flow.call('POST', `${one.path}/checks`, { code: one.code }, { 'idempotency-key': 'form-1' });
    const again = await flow.call('POST', `${one.path}/checks`, { code: one.code }, { 'idempotency-key': 'form-1' });
    expect(again.text).toBe(first.text);
    expect(await flow.verdict(one, one.code)).toBe('closed');
    for (let i = 0; i < 3; i++) expect(await flow.statusOf(one)).toBe('approved');
    expect((await flow.call('GET', one.path)).body['checks']).toBe(1);
  });

  it('S2.50: an open verification ends by itself, seen from everywhere', async () => {
    flow = await createFlow();
    const one = await flow.begin(MAIL);
    flow.pass(600_000);
    expect(await flow.statusOf(one)).toBe('expired');
    expect((await flow.call('GET', '/v1/verifications?status=expired')).body['data']).toHaveLength(1);
    expect((await flow.call('GET', '/v1/verifications?status=pending')).body['data']).toEqual([]);
    expect(await flow.resend(one)).toMatchObject({ status: 409, body: { code: 'verification_closed' } });
  });

  it.each(["' OR '1'='1", "x'; DROP TABLE verifications; --", '" UNION SELECT * FROM api_keys --'])(
    'S2.51: %j is text in every field',
    async (text) => {
      flow = await createFlow();
      const one = await flow.begin(MAIL, { reference: text, metadata: { note: text }, context: { order: text } });
      expect((await flow.call('GET', one.path)).body).toMatchObject({ reference: text, metadata: { note: text } });
      const found = await flow.call('GET', `/v1/verifications?reference=${encodeURIComponent(text)}`);
      expect(found.body['data']).toHaveLength(1);
      expect((await flow.submit(one, text)).status).toBe(400);
      expect(await flow.refusal({ to: text })).toMatch(/^422 /);
      expect((await flow.call('GET', `/v1/verifications/${encodeURIComponent(text)}`)).status).toBe(404);
      expect(await flow.verdict(one, one.code, { context: { order: text } })).toBe('approved');
    },
  );

  it('S2.59: after a resend with a new code the old one is invalid', async () => {
    flow = await createFlow({ policies: { login: { resend_code: 'new' } } });
    const one = await flow.begin(MAIL);
    flow.pass(30_000);
    await flow.resend(one);
    const fresh = flow.sink.last().code.reveal();
    // The same code twice: one run in a million.
    expect(fresh).not.toBe(one.code);
    expect(await flow.verdict(one, one.code)).toBe('incorrect');
    expect(await flow.verdict(one, fresh)).toBe('approved');
  });
});

describe('what S2 asks of the service around them', () => {
  it('S2.1, S2.46: a known customer’s mailbox and phone are verified', async () => {
    flow = await createFlow({ policies: { login: { recipients: 'directory' } } });
    for (const to of [MAIL, PHONE]) {
      await flow.call('POST', '/v1/directory', { to, name: 'Ann Muster' });
      const one = await flow.begin(to);
      expect(await flow.verdict(one, one.code)).toBe('approved');
    }
  });

  it('S2.6, S2.19: attempts and life are settings that are read', async () => {
    flow = await createFlow({ policies: { login: { max_checks: 2, ttl_seconds: 60 } } });
    const [one, late] = [await flow.begin(MAIL), await flow.begin(MAIL)];
    expect([
      await flow.verdict(one, wrongCode(one.code)),
      await flow.verdict(one, wrongCode(one.code)),
      await flow.verdict(one, one.code),
    ]).toEqual(['incorrect', 'incorrect', 'exhausted']);
    flow.pass(60_000);
    expect(await flow.verdict(late, late.code)).toBe('expired');
  });

  it('S2.27, S2.65: expired codes are closed and old records removed by the worker, without anybody looking', async () => {
    flow = await createFlow();
    const one = await flow.begin(MAIL);
    flow.pass(600_000);
    await flow.service.worker.tick();
    const events = (await flow.call('GET', `${one.path}/events`)).body['data'] as { type: string }[];
    expect(events.map(({ type }) => type)).toContain('expired');
    flow.pass(30 * 86_400_000);
    expect(await flow.store.records.purge(flow.clock.now, 100)).toBe(1);
  });

  it('S2.88: the code is kept as a digest, sealed only while it may be sent again', async () => {
    flow = await createFlow();
    const one = await flow.begin(MAIL);
    const open = (await flow.store.verifications.get(one.id)).record;
    expect(`${open?.digest?.reveal()} ${open?.sealedCode?.reveal()}`).not.toContain(one.code);
    await flow.verdict(one, one.code);
    expect((await flow.store.verifications.get(one.id)).record).toMatchObject({ digest: null, sealedCode: null });
  });

  it('S2.90: the history has the time of the approval and the address it was asked from', async () => {
    flow = await createFlow();
    const one = await flow.begin(MAIL, { signals: { ip: '203.0.113.9' } });
    await flow.verdict(one, one.code);
    const events = (await flow.call('GET', `${one.path}/events`)).body['data'] as {
      type: string;
      data: Record<string, unknown>;
      created_at: string;
    }[];
    expect(events.find(({ type }) => type === 'started')?.data).toMatchObject({ ip: '203.0.113.9' });
    expect(events.find(({ type }) => type === 'approved')?.created_at).toBe(new Date(flow.clock.now).toISOString());
  });

  it('S2.98: what test keys send is found in the inbox, with text and HTML', async () => {
    flow = await createFlow();
    const auth = { authorization: `Bearer ${flow.keys.test}` };
    await flow.call('POST', '/v1/verifications', { to: MAIL }, auth);
    await flow.service.worker.tick();
    const inbox = await flow.call('GET', `/v1/test/inbox?to=${MAIL}`, undefined, auth);
    expect(inbox.body['data']).toMatchObject([
      {
        to: MAIL,
        channel: 'email',
        subject: expect.any(String),
        text: expect.any(String),
        html: expect.stringContaining('<'),
      },
    ]);
  });
});
