import { describe, expect, it } from 'vitest';
import type { FailureKind } from '../../../src/ports/channel.ts';
import { CODE, NOW } from '../support/messages.ts';
import { providerContract } from '../support/provider-contract.ts';
import { posted, readReport } from '../support/reports.ts';

const KEY = '003026bbc133714df1834b8638bb496e-8f4b3d9a';
const answer = (groupName: string, name: string): string =>
  JSON.stringify({
    bulkId: '2034072219640523072',
    messages: [
      {
        messageId: '2250be2d4219-3af1-78856-aabe-1362af1edfd2',
        status: { groupId: 1, groupName, id: 26, name, description: `${name} 14155552671` },
        destination: '14155552671',
      },
    ],
  });
const refused = (errorCode: string, description: string): string =>
  JSON.stringify({ errorCode, description, action: 'Check it.', violations: [], resources: [] });
const refusedOld = (messageId: string, text: string): string =>
  JSON.stringify({ requestError: { serviceException: { messageId, text } } });

/** Said with status 200. */
const STATUSES: readonly (readonly [name: string, kind: FailureKind])[] = [
  ['UNDELIVERABLE_REJECTED_OPERATOR', 'rejected'],
  ['UNDELIVERABLE_NOT_DELIVERED', 'rejected'],
  ['REJECTED_NETWORK', 'rejected'],
  ['REJECTED_PREFIX_MISSING', 'invalid_destination'],
  ['REJECTED_DND', 'rejected'],
  ['REJECTED_SOURCE', 'misconfigured'],
  ['REJECTED_NOT_ENOUGH_CREDITS', 'misconfigured'],
  ['REJECTED_SENDER', 'misconfigured'],
  ['REJECTED_DESTINATION', 'rejected'],
  ['REJECTED_NOT_REACHABLE', 'unavailable'],
  ['REJECTED_PREPAID_PACKAGE_EXPIRED', 'misconfigured'],
  ['REJECTED_DESTINATION_NOT_REGISTERED', 'misconfigured'],
  ['REJECTED_ROUTE_NOT_AVAILABLE', 'misconfigured'],
  ['REJECTED_FLOODING_FILTER', 'rate_limited'],
  ['REJECTED_SYSTEM_ERROR', 'unavailable'],
  ['REJECTED_MESSAGE_TOO_LONG', 'rejected'],
  ['REJECTED_INVALID_DESTINATION', 'invalid_destination'],
  ['MISSING_TO', 'invalid_destination'],
];

providerContract({
  scheme: 'infobip',
  channel: 'sms',
  dsn: (port) =>
    `infobip://${KEY}@127.0.0.1:${port}?from=ACME&callback=https://otp.acme.example/callbacks/infobip/a-secret-of-the-address&tls=0`,
  credentials: [KEY],
  success: {
    reply: { status: 200, body: answer('PENDING', 'PENDING_ACCEPTED') },
    messageId: '2250be2d4219-3af1-78856-aabe-1362af1edfd2',
  },
  request(call, message) {
    expect(`${call.method} ${call.url}`).toBe('POST /sms/3/messages');
    expect(call.headers.authorization).toBe(`App ${KEY}`);
    expect(JSON.parse(call.body)).toEqual({
      messages: [
        {
          sender: 'ACME',
          destinations: [{ to: '14155552671' }],
          content: { text: message.text },
          options: { validityPeriod: { amount: 300, timeUnit: 'SECONDS' } },
          webhooks: {
            delivery: { url: 'https://otp.acme.example/callbacks/infobip/a-secret-of-the-address', notify: true },
            contentType: 'application/json',
          },
        },
      ],
    });
  },
  errors: [
    { code: 'E400', status: 400, body: refused('E400', 'Request cannot be processed.'), kind: 'rejected' },
    { code: 'E401', status: 401, body: refused('E401', 'Unauthorized.'), kind: 'misconfigured' },
    { code: 'E403', status: 403, body: refused('E403', 'Forbidden.'), kind: 'misconfigured' },
    { code: 'E404', status: 404, body: refused('E404', 'Not found.'), kind: 'misconfigured' },
    { code: 'E429', status: 429, body: refused('E429', 'Too many requests.'), kind: 'rate_limited' },
    { code: 'E500', status: 500, body: refused('E500', 'Something went wrong.'), kind: 'unavailable' },
    { code: 'BAD_REQUEST', status: 400, body: refusedOld('BAD_REQUEST', 'Bad Request'), kind: 'rejected' },
    {
      code: 'UNAUTHORIZED',
      status: 401,
      body: refusedOld('UNAUTHORIZED', 'Invalid login details'),
      kind: 'misconfigured',
    },
    { code: 'FORBIDDEN', status: 403, body: refusedOld('FORBIDDEN', 'Forbidden'), kind: 'misconfigured' },
    {
      code: 'TOO_MANY_REQUESTS',
      status: 429,
      body: refusedOld('TOO_MANY_REQUESTS', 'Too many requests'),
      kind: 'rate_limited',
    },
    ...STATUSES.map(([name, kind]) => ({
      code: name,
      status: 200,
      body: answer(name.split('_')[0] === 'UNDELIVERABLE' ? 'UNDELIVERABLE' : 'REJECTED', name),
      kind,
    })),
  ],
  hollow: [
    { name: 'a rejection with a new name', body: answer('REJECTED', 'REJECTED_SOMEHOW'), kind: 'rejected' },
    { name: 'a rejection named like the number', body: answer('REJECTED', '+14155552671'), kind: 'rejected' },
    { name: 'a rejection named like the code', body: answer('REJECTED', CODE), kind: 'rejected' },
    { name: 'no message', body: '{"messages":[]}', kind: 'unavailable' },
  ],
});

