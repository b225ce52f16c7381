import { createPrivateKey, sign, X509Certificate } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { publicKeyOf } from '../../../src/channels/provider/certificate.ts';
import { createChannel } from '../../../src/channels/index.ts';
import { secret } from '../../../src/core/redacted.ts';
import { selfSigned } from '../../support/self-signed.ts';
import { emailMessage, NOW, patient, recordingTools } from '../support/messages.ts';
import { providerContract } from '../support/provider-contract.ts';
import { startProviderServer } from '../support/provider-server.ts';
import { posted, readReport, reportsOf } from '../support/reports.ts';

const ID = 'AKIAIOSFODNN7EXAMPLE';
const KEY = 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY';
const dsn = (port: number, from = 'Acme%20<no-reply@acme.example>'): string =>
  `ses://${ID}:${encodeURIComponent(KEY)}@127.0.0.1:${port}?region=eu-west-1&from=${from}&configuration_set=otp&tls=0`;

const named = (code: string, status: number, kind: 'misconfigured' | 'rejected' | 'unavailable' | 'rate_limited') => ({
  code,
  status,
  body: JSON.stringify({ __type: `com.amazonaws.sesv2#${code}`, message: 'Refused.' }),
  kind,
});

providerContract({
  scheme: 'ses',
  channel: 'email',
  dsn,
  credentials: [ID, KEY],
  success: { reply: { status: 200, body: '{"MessageId":"010201-0000"}' }, messageId: '010201-0000' },
  request(call, message) {
    expect(`${call.method} ${call.url}`).toBe('POST /v2/email/outbound-emails');
    expect(call.headers['x-amz-date']).toBe('20260115T103000Z');
    expect(call.headers.authorization).toMatch(
      /^AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE\/20260115\/eu-west-1\/ses\/aws4_request, SignedHeaders=content-type;host;x-amz-date, Signature=[0-9a-f]{64}$/,
    );
    expect(JSON.parse(call.body)).toEqual({
      FromEmailAddress: '"Acme" <no-reply@acme.example>',
      Destination: { ToAddresses: [message.to] },
      Content: {
        Simple: {
          Subject: { Data: message.subject, Charset: 'UTF-8' },
          Body: { Text: { Data: message.text, Charset: 'UTF-8' }, Html: { Data: message.html, Charset: 'UTF-8' } },
          Headers: [
            { Name: 'Auto-Submitted', Value: 'auto-generated' },
            { Name: 'X-Auto-Response-Suppress', Value: 'All' },
          ],
        },
      },
      ConfigurationSetName: 'otp',
    });
  },
  errors: [
    named('MessageRejected', 400, 'rejected'),
    named('BadRequestException', 400, 'rejected'),
    named('MailFromDomainNotVerifiedException', 400, 'misconfigured'),
    {
      code: 'MessageRejected for an unknown sender',
      status: 400,
      body: JSON.stringify({
        __type: 'MessageRejected',
        message: 'Email address is not verified. The following identities failed the check: no-reply@acme.example',
      }),
      kind: 'misconfigured',
    },
    named('AccountSuspendedException', 400, 'misconfigured'),
    named('SendingPausedException', 400, 'misconfigured'),
    named('NotFoundException', 404, 'misconfigured'),
    named('LimitExceededException', 400, 'rate_limited'),
    named('TooManyRequestsException', 429, 'rate_limited'),
    named('ThrottlingException', 400, 'rate_limited'),
    named('AccessDeniedException', 403, 'misconfigured'),
    named('UnrecognizedClientException', 403, 'misconfigured'),
    named('InvalidClientTokenId', 403, 'misconfigured'),
    named('InvalidSignatureException', 403, 'misconfigured'),
    named('SignatureDoesNotMatch', 403, 'misconfigured'),
    named('MissingAuthenticationTokenException', 403, 'misconfigured'),
    named('ExpiredTokenException', 403, 'misconfigured'),
    named('RequestExpired', 400, 'misconfigured'),
    named('InternalFailure', 500, 'unavailable'),
    named('InternalServiceErrorException', 500, 'unavailable'),
    named('ServiceUnavailable', 503, 'unavailable'),
  ],
  hollow: [{ name: 'no id', body: '{}', kind: 'unavailable' }],
});

