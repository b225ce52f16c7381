import { generateKeyPairSync, sign } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { NOW } from '../support/messages.ts';
import { providerContract } from '../support/provider-contract.ts';
import { posted, readReport, reportsOf } from '../support/reports.ts';

const KEY = 'SG.key-of-the-account.secret-part';
const refused = (message: string, field: string | null): string => JSON.stringify({ errors: [{ message, field }] });

providerContract({
  scheme: 'sendgrid',
  channel: 'email',
  dsn: (port) => `sendgrid://${KEY}@127.0.0.1:${port}?from=Acme%20<no-reply@acme.example>&tls=0`,
  credentials: [KEY],
  success: {
    reply: { status: 202, body: '', headers: { 'x-message-id': 'W86EgYT6SQKk0lRflfLRsA' } },
    messageId: 'W86EgYT6SQKk0lRflfLRsA',
  },
  request(call, message) {
    expect(`${call.method} ${call.url}`).toBe('POST /v3/mail/send');
    expect(call.headers.authorization).toBe(`Bearer ${KEY}`);
    expect(JSON.parse(call.body)).toEqual({
      personalizations: [{ to: [{ email: message.to }] }],
      from: { email: 'no-reply@acme.example', name: 'Acme' },
      subject: message.subject,
      content: [
        { type: 'text/plain', value: message.text },
        { type: 'text/html', value: message.html },
      ],
      headers: {
        'Auto-Submitted': 'auto-generated',
        'X-Auto-Response-Suppress': 'All',
        'Message-ID': `<${message.sendId}@acme.example>`,
      },
      tracking_settings: {
        click_tracking: { enable: false, enable_text: false },
        open_tracking: { enable: false },
        subscription_tracking: { enable: false },
        ganalytics: { enable: false },
      },
    });
  },
  errors: [
    {
      code: 'personalizations.0.to.0.email',
      status: 400,
      body: refused('Does not contain a valid address.', 'personalizations.0.to.0.email'),
      kind: 'invalid_destination',
    },
    {
      code: 'from.email',
      status: 400,
      body: refused('Does not contain a valid address.', 'from.email'),
      kind: 'misconfigured',
    },
    {
      code: 'from',
      status: 403,
      body: refused('The from address does not match a verified Sender Identity.', 'from'),
      kind: 'misconfigured',
    },
    {
      code: '401',
      status: 401,
      body: refused('The provided authorization grant is invalid', null),
      kind: 'misconfigured',
    },
    { code: '406', status: 406, body: refused('Missing Accept header', null), kind: 'misconfigured' },
    { code: '413', status: 413, body: refused('Payload too large', null), kind: 'rejected' },
    { code: '429', status: 429, body: refused('too many requests', null), kind: 'rate_limited' },
    { code: '451', status: 451, body: refused('Unavailable', null), kind: 'misconfigured' },
  ],
  hollow: [{ name: 'the sandbox mode', body: '', kind: 'unavailable' }],
});

const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const SPKI = publicKey.export({ type: 'spki', format: 'der' }).toString('base64');
const DSN = `sendgrid://${KEY}@default?from=no-reply@acme.example&webhook_key=${encodeURIComponent(SPKI)}`;

function signed(events: unknown, { at = NOW, body = JSON.stringify(events) } = {}): ReturnType<typeof posted> {
  const time = String(Math.floor(at / 1000));
  return posted(body, {
    'x-twilio-email-event-webhook-timestamp': time,
    'x-twilio-email-event-webhook-signature': sign(
      'sha256',
      Buffer.from(time + JSON.stringify(events)),
      privateKey,
    ).toString('base64'),
  });
}

const event = (fields: object): object => ({
  email: 'jane.doe@recipient.example',
  timestamp: NOW / 1000,
  sg_event_id: 'e1',
  sg_message_id: 'W86EgYT6SQKk0lRflfLRsA.filterdrecv-5645d9c87f-78xbw-1-61F7.0',
  ...fields,
});

describe('reports of sendgrid', () => {
  it.each([
    [{ event: 'processed' }, { status: 'sent', suppress: null }],
    [
      { event: 'delivered', response: '250 OK' },
      { status: 'delivered', suppress: null },
    ],
    [
      { event: 'bounce', type: 'bounce', reason: '550 no such user' },
      { status: 'undelivered', suppress: 'bounce', error: '550 no such user' },
    ],
    [
      { event: 'bounce', type: 'blocked', reason: 'policy' },
      { status: 'undelivered', suppress: null },
    ],
    [
      { event: 'dropped', reason: 'Bounced Address' },
      { status: 'undelivered', suppress: 'bounce' },
    ],
    [
      { event: 'dropped', reason: 'Unsubscribed Address' },
      { status: 'undelivered', suppress: 'stop' },
    ],
    [
      { event: 'dropped', reason: 'Spam Reporting Address' },
      { status: 'undelivered', suppress: 'complaint' },
    ],
    [
      { event: 'dropped', reason: 'Invalid SMTPAPI header' },
      { status: 'failed', suppress: null },
    ],
    [{ event: 'spamreport' }, { status: 'delivered', suppress: 'complaint' }],
    [{ event: 'group_unsubscribe' }, { status: 'delivered', suppress: 'stop' }],
  ])('reads %j', async (fields, expected) => {
    const [report] = reportsOf(await readReport(DSN, signed([event(fields)])));
    expect(report).toMatchObject({ messageId: 'W86EgYT6SQKk0lRflfLRsA', at: NOW, ...expected });
  });

  it('reads many events at once and leaves out what says nothing', async () => {
    const events = [event({ event: 'open' }), event({ event: 'deferred' }), event({ event: 'delivered' }), 5, null, {}];
    expect(reportsOf(await readReport(DSN, signed(events)))).toHaveLength(1);
    expect(reportsOf(await readReport(DSN, signed({ event: 'delivered' })))).toEqual([]);
  });

  it('accepts every length that r and s of a signature can have', async () => {
    for (let i = 0; i < 600; i++) {
      const reading = await readReport(DSN, signed([event({ event: 'delivered', sg_event_id: String(i) })]));
      expect(reading.type).toBe('reports');
    }
  });

  it.each([
    ['another body', signed([event({ event: 'delivered' })], { body: '[]' })],
    ['no signature', posted('[]')],
    [
      'a signature that is no DER',
      posted('[]', { 'x-twilio-email-event-webhook-signature': 'MAAA', 'x-twilio-email-event-webhook-timestamp': '1' }),
    ],
    ['an old time', signed([], { at: NOW - 301_000 })],
    ['a time to come', signed([], { at: NOW + 301_000 })],
  ])('refuses %s', async (_what, request) => {
    expect((await readReport(DSN, request)).type).toBe('refused');
  });

  it('refuses all without a key, and broken JSON', async () => {
    const dsn = `sendgrid://${KEY}@default?from=no-reply@acme.example`;
    expect((await readReport(dsn, signed([]))).type).toBe('refused');
    expect((await readReport(DSN, { ...signed([]), body: '[' })).type).toBe('refused');
  });
});
