import { createHash, createHmac, createVerify, generateKeyPairSync } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { createChannel } from '../../../src/channels/index.ts';
import { secret } from '../../../src/core/redacted.ts';
import type { FailureKind } from '../../../src/ports/channel.ts';
import { NOW, patient, recordingTools, SEND_ID, smsMessage } from '../support/messages.ts';
import { providerContract } from '../support/provider-contract.ts';
import { posted, readReport } from '../support/reports.ts';

const APPLICATION = 'aaaaaaaa-bbbb-cccc-dddd-0123456789ab';
const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const KEY = privateKey.export({ type: 'pkcs8', format: 'der' }).toString('base64url');
const PEM = encodeURIComponent(privateKey.export({ type: 'pkcs8', format: 'pem' }).toString());

const ERRORS: readonly (readonly [code: string, status: number, kind: FailureKind])[] = [
  ['low-balance', 402, 'misconfigured'],
  ['unauthorized', 401, 'misconfigured'],
  ['forbidden', 403, 'misconfigured'],
  ['not-found', 404, 'misconfigured'],
  ['unprovisioned', 401, 'misconfigured'],
  ['account-suspended', 401, 'misconfigured'],
  ['application-suspended', 403, 'misconfigured'],
  ['jwt-expired', 401, 'misconfigured'],
  ['jwt-revoked', 401, 'misconfigured'],
  ['invalid-params', 422, 'rejected'],
  ['invalid-id', 404, 'misconfigured'],
  ['invalid-ip', 401, 'misconfigured'],
  ['invalid-json', 400, 'rejected'],
  ['throttled', 429, 'rate_limited'],
  ['unavailable-legal', 451, 'rejected'],
];

providerContract({
  scheme: 'vonage-voice',
  channel: 'voice',
  dsn: (port) =>
    `vonage-voice://${APPLICATION}:${KEY}@127.0.0.1:${port}?from=%2B14155292729&premium=1&callback=https://otp.acme.example/callbacks/vonage-voice&tls=0`,
  credentials: [APPLICATION, KEY],
  message: { locale: 'pt', text: 'Seu código <b>: 0. 4. 8.' },
  success: { reply: { status: 201, body: JSON.stringify({ uuid: 'call-1', status: 'started' }) }, messageId: 'call-1' },
  request(call) {
    expect(`${call.method} ${call.url}`).toBe('POST /v1/calls');
    expect(JSON.parse(call.body)).toEqual({
      to: [{ type: 'phone', number: '14155552671' }],
      from: { type: 'phone', number: '14155292729' },
      ncco: [{ action: 'talk', text: 'Seu código  b : 0. 4. 8.', language: 'pt-BR', premium: true }],
      ringing_timer: 30,
      event_url: ['https://otp.acme.example/callbacks/vonage-voice'],
      event_method: 'POST',
    });
    const [header = '', claims = '', signature = ''] = (call.headers.authorization ?? '')
      .replace('Bearer ', '')
      .split('.');
    const verify = createVerify('RSA-SHA256').update(`${header}.${claims}`);
    expect(verify.verify(publicKey, signature, 'base64url')).toBe(true);
    const iat = NOW / 1000;
    expect(jsonOf(header)).toEqual({ alg: 'RS256', typ: 'JWT' });
    expect(jsonOf(claims)).toEqual({ application_id: APPLICATION, iat, exp: iat + 300, jti: `${SEND_ID}-${NOW}` });
  },
  errors: ERRORS.map(([code, status, kind]) => ({
    code,
    status,
    body: JSON.stringify({
      type: `https://developer.vonage.com/api-errors#${code}`,
      title: code,
      detail: 'Something about +14155552671',
      instance: 'trace',
    }),
    kind,
  })),
  hollow: [{ name: 'no id', body: '{"status":"started"}', kind: 'unavailable' }],
});

describe('a call by Vonage', () => {
  const send = async (password: string, locale = 'en') => {
    const dsn = `vonage-voice://${APPLICATION}:${password}@127.0.0.1:1?from=14155292729&tls=0`;
    const channel = await createChannel(secret(dsn), 'voice', recordingTools());
    return await channel.send(smsMessage({ channel: 'voice', locale }), patient());
  };

  it('takes the key as PEM too', async () => {
    expect(await send(PEM)).toMatchObject({ kind: 'unavailable' });
  });

  it('asks nobody when the key is none or no voice speaks the language', async () => {
    expect(await send('bm90LWEta2V5')).toMatchObject({ kind: 'misconfigured', retry: 'final' });
    expect(await send(KEY, 'ka')).toMatchObject({ kind: 'rejected', retry: 'final' });
  });
});

