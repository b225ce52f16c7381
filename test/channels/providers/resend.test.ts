import { createHmac } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createChannel } from '../../../src/channels/index.ts';
import { secret } from '../../../src/core/redacted.ts';
import { emailMessage, NOW, patient, recordingTools } from '../support/messages.ts';
import { providerContract } from '../support/provider-contract.ts';
import { type ProviderServer, startProviderServer } from '../support/provider-server.ts';
import { posted, readReport, reportsOf } from '../support/reports.ts';

const KEY = 're_key_of_the_account';
const dsn = (port: number): string => `resend://${KEY}@127.0.0.1:${port}?from=Acme%20<no-reply@acme.example>&tls=0`;
const refused = (statusCode: number, name: string, message: string): string =>
  JSON.stringify({ statusCode, name, message });
const error = (
  code: string,
  status: number,
  kind: 'misconfigured' | 'rejected' | 'unavailable' | 'rate_limited',
  message = 'x',
) => ({
  code,
  status,
  body: refused(status, code, message),
  kind,
});

providerContract({
  scheme: 'resend',
  channel: 'email',
  dsn,
  credentials: [KEY],
  success: { reply: { status: 200, body: '{"id":"49a3999c-0ce1-4ea6"}' }, messageId: '49a3999c-0ce1-4ea6' },
  request(call, message) {
    expect(`${call.method} ${call.url}`).toBe('POST /emails');
    expect(call.headers.authorization).toBe(`Bearer ${KEY}`);
    expect(call.headers['idempotency-key']).toBe(message.sendId);
    expect(JSON.parse(call.body)).toEqual({
      from: '"Acme" <no-reply@acme.example>',
      to: [message.to],
      subject: message.subject,
      text: message.text,
      html: message.html,
      headers: { 'Auto-Submitted': 'auto-generated', 'X-Auto-Response-Suppress': 'All' },
    });
  },
  errors: [
    error('invalid_idempotency_key', 400, 'rejected', 'The key must be between 1-256 chars.'),
    error('validation_error', 400, 'rejected', 'We found an error with one or more fields in the request.'),
    error('validation_error', 403, 'misconfigured', 'The acme.example domain is not verified.'),
    error('validation_error', 422, 'rejected', 'Invalid `to` field.'),
    error('missing_api_key', 401, 'misconfigured', 'Missing API key in the authorization header.'),
    error('restricted_api_key', 401, 'misconfigured', 'This API key is restricted to only send emails.'),
    error('invalid_api_key', 403, 'misconfigured', 'API key is invalid.'),
    error('suspended_api_key', 403, 'misconfigured', 'This API key is suspended.'),
    error('invalid_from_address', 422, 'misconfigured', 'Invalid `from` field.'),
    error('invalid_access', 422, 'misconfigured'),
    error('invalid_region', 422, 'misconfigured'),
    error('invalid_parameter', 422, 'rejected'),
    error('missing_required_field', 422, 'rejected'),
    error('not_found', 404, 'misconfigured', 'The requested endpoint does not exist.'),
    error('method_not_allowed', 405, 'misconfigured'),
    error('concurrent_idempotent_requests', 409, 'unavailable'),
    error('daily_quota_exceeded', 429, 'rate_limited'),
    error('monthly_quota_exceeded', 429, 'rate_limited'),
    error('rate_limit_exceeded', 429, 'rate_limited', 'Too many requests.'),
    error('security_error', 451, 'rejected'),
    error('application_error', 500, 'unavailable'),
    error('internal_server_error', 500, 'unavailable'),
  ],
  hollow: [{ name: 'no id', body: '{"object":"email"}', kind: 'unavailable' }],
});

describe('a send whose key is taken with other words', () => {
  let server: ProviderServer;
  beforeAll(async () => {
    const body = refused(
      409,
      'invalid_idempotent_request',
      'Same idempotency key used with a different request payload.',
    );
    server = await startProviderServer({ status: 409, body });
  });
  afterAll(() => server.close());

  it('went out at an earlier try: it counts as accepted and is not sent again elsewhere', async () => {
    const channel = await createChannel(secret(dsn(server.port)), 'email', recordingTools());
    expect(await channel.send(emailMessage(), patient())).toEqual({ type: 'accepted', messageId: null });
  });
});

