import { type Locale, supportedLocale } from '../../core/locale.ts';
import { LANGUAGES } from '../../core/texts/languages.ts';
import { pageTexts } from './texts/languages.ts';
import type { PageTexts } from './texts/page-texts.ts';

/** More entries than a browser sends. */
const MOST_TAGS = 20;

/** What a page is written in. */
export interface Language {
  readonly locale: Locale;
  readonly dir: 'ltr' | 'rtl';
  readonly words: PageTexts;
}

/** The language of a request: what was chosen, then what the browser asks for, then the application's. */
export function languageOf(choices: readonly (string | null)[], accept: string | null, fallback: string): Language {
  const tags = [...choices, ...acceptedTags(accept ?? ''), fallback];
  const locale = tags.map((tag) => supportedLocale(tag ?? '')).find((found) => found !== null) ?? 'en';
  return { locale, dir: LANGUAGES[locale].direction ?? 'ltr', words: pageTexts(locale) };
}

/** Tags of `Accept-Language` (RFC 9110, 12.5.4), the most wanted first. */
function acceptedTags(header: string): readonly string[] {
  return header
    .split(',', MOST_TAGS)
    .map((entry) => {
      const [tag = '', ...parameters] = entry.trim().split(/\s*;\s*/);
      const q = parameters.find((parameter) => parameter.startsWith('q='));
      return { tag, weight: q === undefined ? 1 : Number(q.slice(2)) };
    })
    .filter(({ weight }) => weight > 0)
    .toSorted((left, right) => right.weight - left.weight)
    .map(({ tag }) => tag);
}

/** A text with its places filled, as plain text. */
export function fill(text: string, values: Readonly<Record<string, string>>): string {
  return text.replace(/\{([a-z]+)\}/g, (place, name: string) => values[name] ?? place);
}

/** A time of day in the application's zone, which it names; with seconds where a minute says too little. */
export function clockTime(locale: Locale, timeZone: string, at: number, seconds?: 'seconds'): string {
  const format = new Intl.DateTimeFormat(locale, {
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
    ...(seconds === undefined ? {} : { second: '2-digit' }),
    timeZone,
    timeZoneName: 'short',
  });
  return format.format(at);
}

/** So many days, in words: `30 days`. */
export function dayCount(locale: Locale, days: number): string {
  return new Intl.NumberFormat(locale, { style: 'unit', unit: 'day', unitDisplay: 'long' }).format(days);
}
