import type { Message } from '../ports/channel.ts';

/** The message as a webhook body and a line of a file carry it: JSON on one line, without a line end. */
export function messagePayload(message: Message): string {
  const { sendId, channel, to, from, subject, text, html, locale } = message;
  return JSON.stringify({
    type: 'message.send',
    data: { send_id: sendId, channel, to, from, subject, text, html, locale },
  });
}
