import type { Locale } from './locale.ts';
import { notMeTexts } from './texts/not-me.ts';

/** How a message tells its reader where to say that they did not ask for it. */
export interface NotMeLine {
  readonly line: string;
  /** For SMS. */
  readonly short: string;
  readonly url: string;
}

/** The line in the language of the message; null without an address. */
export function notMeLine(locale: Locale, url: string | null): NotMeLine | null {
  if (url === null) return null;
  const { line, short } = notMeTexts(locale).texts;
  return { line, short, url };
}
