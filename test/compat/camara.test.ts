import { readFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Answer, Sink, wrongCode } from '../support/world.ts';
import { readRates } from '../../src/core/prices.ts';
import { createFacades, type Facades, NO_KEY } from './facades.ts';

const PHONE = '+14155552671';
const LANDLINE = '+493012345678';
const MESSAGE = '{{code}} is your code for Acme';
const MARK = 'b4333c46-49c0-4f62-80d7-f0ef930f1c46';
const SEND = '/camara/one-time-password-sms/v1/send-code';
const VALIDATE = '/camara/one-time-password-sms/v1/validate-code';
let one: Facades;
beforeEach(async () => {
  one = await createFacades(['camara']);
});
afterEach(() => one.close());

type Headers = Readonly<Record<string, string | null>>;

function post(path: string, body?: unknown, headers: Headers = {}): Promise<Answer> {
  return one.send('POST', path, body, { 'x-correlator': MARK, ...headers });
}

async function sendCode(phoneNumber = PHONE): Promise<{ readonly id: string; readonly code: string }> {
  const answer = await post(SEND, { phoneNumber, message: MESSAGE });
  expect(answer.status, answer.text).toBe(200);
  return { id: String(answer.body['authenticationId']), code: await one.deliveredCode() };
}

function validate(authenticationId: string, code: string): Promise<Answer> {
  return post(VALIDATE, { authenticationId, code });
}

/** Every error has this shape, and the caller's mark. */
function expectError(answer: Answer, status: number, code: string): void {
  expect([answer.status, answer.body['status'], answer.body['code']]).toEqual([status, status, code]);
  expect(answer.body['message']).toMatch(/\w+/);
  expect(answer.headers.get('x-correlator')).toBe(MARK);
  expect(answer.headers.get('content-type')).toBe('application/json');
}

