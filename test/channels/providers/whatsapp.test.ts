import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { WHATSAPP_ERRORS } from '../../../src/channels/providers/whatsapp-errors.ts';
import { checkDsn, createChannel } from '../../../src/channels/index.ts';
import { secret } from '../../../src/core/redacted.ts';
import type { FailureKind, ReportReading } from '../../../src/ports/channel.ts';
import { CODE, NOW, patient, recordingTools, smsMessage } from '../support/messages.ts';
import { providerContract } from '../support/provider-contract.ts';
import { startProviderServer } from '../support/provider-server.ts';
import { posted, readReport, reportsOf } from '../support/reports.ts';

const PHONE_ID = '106540352242922';
const TOKEN = 'EAAJB-access-token';
const APP_SECRET = 'app-secret-of-the-app';

const taken = (message: object = {}): string =>
  JSON.stringify({
    messaging_product: 'whatsapp',
    contacts: [{ input: '14155552671', wa_id: '14155552671' }],
    messages: [{ id: 'wamid.HBgLMTQxNTU1NTI2NzE', message_status: 'accepted', ...message }],
  });
const refused = (code: number, details: string): string =>
  JSON.stringify({
    error: {
      message: `(#${code}) Something went wrong`,
      type: 'OAuthException',
      code,
      error_data: { messaging_product: 'whatsapp', details },
      fbtrace_id: 'Az8or2yhqkZfEZ-_4Qn_Bam',
    },
  });

/** Code, HTTP status and the words of the provider's page. */
const ERRORS: readonly (readonly [keyof typeof WHATSAPP_ERRORS, number, string, FailureKind])[] = [
  [0, 401, 'We were unable to authenticate the app user', 'misconfigured'],
  [3, 500, 'Capability or permissions issue', 'misconfigured'],
  [10, 403, 'Permission is either not granted or has been removed', 'misconfigured'],
  [190, 401, `Your access token ${TOKEN} has expired`, 'misconfigured'],
  [200, 403, 'Permission is either not granted or has been removed', 'misconfigured'],
  [4, 400, 'The app has reached its API call rate limit', 'rate_limited'],
  [80007, 400, 'The account has reached its rate limit', 'rate_limited'],
  [130429, 400, 'Cloud API message throughput has been reached', 'rate_limited'],
  [131048, 400, 'Spam rate limit hit', 'rate_limited'],
  [131056, 400, 'Pair rate limit hit', 'rate_limited'],
  [368, 403, 'Temporarily blocked for policies violations', 'misconfigured'],
  [130497, 403, 'Restricted from messaging users in this country', 'rejected'],
  [131031, 403, 'Account has been locked', 'misconfigured'],
  [1, 400, 'Invalid request or possible server error', 'unavailable'],
  [2, 503, 'Temporary due to downtime or due to being overloaded', 'unavailable'],
  [33, 400, 'The business phone number has been deleted', 'misconfigured'],
  [100, 400, 'Invalid parameter', 'rejected'],
  [130472, 400, "User's number is part of an experiment", 'rejected'],
  [131000, 500, 'Something went wrong', 'unavailable'],
  [131005, 403, 'Access denied', 'misconfigured'],
  [131008, 400, 'Required parameter is missing', 'rejected'],
  [131009, 400, 'Parameter value is not valid', 'rejected'],
  [131016, 500, 'A service is temporarily unavailable', 'unavailable'],
  [131021, 400, 'Sender and recipient phone number is the same', 'invalid_destination'],
  [131026, 400, 'Unable to deliver message to 14155552671', 'invalid_destination'],
  [131030, 400, 'Recipient phone number not in allowed list', 'misconfigured'],
  [131042, 400, 'Business eligibility payment issue', 'misconfigured'],
  [131045, 500, 'Phone number registration error', 'misconfigured'],
  [131047, 400, 'Re-engagement message', 'rejected'],
  [131049, 400, 'Not delivered to maintain healthy ecosystem engagement', 'rejected'],
  [131050, 400, 'The user has stopped such messages', 'rejected'],
  [131051, 400, 'Unsupported message type', 'rejected'],
  [131057, 500, 'Account in maintenance mode', 'unavailable'],
  [132000, 400, 'Template param count mismatch', 'misconfigured'],
  [132001, 404, 'Template does not exist in the translation', 'misconfigured'],
  [132005, 400, 'Template hydrated text too long', 'misconfigured'],
  [132007, 400, 'Template format character policy violated', 'misconfigured'],
  [132012, 400, 'Template parameter format mismatch', 'misconfigured'],
  [132015, 400, 'Template is paused', 'misconfigured'],
  [132016, 400, 'Template is disabled', 'misconfigured'],
  [133000, 500, 'Incomplete deregistration', 'misconfigured'],
  [133004, 503, 'Server temporarily unavailable', 'unavailable'],
  [133006, 400, 'Phone number re-verification needed', 'misconfigured'],
  [133010, 400, 'Phone number not registered', 'misconfigured'],
  [135000, 400, 'Generic user error', 'rejected'],
];

