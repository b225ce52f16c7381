import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Answer } from '../support/world.ts';
import { wrongCode } from '../support/world.ts';
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
