import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { SINCH } from '../../../src/channels/providers/sinch.ts';
import type { ReportReading } from '../../../src/ports/channel.ts';
import { NOW, SEND_ID } from '../support/messages.ts';
import { providerContract } from '../support/provider-contract.ts';
import { posted, readReport, reportsOf } from '../support/reports.ts';

const PLAN = 'a1b2c3d4e5f647589a0b1c2d3e4f5a6b';
const TOKEN = 'api-token-of-the-plan';

const refused = (code: string, text: string): string => JSON.stringify({ code, text });
const CALLBACK = 'https%3A%2F%2Fotp.acme.example%2Fcallbacks%2Fsinch';

providerContract({
  scheme: 'sinch',
  channel: 'sms',
  dsn: (port) => `sinch://${PLAN}:${TOKEN}@127.0.0.1:${port}?from=%2B12025550142&callback=${CALLBACK}&tls=0`,
  credentials: [PLAN, TOKEN],
  success: {
    reply: { status: 201, body: JSON.stringify({ id: '01HF4WG1TAVS351YYD7Q84K8HA', canceled: false }) },
    messageId: '01HF4WG1TAVS351YYD7Q84K8HA',
  },
  request(call, message) {
    expect([call.method, call.url]).toEqual(['POST', `/xms/v1/${PLAN}/batches`]);
    expect(call.headers.authorization).toBe(`Bearer ${TOKEN}`);
    expect(JSON.parse(call.body)).toEqual({
      type: 'mt_text',
      from: '+12025550142',
      to: [message.to],
      body: message.text,
      client_reference: SEND_ID,
      expire_at: '2026-01-15T10:35:00.000Z',
      delivery_report: 'per_recipient',
      callback_url: 'https://otp.acme.example/callbacks/sinch',
    });
  },
  errors: [
    {
      code: 'syntax_invalid_json',
      status: 400,
      body: refused('syntax_invalid_json', 'Unexpected character'),
      kind: 'rejected',
    },
    {
      code: 'syntax_invalid_parameter_format',
      status: 400,
      body: refused('syntax_invalid_parameter_format', "The parameter 'from' is invalid"),
      kind: 'rejected',
    },
    {
      code: 'syntax_invalid_parameter_format (to)',
      status: 400,
      body: refused('syntax_invalid_parameter_format', "Invalid format for 'to[0]': +14155552671"),
      kind: 'invalid_destination',
    },
    {
      code: 'syntax_constraint_violation',
      status: 400,
      body: refused('syntax_constraint_violation', 'body: must not be empty'),
      kind: 'rejected',
    },
    {
      code: 'syntax_constraint_violation (to)',
      status: 400,
      body: refused('syntax_constraint_violation', 'to: must contain a valid MSISDN'),
      kind: 'invalid_destination',
    },
    { code: 'unauthorized', status: 401, body: refused('unauthorized', 'Unauthorized'), kind: 'misconfigured' },
    { code: 'unknown_group', status: 403, body: refused('unknown_group', 'No such group'), kind: 'misconfigured' },
    {
      code: 'unknown_campaign',
      status: 403,
      body: refused('unknown_campaign', 'No such campaign'),
      kind: 'misconfigured',
    },
    {
      code: 'missing_callback_url',
      status: 403,
      body: refused('missing_callback_url', 'No callback URL'),
      kind: 'misconfigured',
    },
  ],
  hollow: [{ name: 'a batch without an id', body: '{"canceled":false}', kind: 'unavailable' }],
});

/** Body, nonce, time, secret and signature of the vendor's own test. */
const VENDOR = {
  body: '{"at":"2025-01-13T09:22:40.914Z","batch_id":"01JHFFHQ0P99JPPNQPJDV7JTBP","client_reference":"a client reference","code":0,"operator_status_at":"2025-01-13T09:22:00Z","recipient":"33662162466","status":"Delivered","type":"recipient_delivery_report_sms"}',
  nonce: '01JHFFHWYY7HSS4FWTMDTQEK8V',
  timestamp: '1736760161',
  secret: 'SMSWebhooksSecret',
  signature: 'ZoHei66PPN/kZjw7hFVfGhJOnml3iGNCMWoyQVcE5o0=',
};
const SECRET = 'webhook-secret-of-the-plan';
const DSN = `sinch://${PLAN}:${TOKEN}@default?from=ACME&webhook_secret=${SECRET}`;

