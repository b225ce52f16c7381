import { afterEach, describe, expect, it } from 'vitest';
import { wrongCode } from '../support/world.ts';
import { createFlow, type Flow } from './flow.ts';

const MAIL = 'ann@example.com';
const DAY = 86_400_000;
let flow: Flow;
afterEach(() => flow.close());

/** The preset made after this system, for one purpose. */
const HOSTED = { policies: { login: { preset: 'hosted-email' } } } as const;

describe('what S1 (Secure OTP) asks for', () => {
  it.each([
    ['a second factor', 'login', null],
    ['a transaction', 'payment', { amount: '12.50', payee: 'Acme' }],
    ['an example of one’s own', 'teaching', null],
  ])('S1.1: a code by e-mail for %s is made and verified', async (_name, purpose, context) => {
    flow = await createFlow();
    const bound = context === null ? {} : { context };
    const one = await flow.begin(MAIL, { purpose, ...bound });
    expect(one.message).toMatchObject({ channel: 'email', to: MAIL });
    if (context !== null)
      expect(await flow.verdict(one, one.code, { context: { ...context, amount: '9000.00' } })).toBe(
        'context_mismatch',
      );
    expect(await flow.verdict(one, one.code, bound)).toBe('approved');
  });

  it('S1.2: codes have six digits, leading zeros included', async () => {
    flow = await createFlow();
    const codes: string[] = [];
    for (let i = 0; i < 250; i++) codes.push((await flow.begin(`person${i}@example.com`)).code);
    for (const code of codes) expect(code).toMatch(/^[0-9]{6}$/);
    // None of 250 begins with a zero once in 3e11 runs.
    expect(codes.some((code) => code.startsWith('0'))).toBe(true);
    expect(new Set(codes).size).toBeGreaterThan(240);
  });

  it('S1.3: a code lives five minutes, to the millisecond', async () => {
    flow = await createFlow(HOSTED);
    const [late, early] = [await flow.begin(MAIL), await flow.begin(MAIL)];
    flow.pass(299_999);
    expect(await flow.verdict(early, early.code)).toBe('approved');
    flow.pass(1);
    expect(await flow.verdict(late, late.code)).toBe('expired');
  });

  it('S1.4: the message goes to the address that was given, and only there', async () => {
    flow = await createFlow();
    await flow.begin('Ann.Muster@Example.com');
    expect(flow.sink.messages.map(({ to }) => to)).toEqual(['Ann.Muster@example.com']);
  });

  it('S1.5: what the person submits is checked', async () => {
    flow = await createFlow();
    const one = await flow.begin(MAIL);
    expect(await flow.verdict(one, wrongCode(one.code))).toBe('incorrect');
    expect(await flow.verdict(one, ` ${one.code.slice(0, 3)} ${one.code.slice(3)} `)).toBe('approved');
  });

  it('S1.6: used and expired codes are void, and what was kept of them is removed', async () => {
    flow = await createFlow(HOSTED);
    const [used, expired] = [await flow.begin(MAIL), await flow.begin(MAIL)];
    expect(await flow.verdict(used, used.code)).toBe('approved');
    expect(await flow.verdict(used, used.code)).toBe('closed');
    flow.pass(300_000);
    await flow.service.worker.tick();
    for (const { id } of [used, expired]) {
      const { record } = await flow.store.verifications.get(id);
      expect(record).toMatchObject({ digest: null, sealedCode: null, sealedTo: null });
    }
    flow.pass(DAY);
    expect(await flow.store.records.purge(flow.clock.now, 100)).toBe(2);
    expect((await flow.call('GET', used.path)).status).toBe(404);
  });

  it('S1.7: the answers say clearly: sent, verified, wrong, expired', async () => {
    flow = await createFlow();
    const [one, late] = [await flow.begin(MAIL), await flow.begin(MAIL)];
    const sends = await flow.call('GET', `${one.path}/sends`);
    expect([one.answer.body['status'], sends.body['data'][0].status]).toEqual(['pending', 'accepted']);
    expect((await flow.submit(one, wrongCode(one.code))).body).toMatchObject({
      result: 'incorrect',
      verification: { checks_remaining: 4 },
    });
    expect((await flow.submit(one, one.code)).body).toMatchObject({
      result: 'approved',
      verification: { status: 'approved' },
    });
    flow.pass(600_000);
    expect((await flow.submit(late, late.code)).body).toMatchObject({
      result: 'expired',
      verification: { status: 'expired' },
    });
  });

  it('S1.14: the mail names the sender and says how long the code is valid', async () => {
    flow = await createFlow(HOSTED);
    await flow.call('PATCH', `/v1/applications/${flow.application.id}`, { brand: 'Secure OTP' });
    flow.pass(1_000);
    const { message, code } = await flow.begin(MAIL);
    expect(message.subject).toContain('Secure OTP');
    expect(message.text).toContain(code);
    expect(message.text).toContain('5 minutes');
  });

  it('S1.15, S1.16: the record has address, times and attempts, the code only as a keyed digest', async () => {
    flow = await createFlow();
    const one = await flow.begin(MAIL);
    await flow.verdict(one, wrongCode(one.code));
    const { record } = await flow.store.verifications.get(one.id);
    expect(record).toMatchObject({ checks: 1, to: { masked: 'a•••@example.com' }, createdAt: flow.clock.now });
    expect(record?.digest?.reveal()).toMatch(/^[\w-]{8}\..+/);
    expect(record?.digest?.reveal()).not.toContain(one.code);
  });
});
