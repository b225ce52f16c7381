import { describe, expect, it } from 'vitest';
import type { ReportReading } from '../../../src/ports/channel.ts';
import { posted, readReport } from '../support/reports.ts';

const SID = `AC${'0123456789abcdef'.repeat(2)}`;
const TOKEN = 'auth-token-of-the-account';
const URL_ = 'https://otp.acme.example/callbacks/twilio';
const MESSAGE = 'SM0123456789abcdef0123456789abcdef';
const FORM = {
  MessageSid: MESSAGE,
  MessageStatus: 'undelivered',
  ErrorCode: '30005',
  AccountSid: SID,
  To: '+14155552671',
  From: '+14155292729',
  ApiVersion: '2010-04-01',
  SmsSid: MESSAGE,
  SmsStatus: 'undelivered',
};
/** Computed with the official library (6.2.0) for {@link FORM}. */
const SIGNATURE = '/IZwRbzR3Y9sGXHAGfj8+DdHMS4=';
const SIGNATURE_WITH_PORT = 'B0t2fS2ggiAVgcDXo3/n2GGFcFU=';

const form = (fields: Readonly<Record<string, string>>): string => new URLSearchParams(fields).toString();
const read = (body: string, signature: string | null, url = URL_, type = 'application/x-www-form-urlencoded') =>
  readReport(
    `twilio://${SID}:${TOKEN}@default?from=ACME`,
    posted(body, { 'content-type': type, ...(signature === null ? {} : { 'x-twilio-signature': signature }) }, url),
    'sms',
  );
/** Signs like Twilio, for contents whose signature is not the point. */
async function readSigned(fields: Readonly<Record<string, string>>): Promise<ReportReading> {
  const { createHmac } = await import('node:crypto');
  const content = Object.keys(fields)
    .toSorted()
    .map((name) => name + (fields[name] ?? ''))
    .join('');
  return await read(
    form(fields),
    createHmac('sha1', TOKEN)
      .update(URL_ + content)
      .digest('base64'),
  );
}

const REFUSED = { type: 'refused', reason: 'the signature is not right' };
const UNDELIVERED = {
  messageId: MESSAGE,
  status: 'undelivered',
  at: null,
  error: 'Twilio: 30005',
  segments: null,
  price: null,
  suppress: null,
};

