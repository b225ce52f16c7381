import {
  getCountryCallingCode,
  parsePhoneNumberFromString,
  PhoneNumber,
  validatePhoneNumberLength,
} from 'libphonenumber-js/core';
import type { CountryCode, NumberType } from 'libphonenumber-js/core';
import metadata from 'libphonenumber-js/max/metadata';
import type { AddressFault } from './address-problem.ts';
import { readPhoneSpelling } from './phone-spelling.ts';
import type { LineType } from './verification.ts';

// The one importer of libphonenumber. Loaded with the core (about 40 ms and 11 MB), so that parsing stays synchronous.

/** A valid number of a reachable kind. `country` is null for ranges of no country (+800). */
export interface PhoneParts {
  readonly type: 'valid';
  readonly callingCode: string;
  readonly national: string;
  readonly country: string | null;
  readonly lineType: LineType;
}

export type ParsedPhone =
  | PhoneParts
  | { readonly type: 'invalid'; readonly fault: AddressFault }
  | { readonly type: 'unreachable'; readonly fault: AddressFault };

const E164 = /^\+[1-9][0-9]{6,14}$/;

const LINE_TYPES: Readonly<Record<Exclude<NumberType, undefined>, LineType>> = {
  MOBILE: 'mobile',
  FIXED_LINE: 'fixed_line',
  FIXED_LINE_OR_MOBILE: 'fixed_line_or_mobile',
  VOIP: 'voip',
  TOLL_FREE: 'toll_free',
  PREMIUM_RATE: 'premium_rate',
  SHARED_COST: 'shared_cost',
  PERSONAL_NUMBER: 'personal',
  PAGER: 'pager',
  UAN: 'uan',
  VOICEMAIL: 'unknown',
};

const NETWORK: AddressFault = {
  code: 'international_network',
  detail: 'Satellite and international network numbers do not receive codes. Give a number of a country.',
};
const PREMIUM: AddressFault = {
  code: 'premium_rate',
  detail: 'Premium-rate numbers do not receive codes. Give a mobile or landline number.',
};
const SHARED_COST: AddressFault = {
  code: 'shared_cost',
  detail: 'Shared-cost numbers do not receive codes. Give a mobile or landline number.',
};

/** Ranges closed as a whole, whether or not the metadata knows the single number. ITU-T E.164 assigned codes. */
const CLOSED_RANGES: readonly (readonly [prefix: string, fault: AddressFault])[] = [
  ['+870', NETWORK],
  ['+878', NETWORK],
  ['+881', NETWORK],
  ['+882', NETWORK],
  ['+883', NETWORK],
  ['+888', NETWORK],
  ['+979', PREMIUM],
  ['+808', SHARED_COST],
  ['+1900', PREMIUM],
];

/** The calling code of a country (ISO alpha-2, upper case) without `+`, or null when no such country has one. */
export function callingCodeOf(country: string): string | null {
  return isCountry(country) ? getCountryCallingCode(country, metadata) : null;
}

function isCountry(country: string): country is CountryCode {
  return Object.hasOwn(metadata.countries, country);
}

/**
 * Parses a number in international form, or in the national form of `country`. Valid means: the length and the range are
 * assigned in its country. About 5 µs for E.164.
 */
export function parsePhone(raw: string, country: string | null): ParsedPhone {
  if (E164.test(raw)) return parseInternational(raw);
  const spelling = readPhoneSpelling(raw);
  if ('code' in spelling) return { type: 'invalid', fault: spelling };
  if (spelling.international) return parseInternational(`+${spelling.digits}`);
  if (country === null || !isCountry(country)) return { type: 'invalid', fault: noCountry };
  return parseWhole(spelling.digits, country);
}

const noCountry: AddressFault = {
  code: 'no_country',
  detail: 'The number has no calling code. Write it with +, such as +14155552671, or name its country.',
};

