import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { providerContract } from '../support/provider-contract.ts';
import { posted, readReport } from '../support/reports.ts';

const ID = 'MAXXXXXXXXXXXXXXXXXX';
const TOKEN = 'plivo-auth-token';
const API_ID = 'db342550-7f1d-11e1-8ea7-1231380bc196';
const UUID = 'db3ce55a-7f1d-11e1-8ea7-1231380bc196';
const refused = (error: string): string => JSON.stringify({ api_id: API_ID, error });

providerContract({
  scheme: 'plivo',
  channel: 'sms',
  dsn: (port) =>
    `plivo://${ID}:${TOKEN}@127.0.0.1:${port}?from=14155292729&callback=https://otp.acme.example/callbacks/plivo&tls=0`,
  credentials: [ID, TOKEN],
  success: {
    reply: {
      status: 202,
      body: JSON.stringify({ api_id: API_ID, message: 'message(s) queued', message_uuid: [UUID] }),
    },
    messageId: UUID,
  },
  request(call, message) {
    expect(`${call.method} ${call.url}`).toBe(`POST /v1/Account/${ID}/Message/`);
    expect(call.headers.authorization).toBe(`Basic ${Buffer.from(`${ID}:${TOKEN}`).toString('base64')}`);
    expect(call.headers['content-type']).toBe('application/json');
    expect(JSON.parse(call.body)).toEqual({
      src: '14155292729',
      dst: '14155552671',
      text: message.text,
      type: 'sms',
      log: false,
      url: 'https://otp.acme.example/callbacks/plivo',
      method: 'POST',
    });
  },
  errors: [
    { code: '400', status: 400, body: refused('src parameter not present'), kind: 'rejected' },
    { code: '401', status: 401, body: 'Could not verify your access level for that URL.', kind: 'misconfigured' },
    { code: '402', status: 402, body: refused('insufficient balance'), kind: 'misconfigured' },
    { code: '403', status: 403, body: refused('forbidden'), kind: 'misconfigured' },
    { code: '404', status: 404, body: refused('not found'), kind: 'misconfigured' },
    { code: '405', status: 405, body: refused('method not allowed'), kind: 'misconfigured' },
    { code: '429', status: 429, body: refused('rate limit exceeded'), kind: 'rate_limited' },
    { code: '500', status: 500, body: refused('server error'), kind: 'unavailable' },
    {
      code: 'invalid_number',
      status: 202,
      body: JSON.stringify({ api_id: API_ID, message_uuid: [], invalid_number: ['14155552671'] }),
      kind: 'invalid_destination',
    },
  ],
  hollow: [{ name: 'no id', body: JSON.stringify({ api_id: API_ID, message: 'ok' }), kind: 'unavailable' }],
});

const NONCE = '05429567804466091622';
const ADDRESS = 'https://otp.acme.example/callbacks/plivo';
const FIELDS: Readonly<Record<string, string>> = {
  MessageUUID: UUID,
  Status: 'undelivered',
  ErrorCode: '50',
  Units: '1',
  TotalAmount: '0.00500',
  TotalRate: '0.00500',
  From: '14155292729',
  To: '14155552671',
  MessageTime: '2026-01-15 10:29:58.000000',
};
/** Accepted by the official library (4.79.0) for {@link FIELDS} and {@link NONCE}. */
const V3 = 'YHtl1zsgx5XEidEYQpbalWs7058lpDYVzHaIlTSrbLs=';
const V3_WITH_QUERY = 'lV9BDYH2orfegIv+KMgr/bN0Lw8ecURZu72NnBjtJj0=';
const V2 = 'dogO+vDha8krXBvLwa9Oq8Qol7l6R4DF367tAOIuSTU=';
const REFUSED = { type: 'refused', reason: 'the signature is not right' };
const DSN = `plivo://${ID}:${TOKEN}@default?from=14155292729`;

const form = (fields: Readonly<Record<string, string>>): string => new URLSearchParams(fields).toString();
const signed = (signature: string, version = 'v3', nonce = NONCE) => ({
  [`x-plivo-signature-${version}`]: signature,
  [`x-plivo-signature-${version}-nonce`]: nonce,
});
const read = (fields: Readonly<Record<string, string>>, signature: string, url = ADDRESS) =>
  readReport(DSN, posted(form(fields), signed(signature), url), 'sms');
