import { generateKeyPairSync, sign } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { FailureKind } from '../../../src/ports/channel.ts';
import { NOW } from '../support/messages.ts';
import { providerContract } from '../support/provider-contract.ts';
import { posted, readReport } from '../support/reports.ts';

const KEY = 'KEY0123456789_abcdef';
const PROFILE = '4000eba1-a0c0-4563-9925-b25e842a7cb6';
const ID = '40385f64-5717-4562-b3fc-2c963f66afa6';

const ERRORS: readonly (readonly [code: number, status: number, title: string, kind: FailureKind])[] = [
  [10001, 400, 'Inactive phone number', 'misconfigured'],
  [10002, 400, 'Invalid phone number', 'invalid_destination'],
  [10003, 400, 'Invalid URL', 'misconfigured'],
  [10004, 400, 'Missing required parameter', 'rejected'],
  [10005, 404, 'Resource not found', 'misconfigured'],
  [10006, 404, 'Invalid ID', 'misconfigured'],
  [10007, 500, 'Unexpected error', 'unavailable'],
  [10008, 408, 'Request timeout', 'unavailable'],
  [10009, 401, 'Authentication failed', 'misconfigured'],
  [10010, 403, 'Authorization failed', 'misconfigured'],
  [10011, 429, 'Too many requests', 'rate_limited'],
  [10015, 400, 'Bad Request', 'rejected'],
  [10016, 400, 'Phone number must be in +E.164 format', 'invalid_destination'],
  [10039, 403, 'Only pre-verified destinations are allowed at this account level', 'misconfigured'],
  [20002, 401, 'API Key revoked', 'misconfigured'],
  [20006, 401, 'Expired access token', 'misconfigured'],
  [20012, 403, 'Account inactive', 'misconfigured'],
  [20013, 403, 'Account blocked', 'misconfigured'],
  [20014, 403, 'Account unverified', 'misconfigured'],
  [20015, 403, 'Feature not enabled', 'misconfigured'],
  [20016, 403, 'Account not Level 1 verified', 'misconfigured'],
  [20017, 403, 'Account not Level 2 verified', 'misconfigured'],
  [20100, 403, 'Insufficient funds', 'misconfigured'],
  [40001, 400, 'Not routable', 'invalid_destination'],
  [40002, 400, 'Blocked as spam - temporary', 'rejected'],
  [40003, 400, 'Blocked as spam - permanent', 'rejected'],
  [40004, 400, 'Rejected by destination', 'rejected'],
  [40005, 400, 'Message expired during transmission', 'unavailable'],
  [40006, 400, 'Recipient server unavailable', 'unavailable'],
  [40008, 400, 'Undeliverable', 'rejected'],
  [40009, 400, 'Invalid message body', 'rejected'],
  [40010, 400, 'Unregistered 10DLC message', 'misconfigured'],
  [40011, 429, 'Too many requests', 'rate_limited'],
  [40012, 400, 'Invalid messaging destination number', 'invalid_destination'],
  [40013, 400, 'Invalid messaging source number', 'misconfigured'],
  [40014, 400, 'Message expired in queue', 'unavailable'],
  [40015, 400, 'Blocked as spam - internal', 'rejected'],
  [40016, 429, 'T-Mobile 10DLC sending limit reached', 'rate_limited'],
  [40017, 400, 'AT&T 10DLC spam message rejected', 'rejected'],
  [40018, 429, 'AT&T 10DLC sending limit reached', 'rate_limited'],
  [40100, 400, 'Number not messaging enabled', 'misconfigured'],
  [40150, 400, 'Toll-free number not in registry', 'misconfigured'],
  [40151, 400, 'Message enablement pending with other provider', 'misconfigured'],
  [40300, 409, 'Blocked due to STOP message', 'rejected'],
  [40301, 400, "Unsupported message type for the 'to' address", 'rejected'],
  [40302, 400, 'Message too large', 'rejected'],
  [40304, 400, 'Invalid combination of message content arguments', 'rejected'],
  [40305, 400, "Invalid 'from' address", 'misconfigured'],
  [40306, 400, 'Alpha sender not configured', 'misconfigured'],
  [40309, 400, 'Invalid destination region', 'rejected'],
  [40310, 400, "Invalid 'to' address", 'invalid_destination'],
  [40311, 401, 'Invalid messaging profile secret', 'misconfigured'],
  [40312, 403, 'Messaging profile is disabled', 'misconfigured'],
  [40313, 401, 'Missing messaging profile secret', 'misconfigured'],
  [40314, 403, 'Messaging disabled on account', 'misconfigured'],
  [40315, 400, "Unhealthy 'from' address", 'misconfigured'],
  [40316, 400, 'No content provided for message', 'rejected'],
  [40318, 429, 'Message queue full', 'rate_limited'],
  [40319, 400, "Incompatible message type for the 'to' address", 'rejected'],
  [40320, 400, "Temporarily unusable 'from' address", 'unavailable'],
  [40321, 400, 'No usable numbers on messaging profile', 'misconfigured'],
  [40322, 400, 'Blocked due to content', 'rejected'],
  [40328, 400, 'SMS exceeds recommended size', 'rejected'],
  [40329, 400, 'Toll-free number not yet verified', 'misconfigured'],
];

const refused = (code: number, title: string): string =>
  JSON.stringify({ errors: [{ code: String(code), title, detail: `${title}: +14155552671`, meta: {} }] });

