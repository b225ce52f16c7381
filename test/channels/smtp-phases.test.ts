import { afterEach, describe, expect, it, vi } from 'vitest';
import { createChannel } from '../../src/channels/index.ts';
import { parseDsn } from '../../src/channels/dsn.ts';
import { openSession } from '../../src/channels/smtp/session.ts';
import { readSmtpSettings } from '../../src/channels/smtp/settings.ts';
import { secret } from '../../src/core/redacted.ts';
import type { Accepted, Channel, Failure } from '../../src/ports/channel.ts';
import { CODE, emailMessage, patient, recordingTools } from './support/messages.ts';
import { type Script, type ScriptedServer, startScripted } from './support/scripted-server.ts';

const open: { close?(): Promise<void> }[] = [];
afterEach(async () => {
  for (const thing of open.splice(0)) await thing.close?.();
});

async function connect(
  script: Script,
  login = '',
  options = '',
): Promise<{ server: ScriptedServer; channel: Channel }> {
  const server = await startScripted(script);
  const dsn = `smtp://${login}127.0.0.1:${server.port}?from=no-reply@acme.example${options}`;
  const channel = await createChannel(secret(dsn), 'email', recordingTools());
  open.push(channel, server);
  return { server, channel };
}

/** Sends and lets the deadline pass as soon as the server got that far. */
async function sendUntil(channel: Channel, reached: () => boolean): Promise<Accepted | Failure> {
  const deadline = new AbortController();
  const sending = channel.send(emailMessage(), deadline.signal);
  await vi.waitUntil(reached, { interval: 5, timeout: 5000 });
  deadline.abort();
  return await sending;
}

const LOGIN = 'mailer:hunter22@';

type Row = [name: string, script: Script, kind: Failure['kind'], retry: Failure['retry']];
const named = ([name, script, kind, retry]: Row) => ({ name, script, kind, retry });