describe('CAMARA one-time-password-sms: send-code', () => {
  it('01: sends a code and names the verification', async () => {
    const answer = await post(SEND, { phoneNumber: PHONE, message: MESSAGE });
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-type')).toBe('application/json');
    expect(answer.headers.get('x-correlator')).toBe(MARK);
    expect(Object.keys(answer.body)).toEqual(['authenticationId']);
    expect(String(answer.body['authenticationId']).length).toBeLessThanOrEqual(36);
  });

  it('02: works without x-correlator, and sends none back that could not be one', async () => {
    const body = { phoneNumber: PHONE, message: MESSAGE };
    for (const mark of [null, 'a b', 'x'.repeat(300)]) {
      const answer = await post(SEND, body, { 'x-correlator': mark });
      expect([answer.status, answer.headers.get('x-correlator')]).toEqual([200, null]);
    }
  });

  it.each([
    ['400.1 no body', undefined],
    ['400.2 an empty object', {}],
    ['400.4 a wrong number', { phoneNumber: '3301', message: MESSAGE }],
    ['400.5 no message', { phoneNumber: PHONE }],
    ['400.6 a message without {{code}}', { phoneNumber: PHONE, message: 'message without code' }],
    ['400.7 a message that is too long', { phoneNumber: PHONE, message: `{{code}}${'x'.repeat(160)}` }],
    ['a field that is not known', { phoneNumber: PHONE, message: MESSAGE, extra: 1 }],
    ['another type', { phoneNumber: 14155552671, message: MESSAGE }],
  ])('%s is refused', async (_name, body) => {
    expectError(await post(SEND, body), 400, 'INVALID_ARGUMENT');
  });

  it.each([
    ['401.1 no token', NO_KEY],
    ['401.3 a token that is none', { authorization: 'Bearer ww_live_nothing' }],
    ['401.3 another scheme', { authorization: 'Basic abc' }],
  ])('%s', async (_name, headers) => {
    for (const path of [SEND, VALIDATE])
      expectError(await post(path, { phoneNumber: PHONE, message: MESSAGE }, headers), 401, 'UNAUTHENTICATED');
  });

  it('401.2 an expired token', async () => {
    const made = await one.service.keys.create(one.application, {
      mode: 'live',
      scopes: ['send', 'check'],
      expires_at: one.clock.now + 1_000,
    });
    one.clock.now += 2_000;
    const authorization = `Bearer ${made.ok ? String(made.value.key) : ''}`;
    for (const path of [SEND, VALIDATE]) expectError(await post(path, {}, { authorization }), 401, 'UNAUTHENTICATED');
  });

  it('403: a token without the scope', async () => {
    const authorization = `Bearer ${await one.newKey(one.application, 'live', ['read'])}`;
    expectError(await post(SEND, {}, { authorization }), 403, 'PERMISSION_DENIED');
  });

  it('03: too many codes for one number', async () => {
    for (let i = 0; i < 10; i++) await sendCode();
    const answer = await post(SEND, { phoneNumber: PHONE, message: MESSAGE });
    expectError(answer, 403, 'ONE_TIME_PASSWORD_SMS.MAX_OTP_CODES_EXCEEDED');
  });

  it('04: a number that cannot get SMS', async () => {
    await one.call('PATCH', `/v1/applications/${one.application.id}`, { countries: ['DE'] });
    one.clock.now += 1_000;
    const answer = await post(SEND, { phoneNumber: PHONE, message: MESSAGE });
    expectError(answer, 403, 'ONE_TIME_PASSWORD_SMS.PHONE_NUMBER_NOT_ALLOWED');
  });

  it('05: a landline', async () => {
    const answer = await post(SEND, { phoneNumber: LANDLINE, message: MESSAGE });
    expectError(answer, 403, 'ONE_TIME_PASSWORD_SMS.PHONE_NUMBER_NOT_ALLOWED');
  });

  it('06: a number that wants no SMS', async () => {
    await one.call('POST', '/v1/lists/suppressions', { to: PHONE });
    const answer = await post(SEND, { phoneNumber: PHONE, message: MESSAGE });
    expectError(answer, 403, 'ONE_TIME_PASSWORD_SMS.PHONE_NUMBER_BLOCKED');
  });

  it('404.1: a number that is not of the directory', async () => {
    await one.setPolicy('one_time_password_sms', { recipients: 'directory' });
    expectError(await post(SEND, { phoneNumber: PHONE, message: MESSAGE }), 404, 'NOT_FOUND');
  });

  it('429: a rate that is used up, with the time to wait', async () => {
    await one.call('PATCH', `/v1/applications/${one.application.id}`, { limits: { key_starts: { max: 1 } } });
    one.clock.now += 1_000;
    await sendCode();
    const answer = await post(SEND, { phoneNumber: '+14155552672', message: MESSAGE });
    expectError(answer, 429, 'QUOTA_EXCEEDED');
    expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
  });
});

