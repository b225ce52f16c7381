import { createHmac, timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { createChannel } from '../../src/channels/index.ts';
import { secret } from '../../src/core/redacted.ts';
import type { Channel, Failure } from '../../src/ports/channel.ts';
import { CODE, emailMessage, NOW, patient, recordingTools, SEND_ID, smsMessage } from './support/messages.ts';

const KEY = Buffer.from('0123456789abcdef0123456789abcdef');
const OLD_KEY = Buffer.from('old-old-old-old-old-old-old-');
const whsec = (key: Buffer): string => `whsec_${key.toString('base64')}`;

interface Call {
  readonly method: string | undefined;
  readonly url: string | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

const stop: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const end of stop.splice(0)) await end();
});

type Answer = (response: ServerResponse, call: Call) => void;

async function receiver(answer: Answer): Promise<{ port: number; calls: Call[]; connections(): number }> {
  const calls: Call[] = [];
  let connections = 0;
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { method, url, headers } = request;
      const call = { method, url, headers, body: Buffer.concat(chunks).toString('utf8') };
      calls.push(call);
      answer(response, call);
    });
  });
  server.on('connection', () => (connections += 1));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  stop.push(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  return { port: (server.address() as AddressInfo).port, calls, connections: () => connections };
}

async function channelTo(port: number, options = `secret=${whsec(KEY)}`, now = () => NOW): Promise<Channel> {
  const dsn = `webhook://127.0.0.1:${port}/hooks/otp?${options}&tls=0`;
  return await createChannel(secret(dsn), 'sms', { ...recordingTools(), now });
}

const reply =
  (status: number, body = '', headers: Record<string, string> = {}): Answer =>
  (response) =>
    void response.writeHead(status, headers).end(body);