providerContract({
  scheme: 'whatsapp',
  channel: 'whatsapp',
  dsn: (port) => `whatsapp://${PHONE_ID}:${TOKEN}@127.0.0.1:${port}?template=login_code&tls=0`,
  credentials: [TOKEN],
  success: { reply: { status: 200, body: taken() }, messageId: 'wamid.HBgLMTQxNTU1NTI2NzE' },
  request(call) {
    expect([call.method, call.url]).toEqual(['POST', `/v23.0/${PHONE_ID}/messages`]);
    expect(call.headers.authorization).toBe(`Bearer ${TOKEN}`);
    const parameters = [{ type: 'text', text: CODE }];
    expect(JSON.parse(call.body)).toEqual({
      messaging_product: 'whatsapp',
      recipient_type: 'individual',
      to: '14155552671',
      type: 'template',
      template: {
        name: 'login_code',
        language: { code: 'en' },
        components: [
          { type: 'body', parameters },
          { type: 'button', sub_type: 'url', index: '0', parameters },
        ],
      },
    });
  },
  errors: ERRORS.map(([code, status, words, kind]) => ({
    code: String(code),
    status,
    body: refused(code, words),
    kind,
  })),
  hollow: [
    { name: 'a paused template', body: taken({ message_status: 'paused' }), kind: 'misconfigured' },
    { name: 'no message', body: '{"messages":[]}', kind: 'unavailable' },
  ],
});

describe('the language of a WhatsApp template', () => {
  it.each([
    ['pt-BR', 'en,pt_BR,pt_PT', 'pt_BR'],
    ['pt-AO', 'en,pt_BR,pt_PT', 'pt_BR'],
    ['de-AT', 'en,de', 'de'],
    ['de', 'en,de_AT', 'de_AT'],
    ['ja', 'en_US,de', 'en_US'],
    ['zh-Hant-TW', 'en,zh_TW', 'zh_TW'],
    ['zh-Hant-TW', null, 'zh_TW'],
    ['de', null, 'de'],
  ])('for locale %s with %s approved is %s', async (locale, languages, expected) => {
    const server = await startProviderServer({ status: 200, body: taken() });
    const list = languages === null ? '' : `&languages=${languages}`;
    const dsn = `whatsapp://${PHONE_ID}:${TOKEN}@127.0.0.1:${server.port}?template=login_code${list}&version=v24.0&tls=0`;
    const channel = await createChannel(secret(dsn), 'whatsapp', recordingTools());
    await channel.send(smsMessage({ channel: 'whatsapp', locale }), patient());
    await server.close();
    expect(server.calls[0]?.url).toContain('/v24.0/');
    expect(JSON.parse(server.calls[0]?.body ?? '')).toMatchObject({ template: { language: { code: expected } } });
  });

  it('is a list as Meta writes it, and the template has a name', () => {
    const check = (options: string): string | null => checkDsn(`whatsapp://1:t@default?${options}`, 'whatsapp');
    expect(check('template=a&languages=pt-BR')).toMatch(/option languages must be/);
    expect(check('languages=en')).toMatch(/option template is missing/);
    expect(check('template=a&languages=en,pt_BR')).toBe(null);
  });
});

const DSN = `whatsapp://${PHONE_ID}:${TOKEN}@default?template=login_code&app_secret=${APP_SECRET}&verify_token=opensesame`;