describe('CAMARA one-time-password-sms: validate-code', () => {
  it.each([MARK, null])('01, 02: the code of the SMS is accepted (x-correlator %s)', async (mark) => {
    const { id, code } = await sendCode();
    const answer = await post(VALIDATE, { authenticationId: id, code }, { 'x-correlator': mark });
    expect([answer.status, answer.text, answer.headers.get('x-correlator')]).toEqual([204, '', mark]);
  });

  it.each([
    ['400.1 no body', undefined],
    ['400.2 an empty object', {}],
    ['400.3 no authenticationId', { code: '123456' }],
    ['400.3 no code', { authenticationId: 'vrf_01JB0M9S6V4T2K8R5XQZ3N7WYAHCDE' }],
    ['400.4 a code that is too long', { authenticationId: 'vrf_1', code: 'thisCodeExceedsTenCharacters' }],
    ['a field that is not known', { authenticationId: 'vrf_1', code: '123456', extra: 1 }],
  ])('%s is refused', async (_name, body) => {
    expectError(await post(VALIDATE, body), 400, 'INVALID_ARGUMENT');
  });

  it('400.5: a wrong code', async () => {
    const { id, code } = await sendCode();
    expectError(await validate(id, wrongCode(code)), 400, 'ONE_TIME_PASSWORD_SMS.INVALID_OTP');
    expectError(await validate(id, 'AJY3'), 400, 'ONE_TIME_PASSWORD_SMS.INVALID_OTP');
    expect((await validate(id, code)).status).toBe(204);
  });

  it('400.6: after the time', async () => {
    const { id, code } = await sendCode();
    one.clock.now += 600_000;
    expectError(await validate(id, code), 400, 'ONE_TIME_PASSWORD_SMS.VERIFICATION_EXPIRED');
  });

  it('400.7: the code of an earlier send-code for the same number', async () => {
    const first = await sendCode();
    const second = await sendCode();
    expectError(await validate(first.id, first.code), 400, 'ONE_TIME_PASSWORD_SMS.VERIFICATION_EXPIRED');
    expect((await validate(second.id, second.code)).status).toBe(204);
  });

  it('400.8: a code that was used', async () => {
    const { id, code } = await sendCode();
    expect((await validate(id, code)).status).toBe(204);
    expectError(await validate(id, code), 400, 'ONE_TIME_PASSWORD_SMS.VERIFICATION_EXPIRED');
  });

  it('400.9: the last allowed wrong code, and everything after it', async () => {
    const { id, code } = await sendCode();
    for (let i = 0; i < 4; i++) await validate(id, wrongCode(code));
    expectError(await validate(id, wrongCode(code)), 400, 'ONE_TIME_PASSWORD_SMS.VERIFICATION_FAILED');
    expectError(await validate(id, code), 400, 'ONE_TIME_PASSWORD_SMS.VERIFICATION_FAILED');
  });

  it('404: an authenticationId that is not known, or is of something else', async () => {
    const native = await one.startAndRead(PHONE);
    for (const id of ['ea0840f3-3663-4149-bd10-c7c6b8912105', 'vrf_01JB0M9S6V4T2K8R5XQZ3N7WYAHCDE', native.id])
      expectError(await validate(id, native.code), 404, 'NOT_FOUND');
  });

  it('answers other methods, types and paths in the same shape', async () => {
    const asked = await one.send('GET', SEND, undefined, { 'x-correlator': MARK });
    expectError(asked, 405, 'METHOD_NOT_ALLOWED');
    expectError(await post(`${SEND}/`, {}), 404, 'NOT_FOUND');
    expectError(await post(SEND, 'a=b'), 415, 'UNSUPPORTED_MEDIA_TYPE');
    expectError(await post(SEND, '{', { 'content-type': 'application/json' }), 400, 'INVALID_ARGUMENT');
  });
});