/** Signs like Plivo, for contents whose signature is not the point. */
const readSigned = (fields: Readonly<Record<string, string>>) => {
  const content = Object.keys(fields)
    .toSorted()
    .map((name) => name + (fields[name] ?? ''))
    .join('');
  return read(fields, createHmac('sha256', TOKEN).update(`${ADDRESS}?${content}.${NONCE}`).digest('base64'));
};

describe('a status callback of Plivo', () => {
  const found = {
    type: 'reports',
    reports: [
      {
        messageId: UUID,
        status: 'undelivered',
        at: null,
        error: 'Plivo: 50',
        segments: 1,
        price: '0.00500 USD',
        suppress: null,
      },
    ],
  };

  it('is believed when its signature is that of the official library, one of several, or with a query', async () => {
    expect(await read(FIELDS, V3)).toEqual(found);
    expect(await read(FIELDS, `b2xk,${V3}`)).toEqual(found);
    expect(await read(FIELDS, V3_WITH_QUERY, `${ADDRESS}?s=b&a=c`)).toEqual(found);
  });

  it('by GET is signed with its query', async () => {
    const get = (query: string) => ({
      ...posted('', signed('dRG6Lx5oPHVYHt/DDaCdkLH42jbbIwIca6YSf/hNL1U='), `${ADDRESS}?${query}`),
      method: 'GET',
    });
    expect(await readReport(DSN, get('b=2&a=1'), 'sms')).toEqual({ type: 'reports', reports: [] });
    expect(await readReport(DSN, get('b=2&a=2'), 'sms')).toEqual(REFUSED);
  });

  it('is refused when anything signed was changed', async () => {
    expect(await read({ ...FIELDS, Status: 'delivered' }, V3)).toEqual(REFUSED);
    expect(await read({ ...FIELDS, MessageUUID: 'other' }, V3)).toEqual(REFUSED);
    expect(await read(FIELDS, V3, `${ADDRESS}/x`)).toEqual(REFUSED);
    expect(await read(FIELDS, '')).toEqual(REFUSED);
    expect(await readReport(DSN, posted(form(FIELDS), signed(V3, 'v3', '1'), ADDRESS), 'sms')).toEqual(REFUSED);
    expect(await readReport(DSN, posted(form(FIELDS), {}, ADDRESS), 'sms')).toEqual(REFUSED);
  });

  it('with only the older signature counts when the account says so, and then wants the secret too', async () => {
    const secret = 'a-secret-of-the-address';
    const url = `${ADDRESS}?s=${secret}`;
    const request = posted(form(FIELDS), signed(V2, 'v2'), url);
    expect(await readReport(DSN, request, 'sms')).toEqual(REFUSED);
    expect(await readReport(`${DSN}&signature=v2`, request, 'sms')).toEqual(REFUSED);
    const both = `${DSN}&signature=v2&callback_secret=${secret}`;
    expect(await readReport(both, request, 'sms')).toEqual(found);
    expect(await readReport(both, posted(form(FIELDS), signed(V3, 'v2'), url), 'sms')).toEqual(REFUSED);
    expect(await readReport(both, posted(form(FIELDS), signed(V2, 'v2'), ADDRESS), 'sms')).toEqual(REFUSED);
  });

  it.each([
    ['sent', 'sent'],
    ['delivered', 'delivered'],
    ['failed', 'failed'],
    ['rejected', 'failed'],
  ])('that says %s means %s', async (Status, status) => {
    expect(await readSigned({ ...FIELDS, Status })).toMatchObject({ reports: [{ status }] });
  });

  it('that says queued tells nothing; STOP is told', async () => {
    expect(await readSigned({ ...FIELDS, Status: 'queued' })).toEqual({ type: 'reports', reports: [] });
    expect(await readSigned({ ...FIELDS, ErrorCode: '200' })).toMatchObject({ reports: [{ suppress: 'stop' }] });
  });
});
