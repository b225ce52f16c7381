import { createHash, createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { ReportReading, ReportRequest } from '../../../src/ports/channel.ts';
import { NOW, SEND_ID } from '../support/messages.ts';
import { providerContract } from '../support/provider-contract.ts';
import { readReport, reportsOf } from '../support/reports.ts';

const KEY = 'live_accesskeyoftheaccount';
const SIGNING_KEY = 'signing-key-of-the-account';

const refused = (code: number, description: string, parameter: string | null): string =>
  JSON.stringify({ errors: [{ code, description, parameter }] });

providerContract({
  scheme: 'messagebird',
  channel: 'sms',
  dsn: (port) => `messagebird://${KEY}@127.0.0.1:${port}?from=ACME&signing_key=${SIGNING_KEY}&tls=0`,
  credentials: [KEY, SIGNING_KEY],
  success: {
    reply: {
      status: 201,
      body: JSON.stringify({
        id: 'e8077d803532c0b5937c639b60216938',
        recipients: { totalCount: 1, items: [{ recipient: 14155552671, status: 'sent' }] },
      }),
    },
    messageId: 'e8077d803532c0b5937c639b60216938',
  },
  request(call, message) {
    expect([call.method, call.url]).toEqual(['POST', '/messages']);
    expect(call.headers.authorization).toBe(`AccessKey ${KEY}`);
    expect(JSON.parse(call.body)).toEqual({
      originator: 'ACME',
      recipients: ['14155552671'],
      body: message.text,
      datacoding: 'auto',
      validity: 300,
      reference: SEND_ID,
    });
  },
  errors: [
    {
      code: '2',
      status: 401,
      body: refused(2, 'Request not allowed (incorrect access_key)', 'access_key'),
      kind: 'misconfigured',
    },
    { code: '9', status: 422, body: refused(9, 'body is required', 'body'), kind: 'rejected' },
    {
      code: '9 (recipients)',
      status: 422,
      body: refused(9, 'no (correct) recipients found', 'recipients'),
      kind: 'invalid_destination',
    },
    {
      code: '9 (originator)',
      status: 422,
      body: refused(9, 'originator is required', 'originator'),
      kind: 'misconfigured',
    },
    { code: '10', status: 422, body: refused(10, 'invalid type', 'type'), kind: 'rejected' },
    {
      code: '10 (recipients)',
      status: 422,
      body: refused(10, '14155552671 is invalid', 'recipients'),
      kind: 'invalid_destination',
    },
    {
      code: '10 (originator)',
      status: 422,
      body: refused(10, 'originator is invalid', 'originator'),
      kind: 'misconfigured',
    },
    { code: '20', status: 404, body: refused(20, 'message not found', null), kind: 'misconfigured' },
    { code: '21', status: 400, body: refused(21, 'bad request', null), kind: 'rejected' },
    { code: '25', status: 422, body: refused(25, 'not enough balance', null), kind: 'misconfigured' },
    { code: '98', status: 404, body: refused(98, 'API not found', null), kind: 'misconfigured' },
    { code: '99', status: 500, body: refused(99, 'internal error', null), kind: 'unavailable' },
  ],
  hollow: [{ name: 'errors with status 200', body: refused(9, 'no recipients', 'recipients'), kind: 'unavailable' }],
});

const DSN = `messagebird://${KEY}@default?from=ACME&signing_key=${SIGNING_KEY}`;
const URL_OF_REPORT =
  'https://otp.acme.example/callbacks/messagebird?id=e8077d80&recipient=14155552671&status=delivered' +
  '&statusDatetime=2026-01-15T10:29:58+00:00&messagePartCount=2&price[amount]=0.07&price[currency]=EUR';

const base64url = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');
const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

interface Signing {
  readonly url?: string;
  readonly body?: string;
  readonly claims?: Readonly<Record<string, unknown>>;
  readonly alg?: string;
  readonly key?: string;
}

/** A request signed as MessageBird does it; `signing` says what is signed instead of the truth. */
function report(url = URL_OF_REPORT, body = '', signing: Signing = {}): ReportRequest {
  const claims = {
    iss: 'MessageBird',
    nbf: NOW / 1000 - 1,
    exp: NOW / 1000 + 59,
    jti: '59a244dc-e9ad-4e23-9778-371faa238f72',
    url_hash: sha256(signing.url ?? url),
    ...((signing.body ?? body) === '' ? {} : { payload_hash: sha256(signing.body ?? body) }),
    ...signing.claims,
  };
  const signed = `${base64url({ alg: signing.alg ?? 'HS256', typ: 'JWT' })}.${base64url(claims)}`;
  const signature = createHmac('sha256', signing.key ?? SIGNING_KEY)
    .update(signed)
    .digest('base64url');
  const jwt = `${signed}.${signature}`;
  return { method: 'GET', url, body, header: (name) => (name === 'messagebird-signature-jwt' ? jwt : null) };
}

const read = (request: ReportRequest, dsn = DSN): Promise<ReportReading> => readReport(dsn, request, 'sms');

describe('a status report of MessageBird', () => {
  it('tells how the message fared and what it cost', async () => {
    expect(reportsOf(await read(report()))).toEqual([
      {
        messageId: 'e8077d80',
        status: 'delivered',
        at: Date.UTC(2026, 0, 15, 10, 29, 58),
        error: null,
        segments: 2,
        price: '0.07 EUR',
        suppress: null,
      },
    ]);
  });

  it('tells why it failed, and that the person wants no more', async () => {
    const url = 'https://otp.acme.example/callbacks/messagebird?id=1&status=delivery_failed&statusReason=opted%20out';
    expect(reportsOf(await read(report(url)))).toMatchObject([
      { status: 'undelivered', error: 'opted out', suppress: 'stop', at: null, price: null },
    ]);
  });

  it('means nothing with a status nobody knows', async () => {
    expect(reportsOf(await read(report('https://otp.acme.example/callbacks/messagebird?id=1&status=new')))).toEqual([]);
  });

  it.each<[string, ReportRequest]>([
    ['of another key', report(undefined, undefined, { key: 'other' })],
    ['of another address', report(undefined, undefined, { url: 'https://otp.acme.example/other' })],
    ['of another body', report(undefined, 'x', { body: 'y' })],
    ['of no body when there is one', report(undefined, 'x', { body: '' })],
    ['that is over', report(undefined, undefined, { claims: { exp: NOW / 1000 - 301 } })],
    ['that is not yet valid', report(undefined, undefined, { claims: { nbf: NOW / 1000 + 301 } })],
    ['without times', report(undefined, undefined, { claims: { nbf: undefined, exp: undefined } })],
    ['of somebody else', report(undefined, undefined, { claims: { iss: 'Other' } })],
    ['that says it is of no kind', report(undefined, undefined, { alg: 'none' })],
    ['that is missing', { ...report(), header: () => null }],
    ['that is no signature', { ...report(), header: () => 'a.b' }],
  ])('is refused with a signature %s', async (_name, request) => {
    expect(await read(request)).toMatchObject({ type: 'refused' });
  });

  it('is refused without a signing key', async () => {
    expect(await read(report(), `messagebird://${KEY}@default?from=ACME`)).toMatchObject({ type: 'refused' });
  });

  it('has the signature of the provider’s own reference data', async () => {
    const token =
      'eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJpc3MiOiJNZXNzYWdlQmlyZCIsIm5iZiI6MTYyNTQ3OTIwMCwiZXhwIjoxNjI1NDc5MjYwLCJqdGkiOiI1OWEyNDRkYy1lOWFkLTRlMjMtOTc3OC0zNzFmYWEyMzhmNzIiLCJ1cmxfaGFzaCI6IjBmMTE1ZGIwNjJiN2MwZGQwMzBiMTY4NzhjOTlkZWE1YzM1NGI0OWRjMzdiMzhlYjg4NDYxNzljNzc4M2U5ZDcifQ.6Fp0rVOsRr1fj9S2GidXAfkmPVofKr8_RTffC6G6r2E';
    const { verifyMessageBirdJwt } = await import('../../../src/channels/provider/messagebird-jwt.ts');
    const request = { method: 'GET', url: 'https://example.com/', body: '', header: () => token };
    const key = '36efdd1aace2e26cd490f0d951138253bef2f7c6d34d18981da781555cc4cebb';
    expect(await verifyMessageBirdJwt(request, { key, now: Date.UTC(2021, 6, 5, 10) })).toBe(null);
    expect(await verifyMessageBirdJwt(request, { key, now: Date.UTC(2021, 6, 6, 10) })).toMatch(/too far off/);
  });
});
