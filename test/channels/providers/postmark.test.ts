import { describe, expect, it } from 'vitest';
import { providerContract } from '../support/provider-contract.ts';
import { posted, readReport, reportsOf } from '../support/reports.ts';

const TOKEN = '8b4f1c1e-0000-4c4f-9c1e-server-token';
const refused = (ErrorCode: number, Message: string): string => JSON.stringify({ ErrorCode, Message });
const answer = (ErrorCode: number): string =>
  JSON.stringify({
    To: 'x',
    SubmittedAt: '2026-01-15T10:30:00Z',
    MessageID: 'b7bc2f4a-e38e-4336',
    ErrorCode,
    Message: 'OK',
  });

providerContract({
  scheme: 'postmark',
  channel: 'email',
  dsn: (port) => `postmark://${TOKEN}@127.0.0.1:${port}?from=Acme%20<no-reply@acme.example>&stream=otp&tls=0`,
  credentials: [TOKEN],
  success: { reply: { status: 200, body: answer(0) }, messageId: 'b7bc2f4a-e38e-4336' },
  request(call, message) {
    expect(`${call.method} ${call.url}`).toBe('POST /email');
    expect(call.headers['x-postmark-server-token']).toBe(TOKEN);
    expect(JSON.parse(call.body)).toEqual({
      From: '"Acme" <no-reply@acme.example>',
      To: message.to,
      Subject: message.subject,
      TextBody: message.text,
      HtmlBody: message.html,
      Headers: [
        { Name: 'Auto-Submitted', Value: 'auto-generated' },
        { Name: 'X-Auto-Response-Suppress', Value: 'All' },
        { Name: 'Message-ID', Value: `<${message.sendId}@acme.example>` },
        { Name: 'X-PM-KeepID', Value: 'true' },
      ],
      TrackOpens: false,
      TrackLinks: 'None',
      MessageStream: 'otp',
    });
  },
  errors: [
    { code: '10', status: 401, body: refused(10, 'Bad or missing API token'), kind: 'misconfigured' },
    { code: '100', status: 503, body: refused(100, 'Maintenance'), kind: 'unavailable' },
    {
      code: '300',
      status: 422,
      body: refused(300, "Invalid 'To' address: 'jane.doe@recipient.example'."),
      kind: 'rejected',
    },
    { code: '400', status: 422, body: refused(400, 'Sender Signature not found'), kind: 'misconfigured' },
    { code: '401', status: 422, body: refused(401, 'Sender signature not confirmed'), kind: 'misconfigured' },
    { code: '402', status: 422, body: refused(402, 'Invalid JSON'), kind: 'rejected' },
    { code: '403', status: 422, body: refused(403, 'Incompatible JSON'), kind: 'rejected' },
    { code: '405', status: 422, body: refused(405, 'Not allowed to send'), kind: 'misconfigured' },
    {
      code: '406',
      status: 422,
      body: refused(406, 'Found inactive addresses: jane.doe@recipient.example.'),
      kind: 'rejected',
    },
    { code: '409', status: 422, body: refused(409, 'JSON required'), kind: 'rejected' },
    { code: '412', status: 422, body: refused(412, 'Account is Pending'), kind: 'misconfigured' },
    { code: '413', status: 422, body: refused(413, 'Account May Not Send'), kind: 'misconfigured' },
    { code: '429', status: 429, body: refused(429, 'Rate Limit Exceeded'), kind: 'rate_limited' },
    { code: '1235', status: 422, body: refused(1235, 'The message stream does not exist'), kind: 'misconfigured' },
  ],
  hollow: [
    { name: 'an error code', body: answer(406), kind: 'rejected' },
    { name: 'no message id', body: '{"ErrorCode":0}', kind: 'unavailable' },
  ],
});

const SECRET = 'callback-secret-of-acme';
const DSN = `postmark://${TOKEN}@default?from=no-reply@acme.example&callback_secret=${SECRET}`;
const URL_WITH_SECRET = `https://otp.acme.example/callbacks/postmark/${SECRET}`;
const event = (fields: object): string => JSON.stringify({ MessageID: 'b7bc2f4a', ServerID: 23, ...fields });

