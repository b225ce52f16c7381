import type { ChannelName } from '../../core/verification.ts';
import type { PageTexts } from './texts/page-texts.ts';

/** What people call a channel. */
export function channelWord(words: PageTexts, channel: ChannelName): string {
  if (channel === 'whatsapp') return 'WhatsApp';
  return channel === 'telegram' ? 'Telegram' : words[channel];
}