const SECRET = 'a-secret-of-the-address';
const DSN = `infobip://${KEY}@default?from=ACME&callback_secret=${SECRET}`;
const ADDRESS = `https://otp.acme.example/callbacks/infobip/${SECRET}`;
const result = (groupName: string, name: string, errorName = 'NO_ERROR', messageId = 'm1'): object => ({
  messageId,
  to: '14155552671',
  sentAt: '2026-01-15T10:29:50.000+0000',
  doneAt: '2026-01-15T10:29:59.000+0000',
  messageCount: 2,
  price: { pricePerMessage: 0.01, currency: 'EUR' },
  status: { groupName, name },
  error: { groupName: 'HANDSET_ERRORS', name: errorName, permanent: true },
});
const read = (results: unknown, url = ADDRESS, dsn = DSN) =>
  readReport(dsn, posted(JSON.stringify({ results }), {}, url), 'sms');

describe('delivery reports of Infobip', () => {
  it('are believed with the secret of the address, several at once', async () => {
    const found = await read([
      result('DELIVERED', 'DELIVERED_TO_HANDSET'),
      result('DELIVERED', 'DELIVERED_TO_OPERATOR', 'NO_ERROR', 'm2'),
    ]);
    const at = NOW - 1000;
    const rest = { at, error: null, segments: 2, price: '0.01 EUR', suppress: null };
    expect(found).toEqual({
      type: 'reports',
      reports: [
        { messageId: 'm1', status: 'delivered', ...rest },
        { messageId: 'm2', status: 'sent', ...rest },
      ],
    });
  });

  it('are refused without it', async () => {
    const results = [result('DELIVERED', 'DELIVERED_TO_HANDSET')];
    const without = ADDRESS.replace(SECRET, '');
    expect(await read(results, without)).toMatchObject({ type: 'refused' });
    expect(await read(results, `${without}another-secret-it-is`)).toMatchObject({ type: 'refused' });
    expect(await read(results, ADDRESS, DSN.replace(/&callback.*/, ''))).toMatchObject({ type: 'refused' });
    expect(await readReport(DSN, posted('{]', {}, ADDRESS), 'sms')).toMatchObject({ type: 'refused' });
  });

  it.each([
    [
      'UNDELIVERABLE',
      'UNDELIVERABLE_NOT_DELIVERED',
      'EC_ABSENT_SUBSCRIBER',
      'undelivered',
      'Infobip: EC_ABSENT_SUBSCRIBER',
    ],
    ['EXPIRED', 'EXPIRED_EXPIRED', 'NO_ERROR', 'undelivered', 'Infobip: EXPIRED_EXPIRED'],
    ['REJECTED', 'REJECTED_DND', 'NO_ERROR', 'failed', 'Infobip: REJECTED_DND'],
    ['REJECTED', 'call +14155552671', 'NO_ERROR', 'failed', 'Infobip: REJECTED'],
  ])('of %s %s %s say %s', async (groupName, name, errorName, status, error) => {
    expect(await read([result(groupName, name, errorName)])).toMatchObject({ reports: [{ status, error }] });
  });

  it('that are still under way, or no list, tell nothing', async () => {
    for (const results of [[result('PENDING', 'PENDING_ENROUTE')], [null, 7, {}], {}, undefined])
      expect(await read(results)).toEqual({ type: 'reports', reports: [] });
  });
});
