import type { LineType } from '../../core/verification.ts';

/** A kind of number, without an article. */
const LINE_WORDS: Readonly<Record<LineType, string>> = {
  mobile: 'mobile number',
  fixed_line: 'landline',
  fixed_line_or_mobile: 'landline or mobile number',
  voip: 'internet number',
  toll_free: 'toll-free number',
  premium_rate: 'premium-rate number',
  shared_cost: 'shared-cost number',
  personal: 'personal number',
  pager: 'pager',
  uan: 'company number',
  unknown: 'number of unknown kind',
};

/** `Landline` for a fact. */
export function lineWord(line: LineType): string {
  return capital(LINE_WORDS[line]);
}

/** `a landline` in a sentence. */
export function aLine(line: LineType): string {
  const word = LINE_WORDS[line];
  return `${word.startsWith('i') ? 'an' : 'a'} ${word}`;
}

/** `1 attempt`, `3 attempts`. */
export function counted(count: number, word: string): string {
  return `${count} ${word}${count === 1 ? '' : 's'}`;
}

/** `caller_check` as `Caller check`; a provider's or purpose's name as a heading. */
export function nameOf(text: string): string {
  return capital(text.replaceAll(/[_-]+/g, ' '));
}

/** The first letter large. */
export function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
