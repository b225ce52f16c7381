import { callingCountries } from '../../core/phone.ts';
import type { Locale } from '../../core/locale.ts';

/** One line of the country list. */
export interface CountryChoice {
  readonly country: string;
  readonly text: string;
}

const CODES = callingCountries();
const known = new Map<Locale, readonly CountryChoice[]>();

/** Countries by their names in a language, in its order, each with its calling code. `allowed` null = all. */
export function countryChoices(locale: Locale, allowed: readonly string[] | null): readonly CountryChoice[] {
  const all = known.get(locale) ?? named(locale);
  known.set(locale, all);
  return allowed === null ? all : all.filter(({ country }) => allowed.includes(country));
}

/** The country to begin with: the application's, else that of the browser's first language, else the first of the list. */
export function likelyCountry(
  choices: readonly CountryChoice[],
  fallback: string | null,
  accept: string | null,
): string | null {
  const region = /^[A-Za-z]{2,3}(?:-[A-Za-z]{4})?-([A-Z]{2})\b/.exec(accept ?? '')?.[1] ?? null;
  const likely = [fallback, region].find((code) => choices.some(({ country }) => country === code));
  return likely ?? choices[0]?.country ?? null;
}

function named(locale: Locale): readonly CountryChoice[] {
  const names = new Intl.DisplayNames([locale], { type: 'region' });
  const order = new Intl.Collator(locale);
  return CODES.map(({ country, callingCode }) => ({ country, name: names.of(country) ?? country, callingCode }))
    .toSorted((left, right) => order.compare(left.name, right.name))
    .map(({ country, name, callingCode }) => ({ country, text: `\u2066+${callingCode}\u2069 ${name}` }));
}