/** Where it breaks, how, and what delivery is told: kind and retry. */
const TABLE: Row[] = [
  ['greeting 554', { greeting: '554 no service here' }, 'rejected', 'final'],
  ['greeting 421', { greeting: '421 too busy' }, 'unavailable', 'retry'],
  ['greeting reset', { greeting: 'reset' }, 'unavailable', 'retry'],
  ['greeting closed', { greeting: 'close' }, 'unavailable', 'retry'],
  ['greeting nonsense', { greeting: 'raw:SSH-2.0-server\r\n' }, 'unavailable', 'retry'],
  ['EHLO reset', { EHLO: 'reset' }, 'unavailable', 'retry'],
  ['EHLO 421', { EHLO: '421 closing' }, 'unavailable', 'retry'],
  ['EHLO and HELO 5xx', { EHLO: '502 no', HELO: '502 no' }, 'rejected', 'final'],
  ['STARTTLS 502', { EHLO: '250-s\r\n250 STARTTLS', STARTTLS: '502 no' }, 'misconfigured', 'final'],
  ['STARTTLS 454', { EHLO: '250-s\r\n250 STARTTLS', STARTTLS: '454 not now' }, 'unavailable', 'retry'],
  ['STARTTLS reset', { EHLO: '250-s\r\n250 STARTTLS', STARTTLS: 'reset' }, 'unavailable', 'retry'],
  ['AUTH 535', { AUTH: '535 5.7.8 bad credentials' }, 'misconfigured', 'final'],
  ['AUTH 534', { AUTH: '534 5.7.9 application password required' }, 'misconfigured', 'final'],
  ['AUTH 454', { AUTH: '454 temporary failure' }, 'unavailable', 'retry'],
  ['AUTH reset', { AUTH: 'reset' }, 'unavailable', 'retry'],
  ['AUTH closed', { AUTH: 'close' }, 'unavailable', 'retry'],
  ['MAIL 550', { MAIL: '550 sender refused' }, 'rejected', 'final'],
  ['MAIL 530', { MAIL: '530 log in first' }, 'misconfigured', 'final'],
  ['MAIL 451', { MAIL: '451 later' }, 'unavailable', 'retry'],
  ['MAIL 421', { MAIL: '421 closing' }, 'unavailable', 'retry'],
  ['MAIL reset', { MAIL: 'reset' }, 'unavailable', 'retry'],
  ['RCPT 550', { RCPT: '550 5.1.1 no such user' }, 'invalid_destination', 'final'],
  ['RCPT 551', { RCPT: '551 moved' }, 'invalid_destination', 'final'],
  ['RCPT 553', { RCPT: '553 name not allowed' }, 'invalid_destination', 'final'],
  ['RCPT 501', { RCPT: '501 bad address' }, 'invalid_destination', 'final'],
  ['RCPT 550 by policy', { RCPT: '550 5.7.1 relaying denied' }, 'rejected', 'final'],
  ['RCPT 554', { RCPT: '554 relay denied' }, 'rejected', 'final'],
  ['RCPT 552', { RCPT: '552 full' }, 'rejected', 'final'],
  ['RCPT 450', { RCPT: '450 greylisted' }, 'unavailable', 'retry'],
  ['RCPT 451', { RCPT: '451 greylisted' }, 'unavailable', 'retry'],
  ['RCPT 452', { RCPT: '452 too many' }, 'unavailable', 'retry'],
  ['RCPT 421', { RCPT: '421 closing' }, 'unavailable', 'retry'],
  ['RCPT reset', { RCPT: 'reset' }, 'unavailable', 'retry'],
  ['RCPT closed', { RCPT: 'close' }, 'unavailable', 'retry'],
  ['DATA 554', { DATA: '554 no' }, 'rejected', 'final'],
  ['DATA 451', { DATA: '451 later' }, 'unavailable', 'retry'],
  ['DATA reset', { DATA: 'reset' }, 'unavailable', 'retry'],
  ['final dot 554', { dot: '554 looks like spam' }, 'rejected', 'final'],
  ['final dot 550', { dot: '550 5.1.1 content refused' }, 'rejected', 'final'],
  ['final dot 451', { dot: '451 try again' }, 'unavailable', 'retry'],
  ['final dot 421', { dot: '421 shutting down' }, 'unavailable', 'retry'],
  ['final dot reset', { dot: 'reset' }, 'unavailable', 'once'],
  ['final dot closed', { dot: 'close' }, 'unavailable', 'once'],
  ['final dot cut off', { dot: 'cut:554 half a li' }, 'unavailable', 'once'],
  ['final dot nonsense', { dot: 'raw:what?\r\n' }, 'unavailable', 'once'],
];

