import { describe, expect, it } from 'vitest';
import type { FailureKind } from '../../../src/ports/channel.ts';
import { NOW } from '../support/messages.ts';
import { providerContract } from '../support/provider-contract.ts';
import { posted, readReport } from '../support/reports.ts';

const SIGNATURE_SECRET = 'vonage-signature-secret';
const answer = (...parts: readonly object[]): string =>
  JSON.stringify({ 'message-count': String(parts.length), messages: parts });
const taken = { to: '14155552671', 'message-id': '0A0000000123ABCD1', status: '0', 'message-price': '0.0333' };

const ERRORS: readonly (readonly [status: number, text: string, kind: FailureKind])[] = [
  [1, 'Throughput Rate Exceeded - please wait and try again', 'rate_limited'],
  [2, 'Missing to param', 'rejected'],
  [3, 'Invalid Parameters', 'rejected'],
  [4, 'Bad Credentials', 'misconfigured'],
  [5, 'Internal Error', 'unavailable'],
  [6, 'Unroutable message - rejected', 'invalid_destination'],
  [7, 'Number 14155552671 is barred', 'rejected'],
  [8, 'Partner account barred', 'misconfigured'],
  [9, 'Quota Exceeded - rejected', 'misconfigured'],
  [10, 'Too Many Existing Binds', 'rate_limited'],
  [11, 'Account not enabled for HTTP', 'misconfigured'],
  [12, 'Message Too Long', 'rejected'],
  [14, 'Invalid Signature', 'misconfigured'],
  [15, 'Illegal Sender Address - rejected', 'misconfigured'],
  [17, 'Message blocked by provider', 'rejected'],
  [22, 'Invalid Network Code', 'rejected'],
  [23, 'Invalid Callback Url', 'misconfigured'],
  [29, 'Non White-listed Destination - rejected', 'misconfigured'],
  [32, 'Signature And API Secret Disallowed', 'misconfigured'],
  [33, 'Number De-activated', 'invalid_destination'],
];

providerContract({
  scheme: 'vonage',
  channel: 'sms',
  dsn: (port) =>
    `vonage://abcd1234:the-api-secret@127.0.0.1:${port}?from=%2B14155292729&callback=https://otp.acme.example/callbacks/vonage&tls=0`,
  credentials: ['abcd1234', 'the-api-secret'],
  message: { text: 'Ваш код 048213' },
  success: {
    reply: { status: 200, body: answer(taken) },
    messageId: '0A0000000123ABCD1',
    terms: { price: '0.0333 EUR', segments: 1 },
  },
  request(call, message) {
    expect(`${call.method} ${call.url}`).toBe('POST /sms/json');
    expect(call.headers.authorization).toBe(`Basic ${Buffer.from('abcd1234:the-api-secret').toString('base64')}`);
    expect(JSON.parse(call.body)).toEqual({
      from: '14155292729',
      to: '14155552671',
      text: message.text,
      type: 'unicode',
      ttl: 300_000,
      'client-ref': message.sendId,
      callback: 'https://otp.acme.example/callbacks/vonage',
    });
  },
  // It says all of this with status 200.
  errors: ERRORS.map(([status, text, kind]) => ({
    code: String(status),
    status: 200,
    body: answer({ status: String(status), 'error-text': text }),
    kind,
  })),
  hollow: [
    {
      name: 'a later part refused',
      body: answer(taken, { status: '1', 'error-text': 'Throttled' }),
      kind: 'rate_limited',
    },
    { name: 'no part', body: answer(), kind: 'unavailable' },
    { name: 'no id', body: answer({ status: '0' }), kind: 'unavailable' },
  ],
});

const RECEIPT: Readonly<Record<string, string>> = {
  msisdn: '14155552671',
  to: 'ACME',
  'network-code': '310260',
  messageId: '0A0000001234567B',
  price: '0.03330000',
  status: 'delivered',
  scts: '2601151030',
  'err-code': '0',
  'api-key': 'abcd1234',
  'message-timestamp': '2026-01-15 10:29:59',
  timestamp: String(NOW / 1000),
  nonce: 'ec11dd3e-1e7f-4db5-9467-82b02cd223b9',
  'client-ref': 'a&b=c',
};
/** Accepted by the official library for {@link RECEIPT}. */
const SIGNATURES = {
  sha256: 'ACF593857923C75B3E70B038EA1251900B86320924E7264BCFAC163051216FE2',
  sha512:
    '2AFCEB4E5ECD5EF46C56CEC7897BDFC82DDA653FE66031E1E937AC1BC82A2A87D1B637A20B013C2CE48C8B68AD04A10222CCCAE0F88F1B2ACC85D336FFF8F43A',
  sha1: '75F7D55BA63CF4570E1A0666473DC4AC56555BAD',
};
const DELIVERED = {
  messageId: '0A0000001234567B',
  status: 'delivered',
  at: NOW - 1000,
  error: null,
  segments: null,
  price: '0.03330000 EUR',
  suppress: null,
};
const REFUSED = { type: 'refused', reason: 'the signature is not right' };
const ADDRESS = 'https://otp.acme.example/callbacks/vonage';
const DSN = 'vonage://k:s@default?from=ACME';
const JSON_TYPE = { 'content-type': 'application/json' };