describe('the message of the caller', () => {
  const textTo = async (message: string, phoneNumber = PHONE): Promise<string> => {
    const answer = await post(SEND, { phoneNumber, message });
    expect(answer.status, answer.text).toBe(200);
    const code = await one.deliveredCode();
    return one.sink.last().text.replace(code, 'CODE');
  };

  it('goes out as it is, with the code in its place', async () => {
    expect(await textTo(MESSAGE)).toBe('CODE is your code for Acme');
    expect(await textTo('Ваш код Acme: {{code}}\nНікому не кажіть.', '+380501234567')).toBe(
      'Ваш код Acme: CODE\nНікому не кажіть.',
    );
  });

  it('is used before templates, and by another message of the same verification', async () => {
    await one.call('PUT', '/v1/templates', { channel: 'sms', text: '{code} in the words of the application.' });
    one.clock.now += 1_000;
    const { id } = await sendCode();
    one.clock.now += 60_000;
    expect((await one.call('POST', `/v1/verifications/${id}/sends`)).status).toBe(202);
    const code = await one.deliveredCode();
    expect(one.sink.messages.map(({ text }) => text)).toEqual(
      [MESSAGE, MESSAGE].map((text) => text.replace('{{code}}', code)),
    );
    one.clock.now += 60_000;
    await one.call('POST', `/v1/verifications/${id}/sends`, { channel: 'voice' });
    await one.deliveredCode();
    expect(one.sink.last().text).toContain('Your Watchword code is');
  });

  it('is sealed at rest, and gone when the verification is over', async () => {
    const { id, code } = await sendCode();
    const stored = async () => (await one.store.verifications.get(id)).record;
    expect((await stored())?.sealedText?.reveal()).toMatch(/^[\w-]+\.[\w-]+$/);
    expect(readFileSync(one.path).includes('is your code for Acme')).toBe(false);
    expect((await validate(id, code)).status).toBe(204);
    expect(await stored()).toMatchObject({ status: 'approved', sealedText: null });
  });

  it('takes what ordinary people write, up to 160 characters', async () => {
    expect(await textTo('Acme Co., Ltd.: {{code}}. Gültig bis 10:30 – 5.50 EUR')).toContain('CODE');
    expect(await textTo(`{{code}} ${'x'.repeat(151)}`)).toHaveLength('CODE '.length + 151);
  });

  it.each([
    ['A20: a link', '{{code}} https://evil.example/x', /of which|make a link/],
    ['A20: a link without a scheme', '{{code}} evil.tk/x', /make a link/],
    ['A20: an element', '{{code}} <a href="https://evil.example">x</a>', /make a link/],
    ['A20: a turned direction', '{{code}} \u202egnp.exe', /turns the direction/],
    ['A20: a control character', '{{code}}\u0000', /control character/],
    ['A21: template logic', "{{code}} {{constructor.constructor('x')()}}", /no braces/],
    ['A21: an expression', '{{code}} ${7*7}', /no braces/],
    ['A21: a property walk', '{{code}} {{__proto__}}', /no braces/],
    ['A21: a placeholder of ours', '{{code}} {brand}', /no braces/],
    ['A21: a third brace', '{{{code}}}', /no braces/],
    ['A21: a code made of pieces', '{{co{{code}}de}}', /no braces/],
    ['the code twice', '{{code}} {{code}}', /\{\{code\}\} once/],
  ])('is refused with 400 and why: %s', async (_name, message, why) => {
    const answer = await post(SEND, { phoneNumber: PHONE, message });
    expectError(answer, 400, 'INVALID_ARGUMENT');
    expect(answer.body['message']).toMatch(/^`message` /);
    expect(answer.body['message']).toMatch(why);
    expect(answer.body['message']).not.toContain('allow_links');
    expect(await one.service.worker.tick()).toBe(0);
  });

  it('is judged anew when what it depends on changes, however often it was judged before', async () => {
    // Three parts of UCS-2; a line for the site below it makes five.
    const message = `Ї {{code}} ${'x'.repeat(140)}`;
    const ask = async () => (await post(SEND, { phoneNumber: PHONE, message })).status;
    expect([await ask(), await ask()]).toEqual([200, 200]);
    const domain = `${'a'.repeat(60)}.${'b'.repeat(60)}.example`;
    await one.setPolicy('one_time_password_sms', { sms_domain: domain });
    expect([await ask(), await ask()]).toEqual([400, 400]);
    await one.setPolicy('one_time_password_sms', {});
    expect(await ask()).toBe(200);
  });

  it('does not go through a provider that sends words of its own', async () => {
    await one.close();
    const fixed = Object.assign(new Sink('fixed'), { onlyCode: true as const });
    one = await createFacades(['camara'], { providers: { sms: [fixed] } });
    expectError(
      await post(SEND, { phoneNumber: PHONE, message: MESSAGE }),
      403,
      'ONE_TIME_PASSWORD_SMS.PHONE_NUMBER_NOT_ALLOWED',
    );
    await one.close();
    const free = new Sink('free');
    one = await createFacades(['camara'], { providers: { sms: [fixed, free] } });
    await post(SEND, { phoneNumber: PHONE, message: MESSAGE });
    await one.service.worker.tick();
    expect([fixed.messages.length, free.messages.length]).toEqual([0, 1]);
  });

  it('is never reused for other words, and is what the budget counts', async () => {
    await one.close();
    const sink = Object.assign(new Sink('priced'), { prices: { currency: 'USD', rates: readRates('*:0.4') ?? [] } });
    one = await createFacades(['camara'], { providers: { sms: [sink] }, limits: { money_day: { max: 1 } } });
    await one.setPolicy('one_time_password_sms', { on_open: 'reuse' });
    await post(SEND, { phoneNumber: PHONE, message: MESSAGE });
    // Three parts of UCS-2 would be over the budget that one part of our own words is not.
    const long = await post(SEND, { phoneNumber: PHONE, message: `Ї {{code}} ${'x'.repeat(140)}` });
    expectError(long, 429, 'QUOTA_EXCEEDED');
    expect((await post(SEND, { phoneNumber: PHONE, message: 'Acme: {{code}}' })).status).toBe(200);
    await one.service.worker.tick();
    expect(sink.messages.map(({ text, code }) => text.replace(code.reveal(), 'CODE'))).toEqual(['Acme: CODE']);
  });
});
