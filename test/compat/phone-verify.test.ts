import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readSettings } from '../../src/config/index.ts';
import { wrongCode } from '../support/world.ts';
import { createFacades, type Facades } from './facades.ts';

const PHONE = '+14155552671';
const OTHER = '+14155552672';
const FORM = 'application/x-www-form-urlencoded';
let one: Facades;
beforeEach(async () => {
  one = await createFacades(['phone-verify']);
});
afterEach(() => one.close());

interface Registered {
  readonly token: string;
  readonly code: string;
}

async function register(phone = PHONE, headers: Readonly<Record<string, string>> = {}): Promise<Registered> {
  const answer = await one.send('POST', '/api/phone/register', { phone_number: phone }, headers);
  expect(answer.status).toBe(200);
  return { token: String(answer.body['session_token']), code: await one.deliveredCode() };
}

function verify(code: string, token: string, phone = PHONE) {
  return one.send('POST', '/api/phone/verify', { phone_number: phone, security_code: code, session_token: token });
}

/** What the settings of django-phone-verify make of the application. */
function managedBlock() {
  const block = {
    BACKEND: 'phone_verify.backends.twilio.TwilioBackend',
    OPTIONS: { SID: 'AC0', SECRET: 'secret', FROM: '+14755292729' },
    TOKEN_LENGTH: 6,
    MESSAGE: 'Welcome to {app}! Please use security code {security_code} to proceed.',
    APP_NAME: 'Phone Verify',
    SECURITY_CODE_EXPIRATION_SECONDS: 3_600,
    VERIFY_SECURITY_CODE_ONLY_ONCE: false,
  };
  const read = readSettings({ WATCHWORD_CONFIG: 'w.json' }, () => JSON.stringify({ phone_verification: block }));
  if (!read.ok) throw new Error(JSON.stringify(read.problems));
  return { managed: read.settings.config.applications };
}

const INVALID = { non_field_errors: ['Security code is not valid'] };
const VALID = { message: 'Security code is valid.' };

