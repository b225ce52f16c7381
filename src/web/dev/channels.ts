import type { ChannelName } from '../../core/verification.ts';

/** What people call each channel. */
export const CHANNEL_WORDS: Readonly<Record<ChannelName, string>> = {
  sms: 'SMS',
  email: 'E-mail',
  voice: 'Voice',
  whatsapp: 'WhatsApp',
  telegram: 'Telegram',
};