describe('a failing mail server', () => {
  it.each(TABLE.map(named))('$name is told as $kind, $retry', async ({ script, kind, retry }) => {
    const { server, channel } = await connect(script, LOGIN);
    const outcome = await channel.send(emailMessage(), patient());
    expect(outcome).toMatchObject({ type: 'failure', kind, retry });
    expect(server.connections()).toBe(1);
    expect(server.commands.filter((line) => line === 'DATA').length).toBeLessThanOrEqual(1);
  });

  const PIPELINED = '250-s\r\n250-AUTH PLAIN\r\n250 PIPELINING';
  const PIPELINED_TABLE: Row[] = [
    ['MAIL 550', { MAIL: '550 no', RCPT: '503 no', DATA: '503 no' }, 'rejected', 'final'],
    ['MAIL 421', { MAIL: '421 closing', RCPT: 'silent', DATA: 'silent' }, 'unavailable', 'retry'],
    ['RCPT 550', { RCPT: '550 5.1.1 no', DATA: '503 no' }, 'invalid_destination', 'final'],
    ['RCPT 450', { RCPT: '450 later', DATA: '503 no' }, 'unavailable', 'retry'],
    ['RCPT reset', { RCPT: 'reset' }, 'unavailable', 'retry'],
    ['final dot reset', { dot: 'reset' }, 'unavailable', 'once'],
  ];
  it.each(PIPELINED_TABLE.map(named))(
    'with pipelining, $name is told as $kind, $retry',
    async ({ script, kind, retry }) => {
      const { server, channel } = await connect({ EHLO: PIPELINED, ...script });
      expect(await channel.send(emailMessage(), patient())).toMatchObject({ type: 'failure', kind, retry });
      expect(server.connections()).toBe(1);
    },
  );

  it('that is not there is worth another try', async () => {
    const { server, channel } = await connect({});
    await server.close();
    const outcome = await channel.send(emailMessage(), patient());
    expect(outcome).toMatchObject({ kind: 'unavailable', retry: 'retry', detail: 'connection failed (ECONNREFUSED)' });
  });

  it('whose name does not resolve is worth another try', async () => {
    const channel = await createChannel(secret('smtp://mail.invalid?from=a@acme.example'), 'email', recordingTools());
    const outcome = await channel.send(emailMessage(), AbortSignal.timeout(3000));
    expect(outcome).toMatchObject({ kind: 'unavailable', retry: 'retry' });
  });

  it.each([
    ['greeting', 'retry'],
    ['EHLO', 'retry'],
    ['AUTH', 'retry'],
    ['MAIL', 'retry'],
    ['RCPT', 'retry'],
    ['DATA', 'retry'],
    ['dot', 'once'],
  ] as const)('that falls silent at %s is given up at the deadline as %s', async (phase, retry) => {
    const { server, channel } = await connect({ [phase]: 'silent' }, LOGIN);
    const reached = (): boolean =>
      phase === 'greeting'
        ? server.connections() === 1
        : phase === 'dot'
          ? server.messages.length === 1
          : server.commands.some((line) => line.startsWith(phase));
    const outcome = await sendUntil(channel, reached);
    expect(outcome).toMatchObject({ kind: 'unavailable', retry });
    expect((outcome as Failure).detail).toMatch(/^no answer in time/);
    expect(server.messages.length).toBe(phase === 'dot' ? 1 : 0);
  });

  it('gets nothing any more after the deadline, even if it answers then', async () => {
    const { server, channel } = await connect({ RCPT: 'silent' });
    await sendUntil(channel, () => server.commands.some((line) => line.startsWith('RCPT')));
    server.replyLate('250 recipient ok');
    await server.listen();
    expect(server.commands.at(-1)).toMatch(/^RCPT/);
    expect(server.messages).toEqual([]);
  });

  it('never gets the end of a message that was given up half-way', async () => {
    const server = await startScripted({ DATA: 'deaf:354 go ahead' });
    open.push(server);
    const parsed = parseDsn(`smtp://127.0.0.1:${server.port}?from=no-reply@acme.example`);
    const settings = parsed.ok ? readSmtpSettings(parsed.value) : parsed;
    if (!settings.ok) throw new Error(settings.problem);
    const session = await openSession(settings.value, null, patient());
    const mime = Buffer.from(`Subject: long\r\n\r\n${'a line of a very long message\r\n'.repeat(500_000)}`);
    const delivery = { from: 'no-reply@acme.example', to: 'jane.doe@recipient.example', mime };
    const delivered = await session.deliver(delivery, AbortSignal.timeout(1000));
    expect(delivered).toMatchObject({ ok: false, handedOver: true });
    expect(session.alive).toBe(false);
    await server.listen();
    expect(server.messages).toEqual([]);
  });

  it('is not asked at all when the signal had aborted before', async () => {
    const { server, channel } = await connect({});
    expect(await channel.send(emailMessage(), AbortSignal.abort())).toMatchObject({ retry: 'retry' });
    expect(server.connections()).toBe(0);
  });
});