describe('the conformance list of django-phone-verify (HTTP cases)', () => {
  it('C1: registering by form sends one message and answers a token of a record', async () => {
    const answer = await one.send('POST', '/api/phone/register', `phone_number=${encodeURIComponent(PHONE)}`);
    expect(answer.status).toBe(200);
    expect(Object.keys(answer.body)).toEqual(['session_token']);
    await one.deliveredCode();
    expect(one.sink.messages).toHaveLength(1);
    expect(one.sink.last().to).toBe(PHONE);
    const { data } = (await one.call('GET', `/v1/verifications?to=${encodeURIComponent(PHONE)}`)).body;
    expect(data).toHaveLength(1);
    expect(data[0].purpose).toBe('phone_verification');
  });

  it('C1: a multipart form does, too', async () => {
    const form = new FormData();
    form.set('phone_number', PHONE);
    const response = await one.api.request('/api/phone/register', {
      method: 'POST',
      headers: { authorization: `Bearer ${one.keys.live}` },
      body: form,
    });
    expect(response.status).toBe(200);
  });

  it('C2: the right number, code and token are valid', async () => {
    const { token, code } = await register();
    const answer = await verify(code, token);
    expect(answer.status).toBe(200);
    expect(answer.body).toEqual(VALID);
  });

  it('C3: missing fields are named', async () => {
    const required = ['This field is required.'];
    const onlyPhone = await one.send('POST', '/api/phone/verify', { phone_number: PHONE });
    expect(onlyPhone.status).toBe(400);
    expect(onlyPhone.body).toEqual({ security_code: required, session_token: required });
    const onlyCode = await one.send('POST', '/api/phone/verify', { security_code: '123456' });
    expect(onlyCode.body).toEqual({ phone_number: required, session_token: required });
  });

  it.each([
    ['another registration', async () => (await register(OTHER)).token],
    ['nobody', async () => 'no.token.here'],
  ])('C4: with the token of %s the right code is not valid', async (_whose, tokenOf) => {
    const { code } = await register();
    const answer = await verify(code, await tokenOf());
    expect(answer.status).toBe(400);
    expect(answer.body).toEqual(INVALID);
  });

  it('C4: an altered token is not valid, whatever part is altered', async () => {
    const { token, code } = await register();
    const parts = token.split('.');
    for (const at of [0, 1, 2]) {
      const bad = parts.map((part, i) =>
        i === at ? `${part.slice(0, -2)}${part.endsWith('AA') ? 'BB' : 'AA'}` : part,
      );
      expect((await verify(code, bad.join('.'))).body).toEqual(INVALID);
    }
    expect((await verify(code, token)).status).toBe(200);
  });

  it('C5: a wrong code is not valid', async () => {
    const { token, code } = await register();
    const answer = await verify(wrongCode(code), token);
    expect(answer.status).toBe(400);
    expect(answer.body).toEqual(INVALID);
    expect((await verify(`${code}0`, token)).body).toEqual(INVALID);
  });

  it('C6: another number is not valid, and costs the owner no attempt', async () => {
    const { token, code } = await register();
    for (let i = 0; i < 9; i++) expect((await verify(code, token, OTHER)).body).toEqual(INVALID);
    expect((await verify(code, token)).status).toBe(200);
  });

  it.each([1, 86_400_000, 3 * 86_400_000 - 60_000])('C7: a code is expired %i ms after its end', async (late) => {
    await one.setPolicy('phone_verification', { ttl_seconds: 30, retention_days: 30 });
    const { token, code } = await register();
    one.clock.now += 30_000 + late;
    const answer = await verify(code, token);
    expect(answer.status).toBe(400);
    // D3.1: no unit of time wraps round. A day after the code the token itself has ended.
    const text = late < 86_400_000 ? 'Security code has expired' : 'Security code is not valid';
    expect(answer.body).toEqual({ non_field_errors: [text] });
  });

  it('C7: the fixed code of the sandbox (test keys) is good until its end', async () => {
    await one.call('PATCH', `/v1/applications/${one.application.id}`, { test_code: '424242' });
    one.clock.now += 1_000;
    const asTest = { authorization: `Bearer ${one.keys.test}` };
    const { body } = await one.send('POST', '/api/phone/register', { phone_number: PHONE }, asTest);
    const fields = { phone_number: PHONE, security_code: '424242', session_token: body['session_token'] };
    expect((await one.send('POST', '/api/phone/verify', { ...fields, security_code: '424243' }, asTest)).status).toBe(
      400,
    );
    expect((await one.send('POST', '/api/phone/verify', fields, asTest)).body).toEqual(VALID);
    expect(one.sink.messages).toHaveLength(0);
  });

  it('C9: a verified code is valid again by default, and refused where it is good once', async () => {
    const many = await register();
    expect((await verify(many.code, many.token)).status).toBe(200);
    expect((await verify(many.code, many.token)).body).toEqual(VALID);
    await one.setPolicy('phone_verification', { reuse: 'never' });
    const once = await register(OTHER);
    expect((await verify(once.code, once.token, OTHER)).status).toBe(200);
    const again = await verify(once.code, once.token, OTHER);
    expect(again.status).toBe(400);
    expect(again.body).toEqual({ non_field_errors: ['Security code is already verified'] });
  });

  it('C10: the first language of Accept-Language is that of the message', async () => {
    await register(PHONE, { 'accept-language': 'zh-hant, en;q=0.8' });
    const { text, code, locale } = one.sink.last();
    expect(locale).toBe('zh-Hant');
    expect(text).toContain('Watchword');
    expect(text).toContain(code.reveal());
    for (const header of ['*', 'x'.repeat(500), 'de,en', ''])
      await one.send('POST', '/api/phone/register', { phone_number: OTHER }, { 'accept-language': header });
  });

  it('C11: one message goes to the number, from the brand, with the code; the sandbox verifies with an exact body', async () => {
    const { token, code } = await register();
    expect(one.sink.messages).toHaveLength(1);
    expect(one.sink.last().text).toContain(code);
    expect((await verify(code, token)).text).toBe('{"message":"Security code is valid."}');
  });

  it('C11: with the MESSAGE of the settings block the provider gets its very sentence', async () => {
    const { managed } = managedBlock();
    await one.close();
    one = await createFacades([], { managed });
    await register(PHONE, { 'accept-language': 'en' });
    const { to, text, code } = one.sink.last();
    expect([to, text]).toEqual([
      PHONE,
      `Welcome to Phone Verify! Please use security code ${code.reveal()} to proceed.`,
    ]);
    // C10: another language has its own words.
    await register(OTHER, { 'accept-language': 'de' });
    expect(one.sink.last().text).not.toContain('Please');
  });

  it('C12: without a provider there is no silent 200', async () => {
    await one.close();
    one = await createFacades(['phone-verify'], { providers: {} });
    const answer = await one.send('POST', '/api/phone/register', { phone_number: PHONE });
    expect(answer.status).toBe(400);
    expect(answer.body['non_field_errors'][0]).toContain('No provider is configured');
  });

  it('C13: after the last allowed wrong code the right one is refused, too', async () => {
    await one.setPolicy('phone_verification', { max_checks: 3 });
    const { token, code } = await register();
    for (let i = 0; i < 3; i++) expect((await verify(wrongCode(code), token)).status).toBe(400);
    const answer = await verify(code, token);
    expect(answer.status).toBe(400);
    expect(answer.body['non_field_errors'][0]).toContain('Too many failed verification attempts');
  });

  it('C14: two wrong codes do not stand in the way of the right one (the count is kept: see the deviations)', async () => {
    const { token, code } = await register();
    for (let i = 0; i < 2; i++) await verify(wrongCode(code), token);
    expect((await verify(code, token)).status).toBe(200);
    const { data } = (await one.call('GET', '/v1/verifications')).body;
    expect(data[0]).toMatchObject({ status: 'approved', checks: 3 });
  });

  it('C20: nothing printable of a verification holds its code', async () => {
    const { code } = await register();
    const { data } = (await one.call('GET', '/v1/verifications')).body;
    const { id } = data[0];
    const seen = [data, (await one.call('GET', `/v1/verifications/${id}/events`)).body, one.logs];
    expect(JSON.stringify(seen)).not.toContain(code);
  });

  it('C21: a code runs out at its end, not before', async () => {
    await one.setPolicy('phone_verification', { ttl_seconds: 300 });
    const early = await register();
    one.clock.now += 200_000;
    expect((await verify(early.code, early.token)).status).toBe(200);
    const late = await register(OTHER);
    one.clock.now += 301_000;
    expect((await verify(late.code, late.token, OTHER)).body['non_field_errors']).toEqual([
      'Security code has expired',
    ]);
  });

  it('C23: the service sends through the provider, in the brand of the application', async () => {
    await one.call('PATCH', `/v1/applications/${one.application.id}`, { brand: 'Phone Verify' });
    one.clock.now += 1_000;
    await register();
    expect(one.sink.last().text).toContain('Phone Verify');
  });

  it('C24: a provider error is logged without the number, and the caller has a token all the same', async () => {
    one.sink.answer = () => ({ type: 'failure', kind: 'rejected', retry: 'final', detail: 'no route' });
    const answer = await one.send('POST', '/api/phone/register', { phone_number: PHONE });
    expect(answer.status).toBe(200);
    expect(answer.body['session_token']).toBeTruthy();
    await one.service.worker.tick();
    const refused = one.logs.filter(({ event }) => event === 'send.refused');
    expect(refused).toHaveLength(1);
    expect(JSON.stringify(one.logs)).not.toContain('4155552671');
  });

  it('C26: valid and invalid are told apart by status', async () => {
    const { token, code } = await register();
    expect((await verify(wrongCode(code), token)).status).toBe(400);
    expect((await verify(code, token)).status).toBe(200);
  });
});