describe('a recipient or sender that is no plain address', () => {
  it.each([
    [{ to: 'a@b.example, c@d.example' }, 'invalid_destination'],
    [{ to: 'a@b.example\r\nBcc: c@d.example' }, 'invalid_destination'],
    [{ from: 'Acme' }, 'misconfigured'],
    [{ from: 'Acme <a@b.example>, c@d.example' }, 'misconfigured'],
  ])('is sent to no provider: %j', async (changes, kind) => {
    const channel = await createChannel(secret(dsn(9)), 'email', recordingTools());
    expect(await channel.send(emailMessage(changes), patient())).toMatchObject({
      type: 'failure',
      kind,
      retry: 'final',
    });
  });
});

const SECRET = Buffer.from('0123456789abcdef01234567').toString('base64');
const DSN = `resend://${KEY}@default?from=no-reply@acme.example&webhook_secret=whsec_${encodeURIComponent(SECRET)}`;

function signed(event: unknown, { at = NOW, body = JSON.stringify(event), more = '' } = {}): ReturnType<typeof posted> {
  const time = String(Math.floor(at / 1000));
  const content = `msg_1.${time}.${JSON.stringify(event)}`;
  const signature = createHmac('sha256', Buffer.from(SECRET, 'base64')).update(content).digest('base64');
  return posted(body, { 'svix-id': 'msg_1', 'svix-timestamp': time, 'svix-signature': `${more}v1,${signature}` });
}

const event = (type: string, data: object = {}): object => ({
  type,
  created_at: '2026-01-15T10:29:58.000Z',
  data: { email_id: '49a3999c-0ce1-4ea6', to: ['jane.doe@recipient.example'], ...data },
});

describe('reports of resend', () => {
  it.each([
    [event('email.sent'), { status: 'sent', suppress: null }],
    [event('email.delivered'), { status: 'delivered', suppress: null }],
    [
      event('email.bounced', { bounce: { type: 'Permanent', message: 'No such mailbox.' } }),
      { status: 'undelivered', suppress: 'bounce', error: 'No such mailbox.' },
    ],
    [
      event('email.bounced', { bounce: { type: 'Transient', message: 'Mailbox full.' } }),
      { status: 'undelivered', suppress: null },
    ],
    [event('email.complained'), { status: 'delivered', suppress: 'complaint' }],
    [
      event('email.failed', { failed: { reason: 'reached_daily_quota' } }),
      { status: 'failed', error: 'reached_daily_quota' },
    ],
    [event('email.suppressed'), { status: 'undelivered', suppress: null }],
  ])('reads %j', async (body, expected) => {
    const [report] = reportsOf(await readReport(DSN, signed(body)));
    expect(report).toMatchObject({ messageId: '49a3999c-0ce1-4ea6', at: NOW - 2000, ...expected });
  });

  it('leaves out what says nothing', async () => {
    for (const body of [event('email.opened'), event('email.delivery_delayed'), { type: 'email.delivered' }, null])
      expect(reportsOf(await readReport(DSN, signed(body)))).toEqual([]);
  });

  it('takes one right signature of several, as when a secret is rotated', async () => {
    expect((await readReport(DSN, signed({}, { more: 'v1,d3Jvbmc= v1a,x ' }))).type).toBe('reports');
  });

  it.each([
    ['another body', signed(event('email.sent'), { body: JSON.stringify(event('email.delivered')) })],
    ['no signature', posted('{}')],
    ['an old time', signed({}, { at: NOW - 301_000 })],
    ['a time to come', signed({}, { at: NOW + 301_000 })],
  ])('refuses %s', async (_what, request) => {
    expect((await readReport(DSN, request)).type).toBe('refused');
  });

  it('refuses all without a secret', async () => {
    expect((await readReport(`resend://${KEY}@default?from=a@b.example`, signed({}))).type).toBe('refused');
  });
});
