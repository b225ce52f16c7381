import { LANGUAGES, type Locale, SUPPORTED_LOCALES } from './texts/languages.ts';

export { type Locale, SUPPORTED_LOCALES } from './texts/languages.ts';

/** Tags that mean a supported language under another name, in lower case. */
export const LOCALE_ALIASES: Readonly<Record<string, Locale>> = {
  zh: 'zh-Hans',
  'zh-tw': 'zh-Hant',
  'zh-hk': 'zh-Hant',
  'zh-mo': 'zh-Hant',
  cmn: 'zh-Hans',
  yue: 'zh-Hant',
  no: 'nb',
  nn: 'nb',
  sr: 'sr-Latn',
  sh: 'sr-Latn',
  iw: 'he',
  in: 'id',
  tl: 'fil',
  mo: 'ro',
  prs: 'fa',
};

const LOCALES: ReadonlyMap<string, Locale> = new Map([
  ...Object.entries(LOCALE_ALIASES),
  ...SUPPORTED_LOCALES.map((locale) => [locale.toLowerCase(), locale] as const),
]);

/** The longest tag that is read; RFC 5646 section 4.4.1 asks for 35. */
const MAX_TAG = 35;

/**
 * The language for a requested BCP 47 tag, else that of `fallback`, else English. Looks up as RFC 4647 section 3.4 says: the tag loses
 * its last part until something fits (`zh-Hant-TW` → `zh-Hant`, `pt-BR` → `pt`, `no` → `nb`). Never fails.
 */
export function pickLocale(requested: string | null | undefined, fallback: string): Locale {
  return supportedLocale(requested ?? '') ?? supportedLocale(fallback) ?? 'en';
}

/** The language whose words a tag gets, null when there are none. */
export function supportedLocale(tag: string): Locale | null {
  const known = LOCALES.get(tag);
  if (known !== undefined) return known;
  const parts = tag.slice(0, MAX_TAG).toLowerCase().replaceAll('_', '-').split('-');
  for (; parts.length > 0; parts.pop()) {
    const found = LOCALES.get(parts.join('-'));
    if (found !== undefined) return found;
  }
  return null;
}

/** The language's English name, for operators. */
export function languageName(locale: Locale): string {
  return LANGUAGES[locale].english;
}

const RIGHT_TO_LEFT_SCRIPTS: readonly string[] = ['Arab', 'Hebr', 'Thaa', 'Syrc', 'Nkoo', 'Adlm', 'Rohg'];

/** Which way a language is written, whether there are texts in it or not. */
export function directionOf(tag: string): 'ltr' | 'rtl' {
  const known = supportedLocale(tag);
  if (known !== null) return LANGUAGES[known].direction ?? 'ltr';
  return RIGHT_TO_LEFT_SCRIPTS.includes(new Intl.Locale(tag).maximize().script ?? '') ? 'rtl' : 'ltr';
}
