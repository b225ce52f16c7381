import type { ChannelName } from '../../core/verification.ts';

/** What people call each channel, on every page but the hosted ones, which speak many languages. */
export const CHANNEL_WORDS: Readonly<Record<ChannelName, string>> = {
  sms: 'SMS',
  email: 'E-mail',
  voice: 'Voice call',
  whatsapp: 'WhatsApp',
  telegram: 'Telegram',
};
