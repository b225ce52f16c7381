import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { PROVIDERS } from '../../../src/channels/providers/index.ts';
import { NOW } from '../support/messages.ts';
import { providerContract } from '../support/provider-contract.ts';
import { posted, readReport, reportsOf } from '../support/reports.ts';

const DOMAIN = 'mg.acme.example';
const KEY = 'key-of-the-account-0123';
const said = (message: string): string => JSON.stringify({ message });

providerContract({
  scheme: 'mailgun',
  channel: 'email',
  dsn: (port) => `mailgun://${DOMAIN}:${KEY}@127.0.0.1:${port}?from=Acme%20<no-reply@mg.acme.example>&tls=0`,
  credentials: [KEY],
  success: {
    reply: { status: 200, body: '{"id":"<snd_1@mg.acme.example>","message":"Queued. Thank you."}' },
    messageId: 'snd_1@mg.acme.example',
  },
  request(call, message) {
    expect(`${call.method} ${call.url}`).toBe(`POST /v3/${DOMAIN}/messages`);
    expect(call.headers.authorization).toBe(`Basic ${btoa(`api:${KEY}`)}`);
    expect(Object.fromEntries(new URLSearchParams(call.body))).toEqual({
      from: '"Acme" <no-reply@mg.acme.example>',
      to: message.to,
      subject: message.subject,
      text: message.text,
      html: message.html,
      'o:tracking': 'no',
      'o:tracking-clicks': 'no',
      'o:tracking-opens': 'no',
      'h:Auto-Submitted': 'auto-generated',
      'h:X-Auto-Response-Suppress': 'All',
      'h:Message-Id': `<${message.sendId}@mg.acme.example>`,
    });
  },
  errors: [
    {
      code: "'to' parameter",
      status: 400,
      body: said("'to' parameter is not a valid address. please check documentation"),
      kind: 'invalid_destination',
    },
    {
      code: "'from' parameter",
      status: 400,
      body: said("'from' parameter is not a valid address. please check documentation"),
      kind: 'misconfigured',
    },
    { code: '400', status: 400, body: said('Need at least one of text, html or template'), kind: 'rejected' },
    { code: '401', status: 401, body: 'Forbidden', kind: 'misconfigured' },
    { code: '402', status: 402, body: said('Payment required'), kind: 'misconfigured' },
    { code: '403', status: 403, body: said('Domain mg.acme.example is not allowed to send'), kind: 'misconfigured' },
    { code: '404', status: 404, body: said('Domain not found: mg.acme.example'), kind: 'misconfigured' },
    { code: '413', status: 413, body: said('Request entity too large'), kind: 'rejected' },
    { code: '429', status: 429, body: said('Too many requests'), kind: 'rate_limited' },
    { code: '500', status: 500, body: said('Internal Server Error'), kind: 'unavailable' },
  ],
  hollow: [{ name: 'no id', body: said('Queued. Thank you.'), kind: 'unavailable' }],
});

const SIGNING_KEY = 'webhook-signing-key-of-acme';
const SECRET = 'callback-secret-of-acme';
const DSN = `mailgun://${DOMAIN}:${KEY}@default?from=a@mg.acme.example&signing_key=${SIGNING_KEY}`;

function signed(
  data: unknown,
  { at = NOW, key = SIGNING_KEY, url = 'https://otp.acme.example/callbacks/mailgun' } = {},
): ReturnType<typeof posted> {
  const timestamp = String(Math.floor(at / 1000));
  const token = 'a'.repeat(50);
  const signature = createHmac('sha256', key)
    .update(timestamp + token)
    .digest('hex');
  return posted(JSON.stringify({ signature: { timestamp, token, signature }, 'event-data': data }), {}, url);
}

const event = (fields: object): object => ({
  timestamp: NOW / 1000 - 0.5,
  message: { headers: { 'message-id': 'snd_1@mg.acme.example' } },
  recipient: 'jane.doe@recipient.example',
  ...fields,
});

describe('reports of mailgun', () => {
  it.each([
    [{ event: 'delivered' }, { status: 'delivered', suppress: null }],
    [
      {
        event: 'failed',
        severity: 'permanent',
        reason: 'bounce',
        'delivery-status': { code: 550, message: '5.1.1 No such user' },
      },
      { status: 'undelivered', suppress: 'bounce', error: '5.1.1 No such user' },
    ],
    [
      { event: 'failed', severity: 'permanent', reason: 'suppress-bounce' },
      { status: 'undelivered', suppress: 'bounce' },
    ],
    [{ event: 'failed', severity: 'permanent', reason: 'suppress-complaint' }, { suppress: 'complaint' }],
    [{ event: 'failed', severity: 'permanent', reason: 'suppress-unsubscribe' }, { suppress: 'stop' }],
    [
      { event: 'failed', severity: 'permanent', reason: 'old' },
      { status: 'undelivered', suppress: null },
    ],
    [
      { event: 'rejected', reject: { reason: 'Sandbox' } },
      { status: 'failed', error: 'Sandbox' },
    ],
    [{ event: 'complained' }, { status: 'delivered', suppress: 'complaint' }],
    [{ event: 'unsubscribed' }, { status: 'delivered', suppress: 'stop' }],
  ])('reads %j', async (fields, expected) => {
    const [report] = reportsOf(await readReport(DSN, signed(event(fields))));
    expect(report).toMatchObject({ messageId: 'snd_1@mg.acme.example', at: NOW - 500, ...expected });
  });

  it('leaves out what says nothing', async () => {
    const nothing = [
      event({ event: 'opened' }),
      event({ event: 'failed', severity: 'temporary' }),
      { event: 'delivered' },
      null,
    ];
    for (const data of nothing) expect(reportsOf(await readReport(DSN, signed(data)))).toEqual([]);
  });

  it.each([
    ['another key', signed(event({ event: 'delivered' }), { key: 'another-signing-key-0' })],
    ['no signature', posted('{}')],
    ['an old time', signed({}, { at: NOW - 301_000 })],
    ['a time to come', signed({}, { at: NOW + 301_000 })],
    ['broken JSON', posted('{')],
  ])('refuses %s', async (_what, request) => {
    expect((await readReport(DSN, request)).type).toBe('refused');
  });

  it('asks for the callback secret too where one is set, as the signature does not cover the content', async () => {
    const dsn = `${DSN}&callback_secret=${SECRET}`;
    const url = `https://otp.acme.example/callbacks/mailgun/${SECRET}`;
    expect((await readReport(dsn, signed(event({ event: 'delivered' })))).type).toBe('refused');
    expect((await readReport(dsn, signed(event({ event: 'delivered' }), { url }))).type).toBe('reports');
  });

  it('refuses all without a signing key', async () => {
    expect((await readReport(`mailgun://${DOMAIN}:${KEY}@default?from=a@b.example`, signed({}))).type).toBe('refused');
  });

  it('has a host in the EU', () => {
    const host = PROVIDERS['mailgun']?.host;
    if (typeof host !== 'function') throw new Error('one host only');
    expect([host(() => null), host(() => 'eu')]).toEqual(['api.mailgun.net', 'api.eu.mailgun.net']);
  });
});
