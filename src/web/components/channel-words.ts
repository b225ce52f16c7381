import type { ChannelName } from '../../core/verification.ts';

/** What people call each channel, on every page but the hosted ones, which speak many languages. */
export const CHANNEL_WORDS: Readonly<Record<ChannelName, string>> = {
  sms: 'SMS',
  email: 'E-mail',
  voice: 'Voice call',
  whatsapp: 'WhatsApp',
  telegram: 'Telegram',
};

/** The same words where they stand within a sentence. */
export const CHANNEL_IN_TEXT: typeof CHANNEL_WORDS = { ...CHANNEL_WORDS, email: 'e-mail', voice: 'voice call' };