function parseInternational(given: string): ParsedPhone {
  const number = withoutMexicanMobilePrefix(given);
  if (!E164.test(number)) return parseWhole(number, undefined);
  const closed = closedRange(number);
  if (closed !== null) return { type: 'unreachable', fault: closed };
  return parseMainCountry(number) ?? parseWhole(number, undefined);
}

/** Mexico dropped the 1 between +52 and mobile numbers in 2019; address books still hold it. */
function withoutMexicanMobilePrefix(number: string): string {
  return number.length === 14 && number.startsWith('+521') ? `+52${number.slice(4)}` : number;
}

/**
 * The common case at half the cost: E.164 digits that are valid as they stand in the main country of their calling code.
 * Null = not so; the whole parser must look. It is tried first by the whole parser too, so both agree.
 */
function parseMainCountry(number: string): ParsedPhone | null {
  try {
    const phone = new PhoneNumber(number, metadata);
    const country = metadata.country_calling_codes[phone.countryCallingCode]?.[0];
    if (country === undefined) return null;
    phone.country = country;
    const type = phone.getType();
    return type === undefined ? null : reachable(phone, country, type);
  } catch {
    // The constructor throws for a calling code that nobody has.
    return null;
  }
}

function parseWhole(text: string, country: CountryCode | undefined): ParsedPhone {
  const options = { extract: false, ...(country === undefined ? {} : { defaultCountry: country }) };
  const phone = parsePhoneNumberFromString(text, options, metadata);
  const type = phone?.getType();
  if (phone === undefined || type === undefined) {
    return { type: 'invalid', fault: lengthFault(text, country ?? phone?.country, country) };
  }
  return reachable(phone, phone.country ?? null, type);
}

function reachable(phone: PhoneNumber, country: string | null, type: Exclude<NumberType, undefined>): ParsedPhone {
  // A national spelling meets the ranges only here.
  const closed = closedType(type) ?? closedRange(phone.number);
  if (closed !== null) return { type: 'unreachable', fault: closed };
  const { countryCallingCode: callingCode, nationalNumber: national } = phone;
  return { type: 'valid', callingCode, national, country, lineType: LINE_TYPES[type] };
}

function closedRange(number: string): AddressFault | null {
  return CLOSED_RANGES.find(([prefix]) => number.startsWith(prefix))?.[1] ?? null;
}

function closedType(type: NumberType): AddressFault | null {
  if (type === 'PREMIUM_RATE') return PREMIUM;
  return type === 'SHARED_COST' ? SHARED_COST : null;
}

function lengthFault(text: string, named: string | undefined, country: CountryCode | undefined): AddressFault {
  const place = named === undefined ? '' : ` for ${named}`;
  switch (
    country === undefined
      ? validatePhoneNumberLength(text, metadata)
      : validatePhoneNumberLength(text, country, metadata)
  ) {
    case 'TOO_SHORT':
      return { code: 'too_short', detail: `The number is too short${place}. Write all its digits.` };
    case 'TOO_LONG':
      return { code: 'too_long', detail: `The number is too long${place}. Check its digits.` };
    case 'INVALID_LENGTH':
      return { code: 'wrong_length', detail: `The number has a wrong count of digits${place}. Check it.` };
    case 'INVALID_COUNTRY':
      return {
        code: 'unknown_calling_code',
        detail: 'No country has this calling code. Check the digits after the +.',
      };
    case 'NOT_A_NUMBER':
      return { code: 'not_a_number', detail: 'This is no phone number. Write + and digits, such as +14155552671.' };
    default:
      return { code: 'unknown_range', detail: `No operator uses this range${place}. Check the digits.` };
  }
}

/** Countries (ISO alpha-2) that have numbers of their own, with their calling codes, in no particular order. */
export function callingCountries(): readonly { readonly country: string; readonly callingCode: string }[] {
  return Object.keys(metadata.countries)
    .filter(isCountry)
    .map((country) => ({ country, callingCode: getCountryCallingCode(country, metadata) }));
}