const query = (fields: Readonly<Record<string, string>>): string => new URLSearchParams(fields).toString();
const read = (fields: Readonly<Record<string, string>>, options = `&signature_secret=${SIGNATURE_SECRET}`) =>
  readReport(DSN + options, posted(JSON.stringify(fields), JSON_TYPE, ADDRESS), 'sms');

describe('a delivery receipt of Vonage', () => {
  it('is believed as JSON, as a form and as a query, when it is signed', async () => {
    const signed = { ...RECEIPT, sig: SIGNATURES.sha256 };
    const dsn = `${DSN}&signature_secret=${SIGNATURE_SECRET}`;
    const found = { type: 'reports', reports: [DELIVERED] };
    expect(await read(signed)).toEqual(found);
    expect(await readReport(dsn, posted(query(signed), {}, ADDRESS), 'sms')).toEqual(found);
    const get = { ...posted('', {}, `${ADDRESS}?${query(signed)}`), method: 'GET' };
    expect(await readReport(dsn, get, 'sms')).toEqual(found);
  });

  it.each(['sha512', 'sha1'] as const)('may be signed with %s', async (method) => {
    const options = `&signature_secret=${SIGNATURE_SECRET}&signature_method=${method}`;
    expect(await read({ ...RECEIPT, sig: SIGNATURES[method] }, options)).toMatchObject({ type: 'reports' });
    expect(await read({ ...RECEIPT, sig: SIGNATURES.sha256 }, options)).toEqual(REFUSED);
  });

  it('is refused when it was changed, is unsigned or is old', async () => {
    const signed = { ...RECEIPT, sig: SIGNATURES.sha256 };
    expect(await read({ ...signed, status: 'failed' })).toEqual(REFUSED);
    expect(await read({ ...signed, messageId: 'other' })).toEqual(REFUSED);
    expect(await read({ ...signed, more: '1' })).toEqual(REFUSED);
    expect(await read(RECEIPT)).toEqual(REFUSED);
    expect(await read(await sign({ ...RECEIPT, timestamp: String(NOW / 1000 - 301) }))).toMatchObject({
      type: 'refused',
      reason: expect.stringContaining('five minutes') as string,
    });
    expect(await read(await sign({ ...RECEIPT, timestamp: String(NOW / 1000 + 301) }))).toMatchObject({
      type: 'refused',
    });
    expect(await read(await sign({ ...RECEIPT, timestamp: '' }))).toMatchObject({ type: 'refused' });
  });

  it('without a signature secret needs the secret of the address, and is refused without either', async () => {
    const secret = 'a-secret-of-the-address';
    const dsn = `${DSN}&callback_secret=${secret}`;
    const body = JSON.stringify(RECEIPT);
    expect(await readReport(dsn, posted(body, JSON_TYPE, `${ADDRESS}/${secret}`), 'sms')).toMatchObject({
      type: 'reports',
    });
    expect(await readReport(dsn, posted(body, JSON_TYPE, `${ADDRESS}/another-secret-it-is`), 'sms')).toEqual(REFUSED);
    expect(await read(RECEIPT, '')).toEqual(REFUSED);
    // A signature secret outranks it.
    const both = `${dsn}&signature_secret=${SIGNATURE_SECRET}`;
    expect(await readReport(both, posted(body, JSON_TYPE, `${ADDRESS}/${secret}`), 'sms')).toEqual(REFUSED);
  });

  it.each([
    ['accepted', '0', 'sent', null],
    ['buffered', '0', 'sent', null],
    ['expired', '2', 'undelivered', 'Vonage: 2'],
    ['failed', '0', 'failed', 'Vonage: failed'],
    ['rejected', '6', 'failed', 'Vonage: 6'],
  ])('that says %s %s means %s', async (status, code, meaning, error) => {
    const fields = await sign({ ...RECEIPT, status, 'err-code': code });
    expect(await read(fields)).toMatchObject({ reports: [{ status: meaning, error }] });
  });

  it('that says unknown, or nothing one can read, changes nothing', async () => {
    expect(await read(await sign({ ...RECEIPT, status: 'unknown' }))).toEqual({ type: 'reports', reports: [] });
    const dsn = `${DSN}&signature_secret=${SIGNATURE_SECRET}`;
    for (const body of ['{]', 'null', '[]', '"x"'])
      expect(await readReport(dsn, posted(body, JSON_TYPE, ADDRESS), 'sms')).toMatchObject({ type: 'refused' });
  });
});

async function sign(fields: Readonly<Record<string, string>>): Promise<Readonly<Record<string, string>>> {
  const { createHmac } = await import('node:crypto');
  const content = Object.keys(fields)
    .toSorted()
    .map((name) => `&${name}=${(fields[name] ?? '').replace(/[&=]/g, '_')}`)
    .join('');
  return { ...fields, sig: createHmac('sha256', SIGNATURE_SECRET).update(content).digest('hex').toUpperCase() };
}
