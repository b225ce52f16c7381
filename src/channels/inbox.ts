import type { ChannelName } from '../core/verification.ts';
import type { Channel, Message } from '../ports/channel.ts';
import { accepted, failure } from './outcome.ts';

/** Keeps every message in Watchword's own inbox; for development. */
export function createInboxChannel(kind: ChannelName, tools: { inbox(message: Message): Promise<void> }): Channel {
  return {
    name: 'inbox',
    channels: [kind],
    async send(message) {
      try {
        await tools.inbox(message);
        return accepted(null);
      } catch {
        return failure('unavailable', 'retry', 'the inbox could not be written');
      }
    },
  };
}