const SECRET = 'vonage-signature-secret';
const EVENT = {
  uuid: 'call-1',
  status: 'completed',
  timestamp: '2026-01-15T10:30:00.000Z',
  price: '0.0123',
  rate: '0.01',
};
const REFUSED = { type: 'refused', reason: 'the signature is not right' };

interface Forgery {
  readonly iat?: number;
  readonly payload?: string;
  readonly alg?: string;
  readonly key?: string;
}

const tokenOf = (
  body: string,
  { iat = NOW / 1000, payload = body, alg = 'HS256', key = SECRET }: Forgery = {},
): string => {
  const claims = {
    iss: 'Vonage',
    iat,
    jti: 'x',
    application_id: APPLICATION,
    payload_hash: createHash('sha256').update(payload).digest('hex'),
  };
  const content = [{ alg, typ: 'JWT' }, claims]
    .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
    .join('.');
  return `${content}.${createHmac('sha256', key).update(content).digest('base64url')}`;
};
const readWith = (body: string, token: string, options = `&signature_secret=${SECRET}`) =>
  readReport(
    `vonage-voice://${APPLICATION}:${KEY}@default?from=14155292729${options}`,
    posted(body, { authorization: `Bearer ${token}`, 'content-type': 'application/json' }),
    'voice',
  );

describe('an event of a call by Vonage', () => {
  const body = JSON.stringify(EVENT);

  it('is believed with a token for this very body', async () => {
    expect(await readWith(body, tokenOf(body))).toEqual({
      type: 'reports',
      reports: [
        {
          messageId: 'call-1',
          status: 'delivered',
          at: NOW,
          error: null,
          segments: null,
          price: '0.0123 EUR',
          suppress: null,
        },
      ],
    });
  });

  it('is refused with a token that is forged, of another body, unsigned or old', async () => {
    const token = tokenOf(body);
    expect(await readWith(body, tokenOf(body, { key: 'another-secret' }))).toEqual(REFUSED);
    expect(await readWith(body.replace('completed', 'answered'), token)).toEqual(REFUSED);
    expect(await readWith(body, tokenOf(body, { alg: 'none' }))).toEqual(REFUSED);
    expect(await readWith(body, tokenOf(body, { alg: 'HS512' }))).toEqual(REFUSED);
    expect(await readWith(body, token.slice(0, token.lastIndexOf('.') + 1))).toEqual(REFUSED);
    expect(await readWith(body, 'a.b')).toEqual(REFUSED);
    expect(await readWith(body, token, '')).toEqual(REFUSED);
    for (const off of [-301, 301])
      expect(await readWith(body, tokenOf(body, { iat: NOW / 1000 + off }))).toMatchObject({ type: 'refused' });
    expect(await readWith('{]', tokenOf('{]'))).toMatchObject({ type: 'refused' });
  });

  it.each([
    ['answered', 'sent', null],
    ['busy', 'undelivered', 'Vonage Voice: busy'],
    ['unanswered', 'undelivered', 'Vonage Voice: unanswered'],
    ['timeout', 'undelivered', 'Vonage Voice: timeout'],
    ['cancelled', 'undelivered', 'Vonage Voice: cancelled'],
    ['rejected', 'failed', 'Vonage Voice: rejected'],
    ['failed', 'failed', 'Vonage Voice: failed'],
  ])('that says %s means %s', async (status, meaning, error) => {
    const event = JSON.stringify({ ...EVENT, status });
    expect(await readWith(event, tokenOf(event))).toMatchObject({ reports: [{ status: meaning, error }] });
  });

  it('of a phone that rings tells nothing', async () => {
    const event = JSON.stringify({ ...EVENT, status: 'ringing' });
    expect(await readWith(event, tokenOf(event))).toEqual({ type: 'reports', reports: [] });
  });
});

function jsonOf(part: string): unknown {
  return JSON.parse(Buffer.from(part, 'base64url').toString('utf8')) as unknown;
}
