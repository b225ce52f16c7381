import type { ChannelName, LineType } from '../../../core/verification.ts';

export const CHANNEL_WORDS: Readonly<Record<ChannelName, string>> = {
  sms: 'SMS',
  email: 'E-mail',
  voice: 'Voice call',
  whatsapp: 'WhatsApp',
  telegram: 'Telegram',
};

/** A kind of number as agents speak of it. */
export const LINE_WORDS: Readonly<Record<LineType, string>> = {
  mobile: 'a mobile number',
  fixed_line: 'a landline',
  fixed_line_or_mobile: 'a landline or mobile number',
  voip: 'an internet number',
  toll_free: 'a toll-free number',
  premium_rate: 'a premium-rate number',
  shared_cost: 'a shared-cost number',
  personal: 'a personal number',
  pager: 'a pager',
  uan: 'a company number',
  unknown: 'a number of unknown kind',
};

/** `1 attempt`, `3 attempts`. */
export function counted(count: number, word: string): string {
  return `${count} ${word}${count === 1 ? '' : 's'}`;
}

/** `caller_check` as `Caller check`; a provider's or purpose's name as a heading. */
export function nameOf(text: string): string {
  const words = text.replaceAll(/[_-]+/g, ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}