providerContract({
  scheme: 'telnyx',
  channel: 'sms',
  dsn: (port) =>
    `telnyx://${KEY}@127.0.0.1:${port}?from=%2B14155292729&profile=${PROFILE}&callback=https://otp.acme.example/callbacks/telnyx&tls=0`,
  credentials: [KEY],
  success: {
    reply: {
      status: 200,
      body: JSON.stringify({
        data: { record_type: 'message', id: ID, to: [{ status: 'queued' }], parts: 1, errors: [] },
      }),
    },
    messageId: ID,
    terms: { segments: 1 },
  },
  // What the official library (7.24.0) sends, without its own headers.
  request(call, message) {
    expect(`${call.method} ${call.url}`).toBe('POST /v2/messages');
    expect(call.headers.authorization).toBe(`Bearer ${KEY}`);
    expect(call.headers['content-type']).toBe('application/json');
    expect(JSON.parse(call.body)).toEqual({
      from: '+14155292729',
      to: message.to,
      text: message.text,
      type: 'SMS',
      messaging_profile_id: PROFILE,
      webhook_url: 'https://otp.acme.example/callbacks/telnyx',
    });
  },
  errors: ERRORS.map(([code, status, title, kind]) => ({
    code: String(code),
    status,
    body: refused(code, title),
    kind,
  })),
  hollow: [
    { name: 'no id', body: '{"data":{}}', kind: 'unavailable' },
    { name: 'errors', body: refused(40310, "Invalid 'to' address"), kind: 'invalid_destination' },
  ],
});

const { privateKey, publicKey } = generateKeyPairSync('ed25519');
const PUBLIC = Buffer.from(publicKey.export({ format: 'jwk' }).x ?? '', 'base64url').toString('base64');
const DSN = `telnyx://${KEY}@default?from=ACME&public_key=${PUBLIC.replace('+', '%2B')}`;
const REFUSED = { type: 'refused', reason: 'the signature is not right' };

const event = (status: string, changes: object = {}, type = 'message.finalized'): string =>
  JSON.stringify({
    data: {
      event_type: type,
      id: '4ee8c3a6-4995-4309-a3c6-38e3db9ea4be',
      occurred_at: '2026-01-15T10:29:59.000+00:00',
      payload: {
        id: ID,
        to: [{ phone_number: '+14155552671', status }],
        parts: 1,
        cost: { amount: '0.0051', currency: 'USD' },
        errors: [],
        ...changes,
      },
      record_type: 'event',
    },
  });
const headersOf = (body: string, time = NOW / 1000): Readonly<Record<string, string>> => ({
  'telnyx-timestamp': String(time),
  'telnyx-signature-ed25519': sign(null, Buffer.from(`${time}|${body}`), privateKey).toString('base64'),
});
const read = (body: string, headers = headersOf(body), dsn = DSN) => readReport(dsn, posted(body, headers), 'sms');

describe('an event of Telnyx', () => {
  const body = event('delivered');

  it('is believed when it is signed and fresh', async () => {
    expect(await read(body)).toEqual({
      type: 'reports',
      reports: [
        {
          messageId: ID,
          status: 'delivered',
          at: NOW - 1000,
          error: null,
          segments: 1,
          price: '0.0051 USD',
          suppress: null,
        },
      ],
    });
    expect(await read(body, headersOf(body, NOW / 1000 - 300))).toMatchObject({ type: 'reports' });
  });

  it('is refused when it is forged, of another body or time, unsigned, or old', async () => {
    const headers = headersOf(body);
    expect(await read(event('delivery_failed'), headers)).toEqual(REFUSED);
    expect(await read(body, { ...headers, 'telnyx-timestamp': String(NOW / 1000 + 1) })).toEqual(REFUSED);
    expect(await read(body, { ...headers, 'telnyx-signature-ed25519': 'AAAA' })).toEqual(REFUSED);
    expect(await read(body, {})).toEqual(REFUSED);
    expect(await read(body, headers, DSN.replace(/&public_key.*/, ''))).toEqual(REFUSED);
    for (const off of [-301, 301])
      expect(await read(body, headersOf(body, NOW / 1000 + off))).toMatchObject({
        reason: expect.stringContaining('five minutes') as string,
      });
    expect(await read('{]')).toMatchObject({ type: 'refused' });
  });

  it.each([
    ['sent', 'sent', null],
    ['delivery_unconfirmed', 'sent', null],
    ['delivery_failed', 'undelivered', 'Telnyx: 40001'],
    ['expired', 'undelivered', 'Telnyx: 40001'],
    ['sending_failed', 'failed', 'Telnyx: 40001'],
    ['gw_timeout', 'failed', 'Telnyx: 40001'],
  ])('that says %s means %s', async (status, meaning, error) => {
    const failed = event(status, { errors: [{ code: '40001', title: 'Not routable' }] });
    expect(await read(failed)).toMatchObject({ reports: [{ status: meaning, error }] });
  });

  it('tells STOP by its title only, and nothing of a message that came in without its words', async () => {
    const stopped = { errors: [{ code: '40300', title: 'Blocked due to STOP message' }] };
    const blocked = { errors: [{ code: '40300', title: 'Blocked' }] };
    expect(await read(event('delivery_failed', stopped))).toMatchObject({ reports: [{ suppress: 'stop' }] });
    expect(await read(event('delivery_failed', blocked))).toMatchObject({ reports: [{ suppress: null }] });
    expect(await read(event('delivered', {}, 'message.received'))).toEqual({ type: 'messages', messages: [] });
    expect(await read(event('queued'))).toEqual({ type: 'reports', reports: [] });
  });
});
