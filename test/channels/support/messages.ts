import { code } from '../../../src/core/redacted.ts';
import type { Message } from '../../../src/ports/channel.ts';
import type { ChannelTools } from '../../../src/channels/index.ts';

export const CODE = '048213';
export const NOW = Date.UTC(2026, 0, 15, 10, 30, 0);
export const SEND_ID = 'snd_01HZZZZZZZ0123456789ABCDEFGHJK';

/** A finished e-mail as delivery hands it to a channel. */
export function emailMessage(changes: Partial<Message> = {}): Message {
  return {
    sendId: SEND_ID,
    verification: 'vrf_01HZZZZZZZ0123456789ABCDEFGHJK',
    channel: 'email',
    to: 'jane.doe@recipient.example',
    from: null,
    subject: 'Your Acme code',
    text: `Your code is ${CODE}.\n\nIt is valid for 5 minutes.`,
    html: `<p>Your code is <b>${CODE}</b>.</p>`,
    locale: 'en',
    code: code(CODE),
    expiresAt: NOW + 300_000,
    ...changes,
  };
}

/** An SMS as delivery hands it to a channel. */
export function smsMessage(changes: Partial<Message> = {}): Message {
  return emailMessage({ channel: 'sms', to: '+14155552671', subject: null, html: null, ...changes });
}

/** Tools that remember what they were given. */
export function recordingTools(): ChannelTools & { readonly kept: Message[]; readonly printed: string[] } {
  const kept: Message[] = [];
  const printed: string[] = [];
  return {
    kept,
    printed,
    inbox: async (message) => void kept.push(message),
    print: (line) => void printed.push(line),
    now: () => NOW,
  };
}

/** A signal that never aborts in a test. */
export function patient(): AbortSignal {
  return new AbortController().signal;
}
