import { afterEach, describe, expect, it } from 'vitest';
import { createChannel } from '../../../src/channels/index.ts';
import { secret } from '../../../src/core/redacted.ts';
import type { ChannelName } from '../../../src/core/verification.ts';
import type { Channel, PollAnswer } from '../../../src/ports/channel.ts';
import { patient, recordingTools } from '../support/messages.ts';
import { startProviderServer } from '../support/provider-server.ts';

type Server = Awaited<ReturnType<typeof startProviderServer>>;
let server: Server;
afterEach(() => server.close());

async function channelAt(dsn: (port: number) => string, kind: ChannelName): Promise<Channel> {
  server = await startProviderServer({ status: 200, body: '{}' });
  return createChannel(secret(dsn(server.port)), kind, recordingTools());
}

async function told(channel: Channel, id: string, body: unknown, status = 200): Promise<PollAnswer | undefined> {
  server.reply = { status, body: typeof body === 'string' ? body : JSON.stringify(body) };
  return channel.poll?.(id, patient());
}

describe('asking Kavenegar', () => {
  const dsn = (port: number): string => `kavenegar://KEY@127.0.0.1:${port}?tls=0`;
  const entry = (status: number) => ({
    return: { status: 200, message: '' },
    entries: [{ messageid: 8792343, status }],
  });

  it('is done by its status method, where no callback has a secret', async () => {
    const channel = await channelAt(dsn, 'sms');
    expect(await told(channel, '8792343', entry(5))).toMatchObject({ report: { status: 'sent' }, done: false });
    expect(await told(channel, '8792343', entry(10))).toMatchObject({ report: { status: 'delivered' }, done: true });
    expect(await told(channel, '8792343', entry(11))).toMatchObject({ report: { status: 'undelivered' }, done: true });
    expect(await told(channel, '8792343', entry(14))).toMatchObject({ report: { suppress: 'stop' }, done: true });
    expect(server.calls[0]).toMatchObject({
      method: 'POST',
      url: '/v1/KEY/sms/status.json',
      body: 'messageid=8792343',
    });
  });

  it('is not needed with one', async () => {
    const channel = await channelAt((port) => `${dsn(port)}&callback_secret=abcdefghijklmnopqrstuvwx`, 'sms');
    expect(channel.poll).toBeUndefined();
  });
});

describe('asking Telegram', () => {
  const dsn = (port: number): string => `telegram://TOKEN@127.0.0.1:${port}?tls=0`;
  const answer = (status: string) => ({
    ok: true,
    result: { request_id: 'r1', delivery_status: { status, updated_at: 1800000000 } },
  });

  it('is done without a code, where no callback is set', async () => {
    const channel = await channelAt(dsn, 'telegram');
    expect(await told(channel, 'r1', answer('sent'))).toMatchObject({ report: { status: 'sent' }, done: false });
    expect(await told(channel, 'r1', answer('read'))).toMatchObject({
      report: { status: 'delivered', at: 1_800_000_000_000 },
      done: true,
    });
    expect(await told(channel, 'r1', answer('expired'))).toMatchObject({
      report: { status: 'undelivered' },
      done: true,
    });
    expect(server.calls[0]).toMatchObject({ url: '/checkVerificationStatus', body: '{"request_id":"r1"}' });
  });

  it('is not needed with one', async () => {
    const channel = await channelAt(
      (port) => `${dsn(port)}&callback=https://verify.example/callbacks/telegram`,
      'telegram',
    );
    expect(channel.poll).toBeUndefined();
  });
});

describe('asking Twilio', () => {
  const SID = `AC${'a'.repeat(32)}`;
  const dsn = (port: number): string => `twilio://${SID}:TOKEN@127.0.0.1:${port}?from=%2B14155292729&tls=0`;

  it('is done where the line says so, until the price is known', async () => {
    const channel = await channelAt((port) => `${dsn(port)}&poll=1`, 'sms');
    const message = { status: 'delivered', error_code: null, num_segments: '2', price: null, price_unit: 'USD' };
    expect(await told(channel, 'SM1', message)).toMatchObject({
      report: { status: 'delivered', price: null },
      done: false,
    });
    expect(await told(channel, 'SM1', { ...message, price: '-0.0158' })).toMatchObject({
      report: { status: 'delivered', segments: 2, price: '0.0158 USD' },
      done: true,
    });
    expect(await told(channel, 'CA1', { status: 'completed', price: '-0.013', price_unit: 'USD' })).toMatchObject({
      report: { status: 'delivered', price: '0.013 USD' },
      done: true,
    });
    expect(server.calls.map(({ method, url }) => `${method} ${url}`)).toEqual([
      `GET /2010-04-01/Accounts/${SID}/Messages/SM1.json`,
      `GET /2010-04-01/Accounts/${SID}/Messages/SM1.json`,
      `GET /2010-04-01/Accounts/${SID}/Calls/CA1.json`,
    ]);
  });

  it('is not done otherwise', async () => {
    expect((await channelAt(dsn, 'sms')).poll).toBeUndefined();
  });
});

it.each([
  ['an error', 500, '{}'],
  ['no JSON', 200, '<html>'],
  ['another shape', 200, '[]'],
  ['a status nobody knows', 200, '{"entries":[{"status":99}]}'],
])('%s is no news', async (_name, status, body) => {
  const channel = await channelAt((port) => `kavenegar://KEY@127.0.0.1:${port}?tls=0`, 'sms');
  expect(await told(channel, '1', body, status)).toEqual({ report: null, done: false });
});
