import { idTime } from '../core/id.ts';
import type { Channel, Message } from '../ports/channel.ts';
import { accepted, failure } from './outcome.ts';

/** What test keys can ask for: what is sent to such an address fares as the name says. Anything else is accepted, and no more is heard of it. */
export const TEST_DESTINATIONS = {
  delivered: { phone: '+12025550111', email: 'delivered@watchword.example' },
  undelivered: { phone: '+12025550112', email: 'undelivered@watchword.example' },
  refused: { phone: '+12025550113', email: 'refused@watchword.example' },
  slow: { phone: '+12025550114', email: 'slow@watchword.example' },
} as const;
type Fate = keyof typeof TEST_DESTINATIONS;

/** How late a slow message is, at least. The waits of delivery make it up to 7 s. */
const SLOW_MS = 5_000;

/** Where the messages of test keys go: the inbox, or what their destination asks for. Reports are asked for, as of a provider that posts none. */
export function createTestChannel(inbox: Channel, { now }: { now(): number }): Channel {
  return {
    ...inbox,
    async send(message, signal) {
      const fate = fateOf(message);
      if (fate === 'refused') return failure('invalid_destination', 'final', 'a test destination that is refused');
      // Not as if nobody had answered: the inbox would be given a rest, and with it every other test.
      if (fate === 'slow' && now() - idTime(message.sendId) < SLOW_MS)
        return failure('rejected', 'retry', 'a test destination that is slow');
      const outcome = await inbox.send(message, signal);
      return outcome.type === 'accepted' && isReported(fate) ? accepted(`${fate}:${message.sendId}`) : outcome;
    },
    async poll(messageId) {
      const status = messageId.split(':')[0];
      if (status !== 'delivered' && status !== 'undelivered') return { report: null, done: true };
      const error = status === 'undelivered' ? 'a test destination that nothing reaches' : null;
      const report = { messageId, status, at: now(), error, segments: null, price: null, suppress: null } as const;
      return { report, done: true };
    },
  };
}

function fateOf({ to }: Message): Fate | null {
  const fates = Object.keys(TEST_DESTINATIONS) as Fate[];
  return fates.find((fate) => Object.values(TEST_DESTINATIONS[fate]).some((address) => address === to)) ?? null;
}

function isReported(fate: Fate | null): boolean {
  return fate === 'delivered' || fate === 'undelivered';
}