describe('a warm connection', () => {
  it('carries the next message too', async () => {
    const { server, channel } = await connect({}, LOGIN);
    for (let i = 0; i < 3; i += 1) {
      expect(await channel.send(emailMessage(), patient())).toEqual({ type: 'accepted', messageId: '77AA' });
    }
    expect(server.connections()).toBe(1);
  });

  it('that the server dropped meanwhile is replaced without anybody noticing', async () => {
    const { server, channel } = await connect({});
    await channel.send(emailMessage(), patient());
    server.dropAll();
    expect(await channel.send(emailMessage(), patient())).toMatchObject({ type: 'accepted' });
    expect([server.connections(), server.messages.length]).toEqual([2, 2]);
  });

  it('that answers 421 to the next message is replaced once', async () => {
    const { server, channel } = await connect({ MAIL: [['250 ok', '421 idle too long'], '250 ok'] });
    await channel.send(emailMessage(), patient());
    expect(await channel.send(emailMessage(), patient())).toMatchObject({ type: 'accepted' });
    expect([server.connections(), server.messages.length]).toEqual([2, 2]);
  });

  it('that resets after the message was handed over is never tried again by the channel', async () => {
    const { server, channel } = await connect({ dot: [['250 ok', 'reset'], '250 ok'] });
    await channel.send(emailMessage(), patient());
    expect(await channel.send(emailMessage(), patient())).toMatchObject({ retry: 'once' });
    expect([server.connections(), server.messages.length]).toEqual([1, 2]);
  });

  it('is not opened more than four times at once', async () => {
    const { server, channel } = await connect({ dot: 'silent' });
    const deadline = new AbortController();
    const sends = Array.from({ length: 7 }, () => channel.send(emailMessage(), deadline.signal));
    await vi.waitUntil(() => server.messages.length === 4, { interval: 5, timeout: 5000 });
    deadline.abort();
    const outcomes = await Promise.all(sends);
    expect(server.connections()).toBe(4);
    expect(outcomes.map((outcome) => (outcome as Failure).retry).sort()).toEqual([
      ...Array.from({ length: 4 }, () => 'once'),
      ...Array.from({ length: 3 }, () => 'retry'),
    ]);
  });
});

describe('the detail of a failure', () => {
  it.each([
    ['RCPT', '550 5.1.1 <jane.doe@recipient.example>: no such user'],
    ['RCPT', '550 5.1.1 JANE.DOE@recipient.example unknown'],
    ['RCPT', '550 user jane.doe is unknown at recipient.example'],
    ['dot', `554 refused: Your code is ${CODE}`],
    ['AUTH', '535 mailer with hunter22 is wrong'],
  ] as const)('at %s never repeats address, code or credential (%s)', async (phase, reply) => {
    const { channel } = await connect({ [phase]: reply }, LOGIN);
    const { detail } = (await channel.send(emailMessage(), patient())) as Failure;
    expect(detail).not.toMatch(/jane\.doe|hunter22|mailer/i);
    expect(detail).not.toContain(CODE);
    expect(detail).toMatch(/^(RCPT TO|DATA|AUTH PLAIN): 5\d\d/);
  });

  it('is at most 200 characters without control characters, however long the reply', async () => {
    const { channel } = await connect({ RCPT: `550 ${'\u0007bell and more '.repeat(2000)}` });
    const { detail } = (await channel.send(emailMessage(), patient())) as Failure;
    expect(detail.length).toBeLessThanOrEqual(200);
    expect(detail).not.toMatch(/\p{Cc}/u);
  });
});

describe('probing', () => {
  it.each([
    [{}, null],
    [{ AUTH: '535 5.7.8 wrong' }, /refused the login: 535 5\.7\.8 wrong\. Check user and password/],
    [{ AUTH: '535 5.7.139 Authentication unsuccessful, SmtpClientAuthentication is disabled' }, /Office 365/],
    [{ EHLO: '250-s\r\n250 STARTTLS', STARTTLS: '502 no' }, /STARTTLS/],
    [{ greeting: '554 go away' }, /refused the connection: 554 go away\./],
    [{ greeting: 'reset' }, /broke \(ECONNRESET\)/],
    [{ greeting: 'silent' }, /does not answer/],
  ] satisfies [Script, RegExp | null][])('answers what is wrong and the cure (%j)', async (script, expected) => {
    const { server, channel } = await connect(script, LOGIN);
    const advice = await channel.probe?.(AbortSignal.timeout(1000));
    if (expected === null) expect(advice).toBeNull();
    else expect(advice).toMatch(expected);
    expect(advice ?? '').not.toMatch(/hunter22|mailer/);
    expect(server.commands.some((line) => line.startsWith('MAIL'))).toBe(false);
  });

  it('names a port where nothing listens', async () => {
    const { server, channel } = await connect({});
    await server.close();
    expect(await channel.probe?.(patient())).toMatch(/^Nothing listens at 127\.0\.0\.1:\d+\./);
  });
});
