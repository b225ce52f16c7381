import { code } from '../core/redacted.ts';
import type { Accepted, Channel, Failure, Message } from '../ports/channel.ts';
import { testId } from './factories.ts';
import type { TestApi } from './contract-store.ts';

/** A channel under test, and what its provider saw. */
export interface ChannelUnderTest {
  readonly channel: Channel;
  /** What arrived at the provider, oldest first: at least the destination and the text. */
  arrived(): readonly { readonly to: string; readonly text: string }[];
  /** From now on the provider says no to every message; absent = it cannot be made to. */
  refuse?(): void;
  /** From now on the provider never answers; absent = it cannot be made to. */
  stall?(): void;
  close(): Promise<void>;
}

const CODE = '482915';
const PATIENCE_MS = 5_000;

/** A finished message as the service hands it over. */
export function testMessage(overrides: Partial<Message> = {}): Message {
  const channel = overrides.channel ?? 'sms';
  return {
    sendId: testId('snd', 1),
    verification: testId('vrf', 1),
    channel,
    to: channel === 'email' ? 'ann@example.com' : '+14155552671',
    from: null,
    subject: channel === 'email' ? 'Your code' : null,
    text: `${CODE} is your code.`,
    html: null,
    locale: 'en',
    code: code(CODE),
    expiresAt: Date.UTC(2030, 0, 1),
    ...overrides,
  };
}

interface ChannelTest {
  readonly name: string;
  readonly run: (under: ChannelUnderTest, expect: TestApi['expect']) => Promise<void>;
}

/** Every promise of the channel port as a test; a channel that passes may carry messages. */
const CHANNEL_CONTRACT: readonly ChannelTest[] = [
  {
    name: 'says what it is called and what it carries',
    run: async ({ channel }, expect) => {
      expect(typeof channel.name === 'string' && channel.name !== '').toBe(true);
      expect(channel.channels.length > 0).toBe(true);
    },
  },
  {
    name: 'takes a message to its destination, with the code in it, once',
    run: async ({ channel, arrived }, expect) => {
      const message = messageFor(channel);
      const outcome = await channel.send(message, new AbortController().signal);
      expect(outcome.type).toBe('accepted');
      expect(arrived().map(({ to }) => to)).toEqual([message.to]);
      expect(arrived()[0]?.text.includes(CODE) ?? false).toBe(true);
      expect(outcome.type === 'accepted' && isMessageId(outcome.messageId)).toBe(true);
    },
  },
  {
    name: 'keeps messages apart that are under way together',
    run: async ({ channel, arrived }, expect) => {
      const numbers = Array.from({ length: 8 }, (_, number) => number);
      const messages = numbers.map((number) => messageFor(channel, `+1415555267${number}`, `n${number}@example.com`));
      await Promise.all(messages.map((message) => channel.send(message, new AbortController().signal)));
      expect(
        arrived()
          .map(({ to }) => to)
          .toSorted(),
      ).toEqual(messages.map(({ to }) => to).toSorted());
    },
  },
  {
    name: 'answers a refusal as a failure that may be shown: no exception, no code, no address',
    run: async (under, expect) => {
      if (under.refuse === undefined) return;
      under.refuse();
      const message = messageFor(under.channel);
      expectFailure(await under.channel.send(message, new AbortController().signal), message, expect);
    },
  },
  {
    name: 'ends with its signal, and answers a failure then',
    run: async (under, expect) => {
      if (under.stall === undefined) return;
      under.stall();
      const message = messageFor(under.channel);
      const controller = new AbortController();
      const sending = under.channel.send(message, controller.signal);
      controller.abort();
      expectFailure(await within(sending), message, expect);
    },
  },
];

/** Registers the contract suite for a channel with the caller's test runner; each test opens one of its own. */
export function channelContract(
  driver: string,
  open: () => Promise<ChannelUnderTest>,
  { describe, it, expect }: TestApi,
): void {
  describe(`${driver} channel`, () => {
    for (const { name, run } of CHANNEL_CONTRACT) {
      it(name, async () => {
        const under = await open();
        try {
          await run(under, expect);
        } finally {
          await under.close();
        }
      });
    }
  });
}

function messageFor({ channels }: Channel, phone = '+14155552671', email = 'ann@example.com'): Message {
  const channel = channels[0] ?? 'sms';
  return testMessage({ channel, to: channel === 'email' ? email : phone });
}

function isMessageId(id: string | null): boolean {
  return id === null || (id.length > 0 && id.length <= 200);
}

function expectFailure(outcome: Accepted | Failure, { to }: Message, expect: TestApi['expect']): void {
  expect(outcome.type).toBe('failure');
  if (outcome.type !== 'failure') return;
  expect(['final', 'retry', 'once'].includes(outcome.retry)).toBe(true);
  expect(outcome.detail.includes(CODE) || outcome.detail.includes(to)).toBe(false);
}

/** Fails instead of hanging when a channel does not listen to its signal. */
async function within<T>(work: Promise<T>): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('it does not end with its signal')), PATIENCE_MS);
  });
  return await Promise.race([work, late]).finally(() => clearTimeout(timer));
}
