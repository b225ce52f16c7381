const REGIONS = new Intl.DisplayNames(['en'], { type: 'region' });

/** The English name of a country (ISO alpha-2); the text itself when it is none. */
export function countryName(country: string): string {
  return /^[A-Z]{2}$/.test(country) ? (REGIONS.of(country) ?? country) : country;
}
