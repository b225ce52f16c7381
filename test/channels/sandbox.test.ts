import { describe, expect, it } from 'vitest';
import { createChannel } from '../../src/channels/index.ts';
import { createSandboxChannel } from '../../src/channels/sandbox.ts';
import { secret } from '../../src/core/redacted.ts';
import { CHANNELS } from '../../src/core/verification.ts';
import { patient, recordingTools, smsMessage } from './support/messages.ts';

const ACCEPTED = { type: 'accepted', messageId: null };

describe.each(CHANNELS)('the sandbox for %s', (kind) => {
  it.each([
    ['+14155550001', { kind: 'rejected', retry: 'final' }],
    ['+14155550002', { kind: 'invalid_destination', retry: 'final' }],
    ['+14155550003', { kind: 'unavailable', retry: 'retry' }],
    ['rejected@recipient.example', { kind: 'rejected', retry: 'final' }],
    ['Ann+Invalid_Destination@recipient.example', { kind: 'invalid_destination', retry: 'final' }],
    ['ann+unavailable@recipient.example', { kind: 'unavailable', retry: 'retry' }],
  ])('answers %s as it asks, and keeps nothing', async (to, expected) => {
    const tools = recordingTools();
    const channel = await createChannel(secret('sandbox://'), kind, tools);
    expect(await channel.send(smsMessage({ channel: kind, to }), patient())).toMatchObject({
      type: 'failure',
      ...expected,
    });
    expect(tools.kept).toEqual([]);
  });

  it.each(['+14155552671', 'ann@rejected.example', 'notrejected@recipient.example', 'ann+0001@recipient.example'])(
    'accepts %s into the development inbox',
    async (to) => {
      const tools = recordingTools();
      const channel = await createChannel(secret('sandbox://'), kind, tools);
      expect(channel.channels).toEqual([kind]);
      expect(await channel.send(smsMessage({ channel: kind, to }), patient())).toEqual(ACCEPTED);
      expect(tools.kept.map((message) => message.to)).toEqual([to]);
    },
  );
});

describe.each(['+14155550004', 'slow@recipient.example'])('a slow answer to %s', (to) => {
  it('comes after five seconds', async () => {
    const tools = recordingTools();
    const waits: number[] = [];
    const wait = async (ms: number): Promise<void> => void waits.push(ms);
    expect(await createSandboxChannel('sms', { ...tools, wait }).send(smsMessage({ to }), patient())).toEqual(ACCEPTED);
    expect([waits, tools.kept.length]).toEqual([[5_000], 1]);
  });

  it('that nobody waits for is an unknown outcome', async () => {
    const tools = recordingTools();
    const channel = createSandboxChannel('sms', tools);
    expect(await channel.send(smsMessage({ to }), AbortSignal.abort())).toMatchObject({ retry: 'once' });
    expect(tools.kept).toEqual([]);
  });
});
