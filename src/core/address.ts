import { invalidDestination, unreachableDestination } from './address-problem.ts';
import { parseEmail } from './email.ts';
import type { Problem } from './errors.ts';
import { foldEmail, foldPhone } from './fold.ts';
import { maskEmail, maskPhone } from './mask.ts';
import { callingCodeOf, parsePhone } from './phone.ts';
import type { LineType, MaskedDestination } from './verification.ts';

/** A canonical address. `value` is exact and for delivery; `fold` is the limit key, which all aliases of it share. */
export interface Destination {
  readonly type: 'phone' | 'email';
  /** E.164, or local part as given + `@` + lower-case punycode domain. */
  readonly value: string;
  /** `tel:…` or `mailto:…`. Never shown, never delivered to. */
  readonly fold: string;
  /** ISO 3166-1 alpha-2; null for e-mail and for ranges of no country. */
  readonly country: string | null;
  readonly callingCode: string | null;
  readonly lineType: LineType | null;
  readonly masked: string;
}

/** `to` of a request: E.164 or an e-mail address, or either spelt out. */
export type DestinationInput =
  string | { readonly phone: string; readonly country?: string | undefined } | { readonly email: string };

export interface DestinationOptions {
  /** Country of numbers written without calling code; null = such numbers are refused. */
  readonly defaultCountry: string | null;
}

export type ParsedDestination =
  { readonly ok: true; readonly destination: Destination } | { readonly ok: false; readonly problem: Problem };

/**
 * Canonicalises a destination. A string with `@` is an e-mail address, any other a phone number; blanks around either are
 * dropped. Refusals are 422 `invalid_destination` or `unreachable_destination`, with one field error that points into the
 * request. Linear in the input; parsing a canonical value again gives the same value.
 */
export function parseDestination(to: DestinationInput, options: DestinationOptions): ParsedDestination {
  if (typeof to === 'string') {
    return to.includes('@') ? emailDestination(to, '/to') : phoneDestination(to, options.defaultCountry, '/to');
  }
  if ('email' in to) return emailDestination(to.email, '/to/email');
  if (to.country === undefined) return phoneDestination(to.phone, options.defaultCountry, '/to/phone');
  return phoneOfCountry(to.phone, to.country);
}

/** What may be shown of a destination. */
export function maskedDestination(destination: Destination): MaskedDestination {
  const { type, masked, country, lineType } = destination;
  return { type, masked, country, line_type: lineType };
}

function emailDestination(raw: string, pointer: string): ParsedDestination {
  const parsed = parseEmail(raw);
  if ('code' in parsed) return invalidDestination(pointer, parsed);
  const { local, domain } = parsed;
  const destination: Destination = {
    type: 'email',
    value: `${local}@${domain}`,
    fold: foldEmail(local, domain),
    country: null,
    callingCode: null,
    lineType: null,
    masked: maskEmail(local, domain),
  };
  return { ok: true, destination };
}

function phoneOfCountry(phone: string, country: string): ParsedDestination {
  const code = country.length === 2 ? country.toUpperCase() : '';
  const callingCode = callingCodeOf(code);
  if (callingCode === null) {
    const detail = 'The country is unknown. Give its two-letter ISO 3166-1 code, such as US or DE.';
    return invalidDestination('/to/country', { code: 'unknown_country', detail });
  }
  const parsed = phoneDestination(phone, code, '/to/phone');
  // Countries that share a calling code (GB, GG, JE; US, CA) share number ranges too: the code decides, not the country.
  if (parsed.ok && parsed.destination.callingCode !== callingCode) {
    const detail = `The number does not belong to ${code}. Correct the number or the country.`;
    return invalidDestination('/to/phone', { code: 'wrong_country', detail });
  }
  return parsed;
}

function phoneDestination(raw: string, country: string | null, pointer: string): ParsedDestination {
  const parsed = parsePhone(raw, country);
  if (parsed.type === 'invalid') return invalidDestination(pointer, parsed.fault);
  if (parsed.type === 'unreachable') return unreachableDestination(pointer, parsed.fault);
  const { callingCode, national } = parsed;
  const destination: Destination = {
    type: 'phone',
    value: `+${callingCode}${national}`,
    fold: foldPhone(callingCode, national),
    country: parsed.country,
    callingCode,
    lineType: parsed.lineType,
    masked: maskPhone(callingCode, national),
  };
  return { ok: true, destination };
}