describe('the wire of django-phone-verify', () => {
  it('names a missing number, and refuses what is no number in E.164', async () => {
    const empty = await one.send('POST', '/api/phone/register', {});
    expect(empty.status).toBe(400);
    expect(empty.body).toEqual({ phone_number: ['This field is required.'] });
    for (const phone_number of ['12', '4155552671', 'a@b.example', '+1415555267100000', '+14155552671 ext 5']) {
      const answer = await one.send('POST', '/api/phone/register', { phone_number });
      expect([answer.status, answer.body]).toEqual([400, { phone_number: ['Enter a valid phone number.'] }]);
    }
  });

  it.each([
    [null, 'This field may not be null.'],
    ['', 'This field may not be blank.'],
    [true, 'Not a valid string.'],
    [{ a: 1 }, 'Not a valid string.'],
  ])('says of the number %j what is wrong with it', async (phone_number, text) => {
    const answer = await one.send('POST', '/api/phone/register', { phone_number });
    expect([answer.status, answer.body]).toEqual([400, { phone_number: [text] }]);
  });

  it('answers 405, 404, 415 and broken JSON as the REST framework does', async () => {
    const get = await one.send('GET', '/api/phone/register');
    expect([get.status, get.body]).toEqual([405, { detail: 'Method "GET" not allowed.' }]);
    expect(get.headers.get('allow')).toBe('POST');
    expect((await one.send('POST', '/api/phone/register/', { phone_number: PHONE })).status).toBe(404);
    const broken = await one.send('POST', '/api/phone/register', '{"phone_number"', {
      'content-type': 'application/json',
    });
    expect(broken.status).toBe(400);
    expect(broken.body['detail']).toMatch(/^JSON parse error - /);
    const list = await one.send('POST', '/api/phone/register', [PHONE]);
    expect(list.body['non_field_errors'][0]).toContain('Expected a dictionary');
    const plain = await one.send('POST', '/api/phone/register', PHONE, { 'content-type': 'text/plain' });
    expect(plain.status).toBe(415);
    expect(plain.body).toEqual({ detail: 'Unsupported media type "text/plain" in request.' });
    expect((await one.send('POST', '/api/phone/register', 'x'.repeat(20_000), { 'content-type': FORM })).status).toBe(
      413,
    );
    const twice = await one.send('POST', '/api/phone/register', 'phone_number=1&phone_number=2');
    expect(twice.status).toBe(400);
  });

  it('takes the field names of before 1.0', async () => {
    const { token, code } = await register();
    const old = { phone_number: PHONE, otp: code, session_code: token };
    expect((await one.send('POST', '/api/phone/verify', old)).body).toEqual(VALID);
  });

  it('kills the old token when a number is registered again', async () => {
    const first = await register();
    const second = await register();
    expect(second.token).not.toBe(first.token);
    expect((await verify(first.code, first.token)).body).toEqual(INVALID);
    expect((await verify(second.code, second.token)).body).toEqual(VALID);
  });

  it('signs a token that holds neither the code nor the number, and that ends', async () => {
    const { token, code } = await register();
    const [header = '', payload = ''] = token.split('.');
    const claims = JSON.parse(Buffer.from(payload, 'base64url').toString());
    expect(JSON.parse(Buffer.from(header, 'base64url').toString())).toMatchObject({ alg: 'HS256', typ: 'JWT' });
    expect(Object.keys(claims).toSorted()).toEqual(['aud', 'exp', 'nonce', 'sub']);
    expect(JSON.stringify(claims)).not.toContain(code);
    expect(JSON.stringify(claims)).not.toContain('4155552671');
    expect(claims.exp).toBeGreaterThan(one.clock.now / 1000);
  });

  it('throttles with 429 and the time to wait', async () => {
    for (let i = 0; i < 10; i++) await register();
    const answer = await one.send('POST', '/api/phone/register', { phone_number: PHONE });
    expect(answer.status).toBe(429);
    expect(answer.body['detail']).toMatch(/^Request was throttled\. Expected available in \d+ seconds\.$/);
    expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
  });

  const SILENCED = {
    'wants no messages': () => one.call('POST', '/v1/lists/suppressions', { to: PHONE }),
    'nobody in the directory has': () =>
      one.setPolicy('phone_verification', { preset: 'phone-api', recipients: 'directory' }),
  } as const;

  it.each(Object.entries(SILENCED))(
    'tells a number that %s by nothing but silence, to the last guess',
    async (_who, silence) => {
      const seen = await one.send('POST', '/api/phone/register', { phone_number: OTHER });
      await one.service.worker.tick();
      const told = await guesses(OTHER, String(seen.body['session_token']));
      expect(told.at(-1)).toContain('Too many failed verification attempts');
      await silence();
      one.clock.now += 1_000;
      const messages = one.sink.messages.length;
      const hidden = await one.send('POST', '/api/phone/register', { phone_number: PHONE });
      expect([hidden.status, Object.keys(hidden.body)]).toEqual([200, Object.keys(seen.body)]);
      await one.service.worker.tick();
      expect(one.sink.messages).toHaveLength(messages);
      expect(await guesses(PHONE, String(hidden.body['session_token']))).toEqual(told);
    },
  );

  /** What six wrong codes are told. */
  async function guesses(phone: string, token: string): Promise<readonly string[]> {
    const texts: string[] = [];
    // Fits neither code but by a chance of one in a million.
    for (let i = 0; i < 6; i++) texts.push((await verify('000000', token, phone)).text);
    return texts;
  }

  it('does not evaluate more codes than allowed, whatever the parallelism', async () => {
    const { token, code } = await register();
    const wrong = Array.from({ length: 40 }, () => verify(wrongCode(code), token));
    const texts = (await Promise.all(wrong)).map(({ body }) => body['non_field_errors'][0]);
    expect(texts.filter((text) => text === 'Security code is not valid')).toHaveLength(5);
    const { data } = (await one.call('GET', '/v1/verifications')).body;
    expect(data[0]).toMatchObject({ status: 'failed', checks: 5 });
  });
});