describe('an e-mail through ses', () => {
  it('reads the name of an error from the header too', async () => {
    const headers = { 'x-amzn-errortype': 'TooManyRequestsException:http://internal.amazon.com/coral/' };
    const server = await startProviderServer({
      status: 400,
      body: '{"message":"Maximum sending rate exceeded."}',
      headers,
    });
    const channel = await createChannel(secret(dsn(server.port)), 'email', recordingTools());
    expect(await channel.send(emailMessage(), patient())).toMatchObject({ kind: 'rate_limited', retry: 'retry' });
    await server.close();
  });

  it('writes a sender’s name that is not ASCII as encoded words', async () => {
    const server = await startProviderServer({ status: 200, body: '{"MessageId":"1"}' });
    const name = 'Müller & Söhne – Прокат 銀行';
    const channel = await createChannel(
      secret(dsn(server.port, `${encodeURIComponent(name)}%20<a@acme.example>`)),
      'email',
      recordingTools(),
    );
    await channel.send(emailMessage(), patient());
    const { FromEmailAddress } = JSON.parse(server.calls[0]?.body ?? '{}') as { FromEmailAddress: string };
    expect(FromEmailAddress).toMatch(/^(?:=\?UTF-8\?B\?[A-Za-z0-9+/=]{1,63}\?= )+<a@acme\.example>$/);
    const words = [...FromEmailAddress.matchAll(/\?B\?([^?]+)\?=/g)].map(([, word]) =>
      Buffer.from(word ?? '', 'base64').toString(),
    );
    expect(words.join('')).toBe(name);
    await server.close();
  });
});

const TOPIC = 'arn:aws:sns:eu-west-1:123456789012:ses-events';
const CERTIFICATE = 'https://sns.eu-west-1.amazonaws.com/SimpleNotificationService-0123456789abcdef.pem';
const REPORTS = `ses://${ID}:${encodeURIComponent(KEY)}@default?region=eu-west-1&from=a@acme.example&topic=${encodeURIComponent(TOPIC)}`;
const { key, cert } = selfSigned();

interface Posted {
  readonly changes?: Readonly<Record<string, string>>;
  readonly tamper?: Readonly<Record<string, string>>;
}

/** What SNS posts, signed as its manual says. `changes` are signed, what is tampered with is not. */
function notification(message: unknown, { changes = {}, tamper = {} }: Posted = {}): ReturnType<typeof posted> {
  const fields: Record<string, string> = {
    Type: 'Notification',
    MessageId: 'da41e39f-ea4d-435a-b922-c6aae3915ebe',
    TopicArn: TOPIC,
    Message: typeof message === 'string' ? message : JSON.stringify(message),
    Timestamp: new Date(NOW).toISOString(),
    SignatureVersion: '2',
    SigningCertURL: CERTIFICATE,
    ...changes,
  };
  const names = ['Message', 'MessageId', 'Subject', 'SubscribeURL', 'Timestamp', 'Token', 'TopicArn', 'Type'];
  const content = names.flatMap((name) => (fields[name] === undefined ? [] : [`${name}\n${fields[name]}\n`])).join('');
  const algorithm = fields['SignatureVersion'] === '1' ? 'sha1' : 'sha256';
  const Signature = sign(algorithm, Buffer.from(content), createPrivateKey(key)).toString('base64');
  return posted(JSON.stringify({ ...fields, Signature, ...tamper }));
}

const event = (eventType: string, parts: object = {}): object => ({
  eventType,
  mail: { messageId: '010201-0000', timestamp: '2026-01-15T10:29:00.000Z' },
  ...parts,
});

