import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createChannel } from '../../../src/channels/index.ts';
import { secret } from '../../../src/core/redacted.ts';
import type { Channel, DeliveryReport } from '../../../src/ports/channel.ts';
import { type MessageCentre, startMessageCentre } from '../support/message-centre.ts';
import { patient, recordingTools, smsMessage } from '../support/messages.ts';

let centre: MessageCentre;
let channel: Channel;
let taken: [string, DeliveryReport][];
let keep: () => Promise<void>;

beforeEach(async () => {
  centre = await startMessageCentre();
  taken = [];
  keep = async () => undefined;
  const dsn = `smpp://acme:s3cret@127.0.0.1:${centre.port}?from=ACME`;
  const report = async (name: string, found: DeliveryReport): Promise<void> => {
    await keep();
    taken.push([name, found]);
  };
  channel = await createChannel(secret(dsn), 'sms', { ...recordingTools(), report });
});
afterEach(async () => {
  vi.useRealTimers();
  await channel.close?.();
  await centre.close();
});

/** Waits for something that happens on a socket. */
async function until(condition: () => boolean): Promise<void> {
  for (let turn = 0; !condition(); turn += 1) {
    if (turn > 20_000) throw new Error('it did not happen');
    await new Promise((resolve) => setImmediate(resolve));
  }
}

/** What one end wrote, the other has read after a few turns: both live in this process. */
async function heard(): Promise<void> {
  let turns = 0;
  await until(() => ++turns > 50);
}

/** Ends every connection, and lets the client hear of it. */
async function drop(): Promise<void> {
  centre.dropAll();
  await until(() => centre.connections() === 0);
  await heard();
}

const bind = (): ReturnType<Channel['send']> => channel.send(smsMessage(), patient());

describe('a receipt over SMPP', () => {
  const TEXT = 'id:id-1 sub:001 dlvrd:001 submit date:2601151030 done date:2601151031 stat:DELIVRD err:000 text:Your';
  const receipt = (fields: Readonly<Record<string, unknown>>): Promise<{ readonly command_status: number }> =>
    centre.deliver({ source_addr: '14155552671', destination_addr: 'ACME', esm_class: 0x04, ...fields });

  beforeEach(async () => void (await bind()));

  it('tells how the message fared, and is acknowledged', async () => {
    const answer = await receipt({ short_message: TEXT });
    expect(answer.command_status).toBe(0);
    expect(taken).toEqual([
      [
        `smpp:ACME@127.0.0.1:${centre.port}`,
        {
          messageId: 'id-1',
          status: 'delivered',
          at: null,
          error: null,
          segments: null,
          price: null,
          suppress: null,
        },
      ],
    ]);
  });

  it.each([
    ['in message_payload', { short_message: '', message_payload: TEXT }],
    ['in fields only', { short_message: '', receipted_message_id: 'id-1', message_state: 2 }],
    [
      'in fields that beat the text',
      { short_message: TEXT.replace('id:id-1', 'id:other'), receipted_message_id: 'id-1' },
    ],
    ['as UCS-2', { data_coding: 8, short_message: TEXT }],
  ])('may come %s', async (_name, fields) => {
    await receipt(fields);
    expect(taken.map(([, report]) => report)).toMatchObject([{ messageId: 'id-1', status: 'delivered' }]);
  });

  it.each([
    ['ENROUTE', 'sent', null],
    ['ACCEPTD', 'sent', null],
    ['EXPIRED', 'undelivered', 'expired err 034'],
    ['DELETED', 'undelivered', 'deleted err 034'],
    ['UNDELIV', 'undelivered', 'undeliv err 034'],
    ['REJECTD', 'failed', 'rejectd err 034'],
  ])('with state %s means %s', async (state, status, error) => {
    await receipt({ short_message: TEXT.replace('DELIVRD err:000', `${state} err:034`) });
    expect(taken.map(([, report]) => report)).toMatchObject([{ status, error }]);
  });

  it.each([
    ['a person’s answer', { esm_class: 0, short_message: 'STOP id:id-1 stat:DELIVRD' }],
    ['a state nobody knows', { short_message: TEXT.replace('DELIVRD', 'UNKNOWN') }],
    ['a receipt without an id', { short_message: 'stat:DELIVRD' }],
    ['nothing readable', { short_message: Buffer.from([0, 255, 3]) }],
  ])('is acknowledged and ignored when it is %s', async (_name, fields) => {
    expect((await receipt(fields)).command_status).toBe(0);
    expect(taken).toEqual([]);
  });

  it('is offered again when it could not be kept', async () => {
    keep = () => Promise.reject(new Error('the database is away'));
    expect((await receipt({ short_message: TEXT })).command_status).toBe(0x64);
    keep = async () => undefined;
    expect((await receipt({ short_message: TEXT })).command_status).toBe(0);
    expect(taken).toHaveLength(1);
  });
});