function signed(body: string, { secret = SECRET, at = NOW }: { secret?: string; at?: number } = {}) {
  const timestamp = String(Math.floor(at / 1000));
  const signature = createHmac('sha256', secret).update(`${body}.nonce.${timestamp}`).digest('base64');
  return {
    'x-sinch-webhook-signature': signature,
    'x-sinch-webhook-signature-algorithm': 'HmacSHA256',
    'x-sinch-webhook-signature-nonce': 'nonce',
    'x-sinch-webhook-signature-timestamp': timestamp,
  };
}

const report = (changes: object = {}): string =>
  JSON.stringify({
    type: 'recipient_delivery_report_sms',
    batch_id: '01HF4WG1',
    recipient: '14155552671',
    code: 0,
    status: 'Delivered',
    at: '2026-01-15T10:29:59.000Z',
    operator_status_at: '2026-01-15T10:29:58Z',
    number_of_message_parts: 1,
    ...changes,
  });
const read = (body: string, headers: Record<string, string>, dsn = DSN): Promise<ReportReading> =>
  readReport(dsn, posted(body, headers), 'sms');

describe('a delivery report of Sinch', () => {
  it('tells how the message fared', async () => {
    expect(reportsOf(await read(report(), signed(report())))).toEqual([
      {
        messageId: '01HF4WG1',
        status: 'delivered',
        at: Date.UTC(2026, 0, 15, 10, 29, 58),
        error: null,
        segments: 1,
        price: null,
        suppress: null,
      },
    ]);
  });

  it.each([
    ['Dispatched', 'sent', null],
    ['Failed', 'undelivered', 'code 402'],
    ['Rejected', 'failed', 'code 402'],
    ['Expired', 'undelivered', 'code 402'],
  ])('reads status %s as %s', async (status, expected, error) => {
    const body = report({ status, code: 402 });
    expect(reportsOf(await read(body, signed(body)))).toMatchObject([{ status: expected, error }]);
  });

  it.each([
    ['a status nobody knows', report({ status: 'Unknown' })],
    ['a summary of many', report({ type: 'delivery_report_sms' })],
  ])('means nothing when it is %s', async (_name, body) => {
    expect(reportsOf(await read(body, signed(body)))).toEqual([]);
  });

  it.each<[string, Record<string, string>]>([
    ['of another secret', signed(report(), { secret: 'other' })],
    ['of another body', signed(report({ status: 'Failed' }))],
    ['that is too old', signed(report(), { at: NOW - 301_000 })],
    ['from the future', signed(report(), { at: NOW + 301_000 })],
    ['that is missing', {}],
  ])('is refused with a signature %s', async (_name, headers) => {
    expect(await read(report(), headers)).toMatchObject({ type: 'refused' });
  });

  it('is refused when it is no JSON', async () => {
    expect(await read('{]', signed('{]'))).toMatchObject({ type: 'refused' });
  });

  it('may be proved by a secret in its address instead', async () => {
    const dsn = `sinch://${PLAN}:${TOKEN}@default?from=ACME&callback_secret=0123456789abcdef`;
    const at = (end: string): Promise<ReportReading> =>
      readReport(dsn, posted(report(), {}, `https://otp.acme.example/callbacks/sinch/${end}`), 'sms');
    expect(reportsOf(await at('0123456789abcdef'))).toHaveLength(1);
    expect(await at('0123456789abcdeF')).toMatchObject({ type: 'refused' });
    expect(await read(report(), {}, `sinch://${PLAN}:${TOKEN}@default?from=ACME`)).toMatchObject({ type: 'refused' });
  });

  it('has the signature that the vendor’s own SDK makes', async () => {
    const account = { option: (name: string) => (name === 'webhook_secret' ? VENDOR.secret : null) };
    const headers: Record<string, string> = {
      'x-sinch-webhook-signature': VENDOR.signature,
      'x-sinch-webhook-signature-nonce': VENDOR.nonce,
      'x-sinch-webhook-signature-timestamp': VENDOR.timestamp,
    };
    const now = (): number => Number(VENDOR.timestamp) * 1000;
    const full = { ...account, now, user: '', password: '', baseUrl: '', isOverridden: false };
    expect(await SINCH.report?.(posted(VENDOR.body, headers), full)).toMatchObject({ type: 'reports' });
  });
});