describe('a status callback of Twilio', () => {
  it('is believed when its signature is that of the official library, with or without the port', async () => {
    const report = { type: 'reports', reports: [UNDELIVERED] };
    expect(await read(form(FORM), SIGNATURE)).toEqual(report);
    expect(await read(form(FORM), SIGNATURE_WITH_PORT)).toEqual(report);
    expect(await read(form(FORM), SIGNATURE, 'https://otp.acme.example:443/callbacks/twilio')).toEqual(report);
  });

  it('is refused when anything signed was changed', async () => {
    expect(await read(form({ ...FORM, MessageStatus: 'delivered' }), SIGNATURE)).toEqual(REFUSED);
    expect(await read(form({ ...FORM, MessageSid: 'SM2' }), SIGNATURE)).toEqual(REFUSED);
    expect(await read(form({ ...FORM, Extra: '1' }), SIGNATURE)).toEqual(REFUSED);
    expect(await read(form(FORM), SIGNATURE, 'https://otp.acme.example/callbacks/other')).toEqual(REFUSED);
    expect(await read(form(FORM), SIGNATURE, 'http://otp.acme.example/callbacks/twilio')).toEqual(REFUSED);
    expect(await read(form(FORM), SIGNATURE.replace('I', 'J'))).toEqual(REFUSED);
    expect(await read(form(FORM), '')).toEqual(REFUSED);
    expect(await read(form(FORM), null)).toEqual(REFUSED);
  });

  it('counts a repeated field once, in order', async () => {
    const body = 'X=b&MessageStatus=sent&X=a&MessageSid=SM1&X=b';
    expect(await read(body, 'xWKyxa6zQblG44GeP30oGlZKZKg=')).toMatchObject({
      reports: [{ messageId: 'SM1', status: 'sent' }],
    });
  });

  it('may be JSON, with the hash of the body in the address', async () => {
    const body = '{"MessageSid":"SM1","MessageStatus":"delivered"}';
    const url = `${URL_}?bodySHA256=ce8c3c8da52a17f7dd3e526b3b67d41402b438513f6b2faf55189573f2873f02`;
    const signature = 'dI944hEk0tXW23Y0+e4UDAP+i6Q=';
    const json = 'application/json';
    expect(await read(body, signature, url, json)).toMatchObject({
      reports: [{ messageId: 'SM1', status: 'delivered', error: null }],
    });
    expect(await read(body.replace('SM1', 'SM2'), signature, url, json)).toEqual(REFUSED);
    expect(await read(body, signature, URL_, json)).toEqual(REFUSED);
    expect(await read(form(FORM), signature, url)).toEqual(REFUSED);
  });

  it('that is signed but no content one can read is refused, not thrown', async () => {
    const { createHash, createHmac } = await import('node:crypto');
    const url = `${URL_}?bodySHA256=${createHash('sha256').update('{]').digest('hex')}`;
    const signature = createHmac('sha1', TOKEN).update(url).digest('base64');
    expect(await read('{]', signature, url, 'application/json')).toMatchObject({ type: 'refused' });
  });

  it.each([
    ['sent', 'sent'],
    ['delivered', 'delivered'],
    ['read', 'delivered'],
    ['undelivered', 'undelivered'],
    ['failed', 'failed'],
    ['canceled', 'failed'],
  ])('of a message that is %s says %s', async (MessageStatus, status) => {
    expect(await readSigned({ MessageSid: 'SM1', MessageStatus })).toMatchObject({ reports: [{ status }] });
  });

  it.each([
    ['in-progress', 'sent', null],
    ['completed', 'delivered', null],
    ['busy', 'undelivered', 'Twilio: busy'],
    ['no-answer', 'undelivered', 'Twilio: no-answer'],
    ['failed', 'failed', 'Twilio: failed'],
  ])('of a call that is %s says %s', async (CallStatus, status, error) => {
    const fields = { CallSid: 'CA1', CallStatus, Timestamp: 'Thu, 15 Jan 2026 10:30:00 +0000' };
    expect(await readSigned(fields)).toMatchObject({
      reports: [{ messageId: 'CA1', status, error, at: Date.UTC(2026, 0, 15, 10, 30) }],
    });
  });

  it('of a status nobody knows, or of no message, tells nothing', async () => {
    expect(await readSigned({ MessageSid: 'SM1', MessageStatus: 'queued' })).toEqual({ type: 'reports', reports: [] });
    expect(await readSigned({ MessageSid: 'SM1', MessageStatus: 'constructor' })).toEqual({
      type: 'reports',
      reports: [],
    });
    expect(await readSigned({ MessageStatus: 'sent' })).toEqual({ type: 'reports', reports: [] });
  });

  it('tells that the person answered STOP, and shows no number as an error', async () => {
    const fields = { MessageSid: 'SM1', MessageStatus: 'undelivered' };
    expect(await readSigned({ ...fields, ErrorCode: '21610' })).toMatchObject({ reports: [{ suppress: 'stop' }] });
    expect(await readSigned({ ...fields, ErrorCode: '+14155552671' })).toMatchObject({
      reports: [{ suppress: null, error: 'Twilio: undelivered' }],
    });
  });

  it('of an account with an API key is signed with the auth token all the same', async () => {
    const dsn = `twilio://SKkey:api-secret@default?from=ACME&account=${SID}`;
    const request = posted(form(FORM), { 'x-twilio-signature': SIGNATURE }, URL_);
    expect(await readReport(dsn, request, 'sms')).toEqual(REFUSED);
    expect(await readReport(`${dsn}&auth_token=${TOKEN}`, request, 'sms')).toMatchObject({ type: 'reports' });
  });
});
