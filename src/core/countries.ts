import type { Destination } from './address.ts';

/**
 * Territories whose numbers lie inside the ranges of a larger country at its prices, so that people and parsers cannot
 * tell them apart: allowing the country allows them. North America (+1) and +7 are not here: their countries differ in
 * price by far and are told apart by their digits.
 */
const INCLUDED: Readonly<Record<string, readonly string[]>> = {
  AU: ['CC', 'CX'],
  FI: ['AX'],
  GB: ['GG', 'IM', 'JE'],
  GP: ['BL', 'MF'],
  IT: ['VA'],
  NO: ['SJ'],
};

/** Whether an allow-list of countries (ISO alpha-2; null = all) takes this destination. E-mail has no country and passes. */
export function isCountryAllowed(destination: Destination, countries: readonly string[] | null): boolean {
  if (countries === null || destination.type === 'email') return true;
  const country = destination.country;
  if (country === null) return false;
  return countries.some((allowed) => allowed === country || (INCLUDED[allowed] ?? []).includes(country));
}
