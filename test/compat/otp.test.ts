import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { isApiRequest } from '../../src/http/index.ts';
import { wrongCode } from '../support/world.ts';
import { createFacades, type Facades } from './facades.ts';

const PHONE = '+14155552671';
const MAIL = 'ann@example.com';
let one: Facades;
beforeEach(async () => {
  one = await createFacades(['otp']);
});
afterEach(() => one.close());

async function sendTo(destination: string, extra: Readonly<Record<string, unknown>> = {}): Promise<string> {
  const answer = await one.send('POST', '/otp/send/', { destination, ...extra });
  expect(answer.status, answer.text).toBe(200);
  return one.deliveredCode();
}

function verify(destination: string, code: string, extra: Readonly<Record<string, unknown>> = {}) {
  return one.send('POST', '/otp/verify/', { destination, code, ...extra });
}

describe('the façade of S4 (send, verify, resend by destination)', () => {
  it.each(['', '/'])('S4.9, S4.10: sends a code and verifies it, with "%s" at the end of the path', async (slash) => {
    const sent = await one.send('POST', `/otp/send${slash}`, { destination: PHONE, channel: 'sms' });
    expect(sent.status).toBe(200);
    expect(sent.body).toMatchObject({ status: 'sent', channel: 'sms', destination: expect.stringContaining('•') });
    const code = await one.deliveredCode();
    const answer = await one.send('POST', `/otp/verify${slash}`, { destination: PHONE, code });
    expect([answer.status, answer.body['status']]).toEqual([200, 'verified']);
    const again = await one.send('POST', `/otp/verify${slash}`, { destination: PHONE, code });
    expect([again.status, again.body['code']]).toEqual([400, 'expired_or_not_sent']);
  });

  it('S4.9: e-mail is a channel, too, and what does not fit is refused', async () => {
    const code = await sendTo(MAIL, { channel: 'email' });
    expect((await verify(MAIL, code)).status).toBe(200);
    const misfit = await one.send('POST', '/otp/send', { destination: MAIL, channel: 'sms' });
    expect([misfit.status, misfit.body['code']]).toEqual([400, 'channel_unavailable']);
    for (const body of [
      {},
      { destination: '' },
      { destination: 5 },
      { destination: PHONE, channel: 'pigeon' },
      { destination: PHONE, purpose: 'No!' },
    ])
      expect((await one.send('POST', '/otp/send', body)).status).toBe(400);
    expect((await one.send('POST', '/otp/send', { destination: '12' })).status).toBe(400);
  });

  it('S4.11: resends the same code, after the wait; without an open one it makes a new one', async () => {
    const fresh = await one.send('POST', '/otp/resend/', { destination: PHONE });
    expect(fresh.status).toBe(200);
    const code = await one.deliveredCode();
    const early = await one.send('POST', '/otp/resend/', { destination: PHONE });
    expect([early.status, early.body['code']]).toEqual([429, 'too_many_sends']);
    expect(Number(early.headers.get('retry-after'))).toBe(60);
    expect(early.body['retry_after']).toBe(60);
    one.clock.now += 60_000;
    expect((await one.send('POST', '/otp/resend', { destination: PHONE })).status).toBe(200);
    expect(await one.deliveredCode()).toBe(code);
    expect(one.sink.messages).toHaveLength(2);
  });

  it('S4.29: 400 for a wrong and for an expired code, 429 once the attempts are used up', async () => {
    const code = await sendTo(PHONE);
    for (let left = 4; left >= 0; left--) {
      const answer = await verify(PHONE, wrongCode(code));
      expect([answer.status, answer.body['code'], answer.body['attempts_remaining']]).toEqual([
        400,
        'invalid_code',
        left,
      ]);
    }
    const spent = await verify(PHONE, code);
    expect(spent.status).toBe(429);
    expect(spent.body['detail']).toContain('Too many wrong codes');
    const fresh = await sendTo(PHONE);
    expect((await verify(PHONE, fresh)).status).toBe(200);
    const late = await sendTo(MAIL);
    one.clock.now += 300_000;
    expect((await verify(MAIL, late)).status).toBe(400);
  });

  it('S4.29: 429 for too many sends', async () => {
    for (let i = 0; i < 10; i++) await sendTo(PHONE);
    const answer = await one.send('POST', '/otp/send', { destination: PHONE });
    expect(answer.status).toBe(429);
    expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
  });

  it('S4.27: a code for one purpose is none for another, nor for the API', async () => {
    const reset = await sendTo(PHONE, { purpose: 'password_reset' });
    const login = await sendTo(PHONE, { purpose: 'login' });
    expect((await verify(PHONE, reset, { purpose: 'login' })).status).toBe(reset === login ? 200 : 400);
    expect((await verify(PHONE, login)).body['code']).toBe('expired_or_not_sent');
    expect((await verify(PHONE, reset, { purpose: 'password_reset' })).status).toBe(200);
    const native = await one.call('POST', '/v1/checks', { to: PHONE, code: login, purpose: 'login' });
    expect(native.status).toBe(403);
  });

  it('S4.28: a policy of the purpose `otp` holds for all purposes below it', async () => {
    await one.setPolicy('otp', { max_checks: 3, ttl_seconds: 120 });
    const code = await sendTo(PHONE, { purpose: 'login' });
    for (let i = 0; i < 3; i++) expect((await verify(PHONE, wrongCode(code), { purpose: 'login' })).status).toBe(400);
    expect((await verify(PHONE, code, { purpose: 'login' })).status).toBe(429);
  });

  it('S4.30: spellings of one number are one destination', async () => {
    const code = await sendTo('+98 912 345 6789');
    expect((await verify('+989123456789', code)).status).toBe(200);
  });

  it('leaves forms and looks under the same paths to the hosted pages', () => {
    const request = (method: string, type?: string) =>
      new Request('http://localhost/otp/verify', {
        method,
        ...(type === undefined ? {} : { headers: { 'content-type': type } }),
      });
    for (const path of ['/otp/verify', '/otp/verify/', '/otp/resend']) {
      expect(isApiRequest(path, request('POST', 'application/json'))).toBe(true);
      expect(isApiRequest(path, request('POST', 'application/json; charset=utf-8'))).toBe(true);
      expect(isApiRequest(path, request('POST', 'application/x-www-form-urlencoded'))).toBe(false);
      expect(isApiRequest(path, request('POST'))).toBe(false);
      expect(isApiRequest(path, request('GET'))).toBe(false);
    }
    expect(isApiRequest('/otp/request', request('POST', 'application/json'))).toBe(false);
    expect(isApiRequest('/otp/send', request('POST', 'application/x-www-form-urlencoded'))).toBe(true);
  });
});