describe('reports of ses', () => {
  const asked: string[] = [];

  beforeEach(() => {
    asked.length = 0;
    vi.stubGlobal('fetch', async (url: string) => {
      asked.push(url);
      return new Response(cert);
    });
  });
  afterEach(() => vi.unstubAllGlobals());

  it.each([
    [event('Send'), { status: 'sent', suppress: null }],
    [
      event('Delivery', { delivery: { timestamp: '2026-01-15T10:29:59.000Z' } }),
      { status: 'delivered', at: NOW - 1000 },
    ],
    [
      event('Bounce', {
        bounce: {
          bounceType: 'Permanent',
          bounceSubType: 'General',
          timestamp: '2026-01-15T10:29:58.000Z',
          bouncedRecipients: [
            { emailAddress: 'jane@x.example', diagnosticCode: 'smtp; 550 5.1.1 <jane@x.example> unknown' },
          ],
        },
      }),
      { status: 'undelivered', suppress: 'bounce', at: NOW - 2000, error: 'smtp; 550 5.1.1 <…> unknown' },
    ],
    [
      event('Bounce', { bounce: { bounceType: 'Transient', bounceSubType: 'MailboxFull' } }),
      { suppress: null, error: 'MailboxFull' },
    ],
    [event('Complaint', { complaint: { complaintSubType: null } }), { status: 'delivered', suppress: 'complaint' }],
    [
      event('Complaint', { complaint: { complaintSubType: 'OnAccountSuppressionList' } }),
      { status: 'undelivered', suppress: 'complaint' },
    ],
    [event('Reject', { reject: { reason: 'Bad content' } }), { status: 'failed', error: 'Bad content' }],
    [{ ...event('x'), eventType: undefined, notificationType: 'Delivery' }, { status: 'delivered' }],
  ])('reads %j', async (body, expected) => {
    const [report] = reportsOf(await readReport(REPORTS, notification(body)));
    expect(report).toMatchObject({ messageId: '010201-0000', ...expected });
  });

  it('reads both versions of the signature, and a subject', async () => {
    for (const SignatureVersion of ['1', '2']) {
      const changes = { SignatureVersion, Subject: 'Amazon SES Email Event Notification' };
      expect(reportsOf(await readReport(REPORTS, notification(event('Delivery'), { changes })))).toHaveLength(1);
    }
  });

  it('leaves out what says nothing', async () => {
    for (const body of [
      event('Open'),
      event('DeliveryDelay'),
      'Successfully validated SNS topic.',
      { eventType: 'Send' },
    ])
      expect(reportsOf(await readReport(REPORTS, notification(body)))).toEqual([]);
  });

  it('asks to confirm a subscription of its own topic', async () => {
    const SubscribeURL = 'https://sns.eu-west-1.amazonaws.com/?Action=ConfirmSubscription&Token=2336';
    const changes = { Type: 'SubscriptionConfirmation', Token: '2336', SubscribeURL };
    expect(await readReport(REPORTS, notification('Confirm.', { changes }))).toEqual({
      type: 'confirm',
      url: SubscribeURL,
    });
    const elsewhere = { ...changes, SubscribeURL: 'https://evil.example/?Action=ConfirmSubscription' };
    expect(await readReport(REPORTS, notification('Confirm.', { changes: elsewhere }))).toEqual({
      type: 'reports',
      reports: [],
    });
  });

  it.each([
    ['another message', { tamper: { Message: '{}' } }],
    ['another type', { tamper: { Type: 'UnsubscribeConfirmation' } }],
    ['another topic', { changes: { TopicArn: 'arn:aws:sns:eu-west-1:999999999999:evil' } }],
    ['no known version', { changes: { SignatureVersion: '3' } }],
    ['an old time', { changes: { Timestamp: new Date(NOW - 301_000).toISOString() } }],
    ['no time', { changes: { Timestamp: 'soon' } }],
  ])('refuses %s', async (_what, how) => {
    expect((await readReport(REPORTS, notification(event('Delivery'), how))).type).toBe('refused');
  });

  it.each([
    'https://sns.eu-west-1.amazonaws.com.evil.example/SimpleNotificationService-0.pem',
    'http://sns.eu-west-1.amazonaws.com/SimpleNotificationService-0.pem',
    'https://sns.eu-west-1.amazonaws.com@evil.example/SimpleNotificationService-0.pem',
    'https://sns.eu-west-1.amazonaws.com/evil/SimpleNotificationService-0.pem',
    'https://evil.example/SimpleNotificationService-0.pem',
    '',
  ])('opens no certificate at %s', async (SigningCertURL) => {
    expect((await readReport(REPORTS, notification(event('Delivery'), { changes: { SigningCertURL } }))).type).toBe(
      'refused',
    );
    expect(asked).toEqual([]);
  });

  it('refuses all without a topic', async () => {
    const without = REPORTS.replace(/&topic=.*$/, '');
    expect((await readReport(without, notification(event('Delivery')))).type).toBe('refused');
  });
});

describe('the key of a certificate', () => {
  it('is what Node.js reads from it', () => {
    const { publicKey } = new X509Certificate(cert);
    expect(Buffer.from(publicKeyOf(cert) ?? []).equals(publicKey.export({ type: 'spki', format: 'der' }))).toBe(true);
  });

  it.each([
    '',
    'x',
    '-----BEGIN CERTIFICATE-----MIID-----END CERTIFICATE-----',
    '-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----',
  ])('is none of %j', (text) => expect(publicKeyOf(text)).toBe(null));
});
