import type { ChannelName } from '../core/verification.ts';
import type { Channel, Message } from '../ports/channel.ts';
import { accepted } from './outcome.ts';

// oxlint-disable-next-line no-control-regex -- terminal escape sequences must not reach the terminal
const CONTROL = /[\u0000-\u001f\u007f-\u009f]/g;

/** Prints every message as a readable block; for development. */
export function createConsoleChannel(kind: ChannelName, tools: { print(line: string): void }): Channel {
  return {
    name: 'console',
    channels: [kind],
    async send(message) {
      for (const line of block(message)) tools.print(line.replace(CONTROL, ' '));
      return accepted(null);
    },
  };
}

function block(message: Message): string[] {
  return [
    `--- ${message.channel} ${message.sendId} ---`,
    `To: ${message.to}`,
    ...(message.from === null ? [] : [`From: ${message.from}`]),
    ...(message.subject === null ? [] : [`Subject: ${message.subject}`]),
    '',
    ...message.text.split(/\r\n|\r|\n/),
    '---',
  ];
}