describe('reports of postmark', () => {
  it.each([
    [
      { RecordType: 'Delivery', DeliveredAt: '2026-01-15T10:30:00Z' },
      { status: 'delivered', suppress: null, at: Date.UTC(2026, 0, 15, 10, 30) },
    ],
    [
      {
        RecordType: 'Bounce',
        Type: 'HardBounce',
        TypeCode: 1,
        Description: 'No mailbox.',
        BouncedAt: '2026-01-15T10:30:00.5+01:00',
      },
      { status: 'undelivered', suppress: 'bounce', error: 'No mailbox.', at: Date.UTC(2026, 0, 15, 9, 30, 0, 500) },
    ],
    [
      { RecordType: 'Bounce', Type: 'SoftBounce' },
      { status: 'undelivered', suppress: null },
    ],
    [
      { RecordType: 'Bounce', Type: 'SMTPApiError' },
      { status: 'failed', suppress: null },
    ],
    [
      { RecordType: 'SpamComplaint', Type: 'SpamComplaint' },
      { status: 'delivered', suppress: 'complaint' },
    ],
    [
      { RecordType: 'SubscriptionChange', SuppressSending: true, SuppressionReason: 'ManualSuppression' },
      { suppress: 'stop' },
    ],
    [
      { RecordType: 'SubscriptionChange', SuppressSending: true, SuppressionReason: 'HardBounce' },
      { suppress: 'bounce' },
    ],
  ])('reads %j', async (fields, expected) => {
    const [report] = reportsOf(await readReport(DSN, posted(event(fields), {}, URL_WITH_SECRET)));
    expect(report).toMatchObject({ messageId: 'b7bc2f4a', ...expected });
  });

  it.each([
    { RecordType: 'Open' },
    { RecordType: 'Bounce', Type: 'AutoResponder' },
    { RecordType: 'Bounce', Type: 'constructor' },
    { RecordType: 'SubscriptionChange', SuppressSending: false },
    { RecordType: 'SubscriptionChange', SuppressSending: true, SuppressionReason: 'HardBounce', MessageID: null },
    {},
  ])('leaves out %j', async (fields) => {
    expect(reportsOf(await readReport(DSN, posted(event(fields), {}, URL_WITH_SECRET)))).toEqual([]);
  });

  it.each([
    ['the last path segment', URL_WITH_SECRET, {}],
    ['?s=', `https://otp.acme.example/callbacks/postmark?s=${SECRET}`, {}],
    ['basic auth', 'https://otp.acme.example/callbacks/postmark', { authorization: `Basic ${btoa(`any:${SECRET}`)}` }],
  ])('takes the secret from %s', async (_where, url, headers) => {
    expect((await readReport(DSN, posted('{}', headers, url))).type).toBe('reports');
  });

  it.each([
    ['no secret', 'https://otp.acme.example/callbacks/postmark', {}],
    ['a wrong secret', `https://otp.acme.example/callbacks/postmark?s=${SECRET}x`, {}],
    ['a part of it', `https://otp.acme.example/callbacks/postmark/${SECRET.slice(0, -1)}`, {}],
    ['an empty password', 'https://otp.acme.example/callbacks/postmark', { authorization: `Basic ${btoa('any:')}` }],
    ['no address', 'not an address', {}],
  ])('refuses %s', async (_what, url, headers) => {
    expect((await readReport(DSN, posted(event({ RecordType: 'Delivery' }), headers, url))).type).toBe('refused');
  });

  it('refuses all without the option, and broken JSON', async () => {
    const dsn = `postmark://${TOKEN}@default?from=no-reply@acme.example`;
    expect((await readReport(dsn, posted('{}', {}, URL_WITH_SECRET))).type).toBe('refused');
    expect((await readReport(DSN, posted('{', {}, URL_WITH_SECRET))).type).toBe('refused');
  });
});