describe('a line to the message centre', () => {
  it('answers whether it is alive', async () => {
    await bind();
    expect((await centre.ask('enquire_link')).command_status).toBe(0);
  });

  it('that the centre drops is opened again by the next message', async () => {
    await bind();
    await drop();
    expect(await bind()).toMatchObject({ type: 'accepted' });
    expect(centre.binds).toHaveLength(2);
  });

  it('that the centre unbinds is answered and opened again by the next message', async () => {
    await bind();
    expect((await centre.ask('unbind')).command_status).toBe(0);
    expect(await bind()).toMatchObject({ type: 'accepted' });
    expect(centre.binds).toHaveLength(2);
  });

  it('is opened once for messages that come together', async () => {
    await Promise.all([bind(), bind(), bind()]);
    expect(centre.binds).toHaveLength(1);
  });

  it('takes leave when the channel closes, and stays closed', async () => {
    await bind();
    await channel.close?.();
    await until(() => centre.connections() === 0);
    expect(centre.others).toEqual(['unbind']);
    expect(await bind()).toMatchObject({ type: 'failure' });
    expect(centre.binds).toHaveLength(1);
  });
});

describe('a line that nobody uses', () => {
  // Only the waiting is faked; sockets need the real rest.
  beforeEach(() => vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval'] }));

  it('asks every half minute whether the centre is alive', async () => {
    await bind();
    await vi.advanceTimersByTimeAsync(30_000);
    await until(() => centre.others.length === 1);
    expect(centre.others).toEqual(['enquire_link']);
    expect(centre.connections()).toBe(1);
  });

  it('is given up when the centre has not answered by the next time, and opened again', async () => {
    await bind();
    centre.script = { enquire: 'silent' };
    await vi.advanceTimersByTimeAsync(30_000);
    await until(() => centre.others.length === 1);
    await vi.advanceTimersByTimeAsync(29_999);
    expect(centre.connections()).toBe(1);
    await vi.advanceTimersByTimeAsync(1);
    await until(() => centre.connections() === 0);
    await vi.advanceTimersByTimeAsync(1_000);
    await until(() => centre.binds.length === 2);
    await heard();
  });

  it('is kept while the centre answers', async () => {
    await bind();
    for (let turn = 1; turn <= 5; turn += 1) {
      await vi.advanceTimersByTimeAsync(30_000);
      await until(() => centre.others.length === turn);
      await heard();
    }
    expect(centre.binds).toHaveLength(1);
  });

  it('is opened again by itself, so that receipts still come', async () => {
    await bind();
    await drop();
    await vi.advanceTimersByTimeAsync(1_000);
    await until(() => centre.binds.length === 2);
    await heard();
    expect(centre.submits).toHaveLength(1);
  });

  it('is tried again with growing waits while the centre is away', async () => {
    await bind();
    centre.script = { bind: 0x08 };
    await drop();
    for (const [index, wait] of [1_000, 2_000, 5_000, 10_000, 30_000, 30_000].entries()) {
      await until(() => vi.getTimerCount() === 1);
      await vi.advanceTimersByTimeAsync(wait - 1);
      expect(centre.binds).toHaveLength(index + 1);
      await vi.advanceTimersByTimeAsync(1);
      await until(() => centre.binds.length === index + 2 && centre.connections() === 0);
    }
  });
});