const signed = (body: string, key = APP_SECRET): Record<string, string> => ({
  'x-hub-signature-256': `sha256=${createHmac('sha256', key).update(body).digest('hex')}`,
});
const report = (...statuses: readonly object[]): string =>
  JSON.stringify({
    object: 'whatsapp_business_account',
    entry: [
      {
        id: '102290129340398',
        changes: [
          {
            value: { messaging_product: 'whatsapp', metadata: { phone_number_id: PHONE_ID }, statuses },
            field: 'messages',
          },
        ],
      },
    ],
  });
const status = (name: string, rest: object = {}): object => ({
  id: 'wamid.1',
  status: name,
  timestamp: String(NOW / 1000 - 3),
  recipient_id: '14155552671',
  ...rest,
});
const read = (body: string, headers: Record<string, string>, dsn = DSN): Promise<ReportReading> =>
  readReport(dsn, posted(body, headers), 'whatsapp');

describe('a report of WhatsApp', () => {
  it('tells of several messages at once', async () => {
    const error = { code: 131026, title: 'Message undeliverable', error_data: { details: 'to +14155552671' } };
    const body = report(status('read'), status('sent', { id: 'wamid.2' }), status('failed', { errors: [error] }));
    const base = { messageId: 'wamid.1', at: NOW - 3000, error: null, segments: null, price: null, suppress: null };
    expect(reportsOf(await read(body, signed(body)))).toEqual([
      { ...base, status: 'delivered' },
      { ...base, messageId: 'wamid.2', status: 'sent' },
      { ...base, status: 'failed', error: expect.stringContaining('Message undeliverable') as string },
    ]);
  });

  it.each([
    ['of an incoming message', JSON.stringify({ entry: [{ changes: [{ value: { messages: [{ id: 'x' }] } }] }] })],
    ['of a status nobody knows', report(status('played'))],
    ['of nothing', '{}'],
    ['of an odd shape', '{"entry":{"changes":1}}'],
  ])('means nothing when it tells %s', async (_name, body) => {
    expect(reportsOf(await read(body, signed(body)))).toEqual([]);
  });

  it.each<[string, Record<string, string>]>([
    ['of another secret', signed(report(status('sent')), 'other')],
    ['of another body', signed(report(status('read')))],
    ['of another kind', { 'x-hub-signature-256': 'sha1=da39a3ee5e6b4b0d3255bfef95601890afd80709' }],
    ['that is missing', {}],
  ])('is refused with a signature %s', async (_name, headers) => {
    expect(await read(report(status('sent')), headers)).toMatchObject({ type: 'refused' });
  });

  it('is refused without an app secret, and when it is no JSON', async () => {
    const body = report(status('sent'));
    const dsn = `whatsapp://${PHONE_ID}:${TOKEN}@default?template=login_code`;
    expect(await read(body, signed(body), dsn)).toMatchObject({ type: 'refused' });
    expect(await read('{]', signed('{]'))).toMatchObject({ type: 'refused' });
  });
});

describe('the question whether a callback address is ours', () => {
  const ask = (query: string, dsn = DSN): Promise<ReportReading> =>
    readReport(
      dsn,
      { ...posted('', {}, `https://otp.acme.example/callbacks/whatsapp?${query}`), method: 'GET' },
      'whatsapp',
    );
  const RIGHT = 'hub.mode=subscribe&hub.verify_token=opensesame&hub.challenge=1158201444';

  it('is answered with the challenge', async () => {
    expect(await ask(RIGHT)).toEqual({ type: 'answer', body: '1158201444' });
  });

  it.each([
    ['another token', RIGHT.replace('opensesame', 'opensesamE')],
    ['no token', 'hub.mode=subscribe&hub.challenge=1'],
    ['another mode', RIGHT.replace('subscribe', 'unsubscribe')],
    ['markup for a challenge', RIGHT.replace('1158201444', '%3Cscript%3E')],
  ])('is refused with %s', async (_name, query) => {
    expect(await ask(query)).toMatchObject({ type: 'refused' });
  });

  it('is refused when no token was set', async () => {
    expect(await ask(RIGHT, `whatsapp://${PHONE_ID}:${TOKEN}@default?template=a`)).toMatchObject({ type: 'refused' });
  });
});
