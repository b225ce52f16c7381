const REGIONS = new Intl.DisplayNames(['en'], { type: 'region' });

/** The English name of a country (ISO alpha-2); the text itself when it is none. */
export function countryName(country: string): string {
  return /^[A-Z]{2}$/.test(country) ? (REGIONS.of(country) ?? country) : country;
}

const WITH_ARTICLE =
  /^(?:United |U\.S\. |British |Netherlands|Philippines|Bahamas|Gambia|Maldives|Comoros|Central African|Dominican Republic|Isle of Man)| (?:Islands|Territories)$/;

/** The name inside a sentence: `the United States`, `Germany`. */
export function countryInText(country: string): string {
  const name = countryName(country);
  return WITH_ARTICLE.test(name) ? `the ${name}` : name;
}

/** `Germany` for DE; a dash for none. */
export function countryWord(code: string | null): string {
  return code === null ? '–' : countryName(code);
}

/** Countries to choose from by their names: those the application sends to, or all. */
export function countryChoices(
  countries: readonly string[] | null,
): readonly (readonly [code: string, name: string])[] {
  const known = countries ?? ALL_COUNTRIES;
  return known
    .map((code) => [code, countryWord(code)] as const)
    .toSorted((one, other) => one[1].localeCompare(other[1], 'en'));
}

const LETTERS = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZ'];
/** Codes that are names of groups, or of countries that are no more. */
const NO_COUNTRY = new Set(['EU', 'EZ', 'UN', 'XA', 'XB', 'XK', 'ZZ', 'QO']);
const ALL_COUNTRIES: readonly string[] = LETTERS.flatMap((one) => LETTERS.map((other) => one + other)).filter(
  (code) => !NO_COUNTRY.has(code) && new Intl.Locale(`und-${code}`).region === code && countryName(code) !== code,
);