/** A receiver's own check, written from the Standard Webhooks specification. */
function verifies(call: Call, key: Buffer): boolean {
  const { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': signatures } = call.headers;
  const expected = createHmac('sha256', key).update(`${id}.${timestamp}.${call.body}`).digest();
  return String(signatures)
    .split(' ')
    .some((signature) => {
      const [version, value = ''] = signature.split(',');
      const given = Buffer.from(value, 'base64');
      return version === 'v1' && given.length === expected.length && timingSafeEqual(given, expected);
    });
}

describe('a webhook call', () => {
  it('carries the message exactly as documented', async () => {
    const { port, calls } = await receiver(reply(202, '{"id":"gw-7"}'));
    const outcome = await (await channelTo(port)).send(smsMessage({ from: 'ACME' }), patient());
    expect(outcome).toEqual({ type: 'accepted', messageId: 'gw-7' });
    const [call] = calls;
    expect([call?.method, call?.url, call?.headers['content-type']]).toEqual([
      'POST',
      '/hooks/otp',
      'application/json',
    ]);
    const { text } = smsMessage();
    expect(JSON.parse(call?.body ?? '')).toEqual({
      type: 'message.send',
      data: {
        send_id: SEND_ID,
        channel: 'sms',
        to: '+14155552671',
        from: 'ACME',
        subject: null,
        text,
        html: null,
        locale: 'en',
      },
    });
  });

  it('is signed so that an independent receiver can verify it', async () => {
    const { port, calls } = await receiver(reply(200));
    await (await channelTo(port)).send(smsMessage({ text: 'Prüfcode 048213 ✓' }), patient());
    const [call] = calls;
    expect(call?.headers['webhook-id']).toBe(SEND_ID);
    expect(call?.headers['webhook-timestamp']).toBe(String(NOW / 1000));
    expect(call && verifies(call, KEY)).toBe(true);
    expect(call && verifies({ ...call, body: `${call.body} ` }, KEY)).toBe(false);
    expect(call && verifies(call, OLD_KEY)).toBe(false);
  });

  it('is signed once per secret, so that secrets can be rotated', async () => {
    const { port, calls } = await receiver(reply(200));
    await (await channelTo(port, `secret=${whsec(KEY)}&secret=${whsec(OLD_KEY)}`)).send(smsMessage(), patient());
    expect(String(calls[0]?.headers['webhook-signature']).split(' ')).toHaveLength(2);
    expect(calls[0] && verifies(calls[0], KEY) && verifies(calls[0], OLD_KEY)).toBe(true);
  });

  it('keeps its id and gets a fresh timestamp when it is tried again, over the same connection', async () => {
    const { port, calls, connections } = await receiver(reply(200, '{}'));
    let now = NOW;
    const channel = await channelTo(port, `secret=${whsec(KEY)}`, () => now);
    await channel.send(smsMessage(), patient());
    now += 5000;
    await channel.send(smsMessage(), patient());
    expect(calls.map((call) => call.headers['webhook-id'])).toEqual([SEND_ID, SEND_ID]);
    expect(calls.map((call) => call.headers['webhook-timestamp'])).toEqual([
      String(NOW / 1000),
      String(NOW / 1000 + 5),
    ]);
    expect(calls.every((call) => verifies(call, KEY))).toBe(true);
    expect(connections()).toBe(1);
  });
});

describe('the answer of a webhook', () => {
  it.each([
    ['{"id":"abc"}', 'abc'],
    ['{"id":7}', null],
    ['{"id":"has space"}', null],
    [`{"id":"${'x'.repeat(300)}"}`, null],
    ['not json', null],
    ['null', null],
    ['[]', null],
    ['', null],
    [`{"id":"abc","fill":"${'x'.repeat(70_000)}"}`, null],
  ])('2xx with %.30s is accepted with id %s', async (body, messageId) => {
    const { port } = await receiver(reply(200, body));
    expect(await (await channelTo(port)).send(smsMessage(), patient())).toEqual({ type: 'accepted', messageId });
  });

  it.each([
    [301, 'misconfigured', 'final'],
    [302, 'misconfigured', 'final'],
    [307, 'misconfigured', 'final'],
    [400, 'rejected', 'final'],
    [401, 'rejected', 'final'],
    [404, 'rejected', 'final'],
    [408, 'unavailable', 'retry'],
    [410, 'rejected', 'final'],
    [422, 'rejected', 'final'],
    [429, 'rate_limited', 'retry'],
    [500, 'unavailable', 'retry'],
    [503, 'unavailable', 'retry'],
  ] as const)('%i is told as %s, %s, without its words', async (status, kind, retry) => {
    const words = `no ${CODE} for +14155552671`;
    const { port, calls } = await receiver(reply(status, words, { location: '/elsewhere' }));
    const outcome = (await (await channelTo(port)).send(smsMessage(), patient())) as Failure;
    expect(outcome).toMatchObject({ type: 'failure', kind, retry });
    expect(outcome.detail).toContain(String(status));
    expect(outcome.detail).not.toMatch(/048213|4155552671|whsec/);
    expect(calls.map((call) => call.url)).toEqual(['/hooks/otp']);
  });

  it('that never ends is cut off and still counts as accepted', async () => {
    let closed: () => void = () => undefined;
    const cut = new Promise<void>((resolve) => (closed = resolve));
    const { port } = await receiver((response) => {
      response.writeHead(200);
      response.on('close', () => closed());
      const pour = (): void => {
        while (!response.destroyed && response.write('x'.repeat(16_384)));
      };
      response.on('drain', pour);
      pour();
    });
    expect(await (await channelTo(port)).send(smsMessage(), patient())).toEqual({ type: 'accepted', messageId: null });
    await cut;
  });

  it('that stalls after a 2xx still counts as accepted', async () => {
    const { port } = await receiver((response) => void response.writeHead(200).write('{"id":'));
    const outcome = await (await channelTo(port)).send(smsMessage(), AbortSignal.timeout(500));
    expect(outcome).toEqual({ type: 'accepted', messageId: null });
  });

  it('that does not come in time is worth another try', async () => {
    const { port } = await receiver(() => undefined);
    const outcome = await (await channelTo(port)).send(smsMessage(), AbortSignal.timeout(50));
    expect(outcome).toMatchObject({
      kind: 'unavailable',
      retry: 'retry',
      detail: 'the webhook did not answer in time',
    });
  });

  it('that is a reset or a refused connection is worth another try', async () => {
    const { port } = await receiver((response) => void response.socket?.resetAndDestroy());
    const reset = await (await channelTo(port)).send(smsMessage(), patient());
    expect(reset).toMatchObject({ kind: 'unavailable', retry: 'retry' });
    for (const end of stop.splice(0)) await end();
    const refused = await (await channelTo(port)).send(smsMessage(), patient());
    expect(refused).toMatchObject({ retry: 'retry', detail: 'the webhook could not be reached (ECONNREFUSED)' });
  });
});

describe('the name of a webhook', () => {
  it('is host and port only', async () => {
    const dsn = `webhook://gateway.example/hooks/secret-path?secret=${whsec(KEY)}`;
    const channel = await createChannel(secret(dsn), 'email', recordingTools());
    expect(channel.name).toBe('webhook:gateway.example:443');
    expect(channel.channels).toEqual(['email']);
    expect(emailMessage().channel).toBe('email');
  });
});
