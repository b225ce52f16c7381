import { createHash, createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { ReportReading } from '../../../src/ports/channel.ts';
import { CODE, NOW, SEND_ID } from '../support/messages.ts';
import { providerContract } from '../support/provider-contract.ts';
import { posted, readReport, reportsOf } from '../support/reports.ts';

const TOKEN = 'AAE-access-token-of-the-account';

const refused = (error: string): string => JSON.stringify({ ok: false, error });

type Kind = 'rejected' | 'misconfigured' | 'rate_limited' | 'invalid_destination';
const ERRORS: Readonly<Record<string, Kind>> = {
  ACCESS_TOKEN_INVALID: 'misconfigured',
  ACCESS_TOKEN_REQUIRED: 'misconfigured',
  BALANCE_NOT_ENOUGH: 'misconfigured',
  CALLBACK_URL_INVALID: 'misconfigured',
  CODE_INVALID: 'rejected',
  CODE_LENGTH_INVALID: 'rejected',
  CODE_LENGTH_REQUIRED: 'rejected',
  MESSAGE_ALREADY_SENT: 'rejected',
  PAYLOAD_INVALID: 'rejected',
  PHONE_NUMBER_INVALID: 'invalid_destination',
  PHONE_NUMBER_NOT_AVAILABLE: 'invalid_destination',
  PHONE_NUMBER_NOT_FOUND: 'invalid_destination',
  REQUEST_ID_INVALID: 'rejected',
  SENDER_NOT_OWNED: 'misconfigured',
  SENDER_NOT_VERIFIED: 'misconfigured',
  SENDER_USERNAME_INVALID: 'misconfigured',
  TTL_INVALID: 'rejected',
  UNKNOWN_METHOD: 'misconfigured',
};

providerContract({
  scheme: 'telegram',
  channel: 'telegram',
  dsn: (port) => `telegram://${TOKEN}@127.0.0.1:${port}?from=acme_codes&tls=0`,
  credentials: [TOKEN],
  success: {
    reply: {
      status: 200,
      body: JSON.stringify({
        ok: true,
        result: { request_id: '1234567890', phone_number: '+14155552671', request_cost: 0.01 },
      }),
    },
    messageId: '1234567890',
    terms: { price: '0.01 USD' },
  },
  request(call, message) {
    expect([call.method, call.url]).toEqual(['POST', '/sendVerificationMessage']);
    expect(call.headers.authorization).toBe(`Bearer ${TOKEN}`);
    expect(JSON.parse(call.body)).toEqual({
      phone_number: message.to,
      code: CODE,
      ttl: 300,
      payload: SEND_ID,
      sender_username: 'acme_codes',
    });
  },
  errors: [
    ...Object.entries(ERRORS).map(([code, kind]) => ({ code, status: 400, body: refused(code), kind })),
    { code: 'FLOOD_WAIT', status: 200, body: refused('FLOOD_WAIT_30'), kind: 'rate_limited' as const },
  ],
  hollow: [
    { name: 'a refusal with status 200', body: refused('PHONE_NUMBER_NOT_FOUND'), kind: 'invalid_destination' },
    { name: 'an unknown refusal with status 200', body: refused('+14155552671 is odd'), kind: 'rejected' },
    { name: 'a request without an id', body: '{"ok":true,"result":{}}', kind: 'unavailable' },
    { name: 'neither yes nor no', body: '{"result":{"request_id":"1"}}', kind: 'unavailable' },
  ],
});

const DSN = `telegram://${TOKEN}@default`;

/** Signed as the provider's page says: HMAC-SHA-256 under the SHA-256 of the token. */
function signed(body: string, { token = TOKEN, at = NOW }: { token?: string; at?: number } = {}) {
  const timestamp = String(Math.floor(at / 1000));
  const key = createHash('sha256').update(token).digest();
  const signature = createHmac('sha256', key).update(`${timestamp}\n${body}`).digest('hex');
  return { 'x-request-timestamp': timestamp, 'x-request-signature': signature };
}

const report = (status: string): string =>
  JSON.stringify({
    request_id: '1234567890',
    phone_number: '+14155552671',
    request_cost: 0.01,
    delivery_status: { status, updated_at: NOW / 1000 - 2 },
  });
const read = (body: string, headers: Record<string, string>): Promise<ReportReading> =>
  readReport(DSN, posted(body, headers), 'telegram');

describe('a delivery report of Telegram', () => {
  it('tells how the message fared', async () => {
    expect(reportsOf(await read(report('delivered'), signed(report('delivered'))))).toEqual([
      {
        messageId: '1234567890',
        status: 'delivered',
        at: NOW - 2000,
        error: null,
        segments: null,
        price: null,
        suppress: null,
      },
    ]);
  });

  it.each([
    ['sent', 'sent', null],
    ['read', 'delivered', null],
    ['expired', 'undelivered', 'expired'],
    ['revoked', 'undelivered', 'revoked'],
  ])('reads status %s as %s', async (status, expected, error) => {
    expect(reportsOf(await read(report(status), signed(report(status))))).toMatchObject([{ status: expected, error }]);
  });

  it('means nothing when it tells of something else', async () => {
    const body = JSON.stringify({ request_id: '1', verification_status: { status: 'code_valid', updated_at: 1 } });
    expect(reportsOf(await read(body, signed(body)))).toEqual([]);
  });

  it.each<[string, Record<string, string>]>([
    ['of another token', signed(report('sent'), { token: 'other' })],
    ['of another body', signed(report('read'))],
    ['that is too old', signed(report('sent'), { at: NOW - 301_000 })],
    ['from the future', signed(report('sent'), { at: NOW + 301_000 })],
    ['at another time', { ...signed(report('sent')), 'x-request-timestamp': String(NOW / 1000 + 1) }],
    ['that is missing', {}],
  ])('is refused with a signature %s', async (_name, headers) => {
    expect(await read(report('sent'), headers)).toMatchObject({ type: 'refused' });
  });

  it('is refused when it is no JSON', async () => {
    expect(await read('{]', signed('{]'))).toMatchObject({ type: 'refused' });
  });
});
