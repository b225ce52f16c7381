import { createRequire } from 'node:module';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseDestination } from '../../src/core/address.ts';
import type { Destination, DestinationInput } from '../../src/core/address.ts';
import { isCountryAllowed } from '../../src/core/countries.ts';

const require = createRequire(import.meta.url);

interface OracleNumber {
  getCountryCode(): number;
}
interface Oracle {
  parse(text: string, region?: string): OracleNumber;
  isValidNumber(number: OracleNumber): boolean;
  getRegionCodeForNumber(number: OracleNumber): string;
  getNumberType(number: OracleNumber): number;
  format(number: OracleNumber, format: number): string;
}
const { PhoneNumberUtil, PhoneNumberFormat, PhoneNumberType } = require('google-libphonenumber') as {
  PhoneNumberUtil: { getInstance(): Oracle };
  PhoneNumberFormat: { E164: number; INTERNATIONAL: number; NATIONAL: number };
  PhoneNumberType: Record<string, number>;
};
const examples = require('libphonenumber-js/examples.mobile.json') as Record<string, string>;
const metadata = require('libphonenumber-js/max/metadata') as { country_calling_codes: Record<string, string[]> };

function parsed(to: DestinationInput, defaultCountry: string | null = null): Destination {
  const result = parseDestination(to, { defaultCountry });
  if (!result.ok) throw new Error(`refused: ${JSON.stringify(result.problem)}`);
  return result.destination;
}

/** `code field-code pointer`, or the canonical value. */
function outcome(to: DestinationInput, defaultCountry: string | null = null): string {
  const result = parseDestination(to, { defaultCountry });
  if (result.ok) return result.destination.value;
  const error = result.problem.errors?.[0];
  return `${result.problem.code} ${error?.code} ${error?.pointer}`;
}

describe('a phone number', () => {
  it('becomes E.164 with country, calling code, line type and mask', () => {
    expect(parsed('+1 (415) 555-2671')).toEqual({
      type: 'phone',
      value: '+14155552671',
      fold: 'tel:+14155552671',
      country: 'US',
      callingCode: '1',
      lineType: 'fixed_line_or_mobile',
      masked: '+1 415 ••• ••71',
    });
  });

  it.each([
    ['with 00', '0061 491 570 156', null, '+61491570156'],
    ['national with a default country', '0491 570 156', 'AU', '+61491570156'],
    ['international under another default country', '+14155552671', 'AU', '+14155552671'],
    ['with the trunk zero in brackets', '+49 (0) 151 12345678', null, '+4915112345678'],
    ['with dots, slashes and hyphens', ' 0151/123-456.78 ', 'DE', '+4915112345678'],
    ['with the leading zero that Italy keeps', '+39 06 1234 5678', null, '+390612345678'],
    ['with the mobile 1 that Mexico dropped', '+52 1 55 1234 5678', null, '+525512345678'],
    ['with the mobile 15 of Argentina', '+54 11 15 2345-6789', null, '+5491123456789'],
  ])('is understood %s', (_name, text, country, value) => {
    expect(outcome(text, country)).toBe(value);
  });

  it.each([
    [{ phone: '0491 570 156', country: 'AU' }, '+61491570156'],
    [{ phone: '+61 491 570 156', country: 'au' }, '+61491570156'],
    [{ phone: '07911 123456', country: 'GB' }, '+447911123456'],
    [{ phone: '07911 123456', country: 'JE' }, '+447911123456'],
    [{ phone: '+14155552671', country: 'CA' }, '+14155552671'],
    [{ phone: '+14155552671', country: 'AU' }, 'invalid_destination wrong_country /to/phone'],
    [{ phone: '+80012345678', country: 'US' }, 'invalid_destination wrong_country /to/phone'],
    [{ phone: '0491', country: 'AU' }, 'invalid_destination too_short /to/phone'],
    [{ phone: '0491 570 156', country: 'XX' }, 'invalid_destination unknown_country /to/country'],
    [{ phone: '0491 570 156', country: 'Australia' }, 'invalid_destination unknown_country /to/country'],
    [{ phone: '0491 570 156', country: '' }, 'invalid_destination unknown_country /to/country'],
    [{ phone: '0491 570 156' }, 'invalid_destination no_country /to/phone'],
  ])('must fit its country: %j', (to, expected) => {
    expect(outcome(to)).toBe(expected);
  });

  it('has the country of its digits, not the one it was given with', () => {
    expect(parsed({ phone: '07911 123456', country: 'GB' }).country).toBe('GG');
    expect(parsed('+80012345678').country).toBeNull();
  });

  it.each([
    ['', 'too_short'],
    ['    ', 'too_short'],
    ['+1415', 'too_short'],
    ['+1 415 555 2671 12', 'too_long'],
    ['+1'.padEnd(33, '4'), 'too_long'],
    ['+', 'not_a_number'],
    ['()', 'not_a_number'],
    ['+１４１５５５５２６７１', 'not_a_number'],
    ['٠١٢٣٤٥٦٧٨٩', 'not_a_number'],
    ['*31*4155552671', 'not_a_number'],
    ['+1 415\u00a0555 2671', 'not_a_number'],
    ['4155552671', 'no_country'],
    ['1-800-FLOWERS', 'has_letters'],
    ['bluegum.example', 'has_letters'],
    ['+1 415 555 2671 x5', 'has_extension'],
    ['+1 415 555 2671 ext. 5', 'has_extension'],
    ['+14155552671;ext=5', 'has_extension'],
    ['+14155552671#5', 'has_extension'],
    ['+14155552671,+14155552672', 'several_recipients'],
    ['+14155552671 +14155552672', 'several_recipients'],
    ['+14155552671;5', 'several_recipients'],
    ['+14155552671\n', 'control_character'],
    ['+1\t4155552671', 'control_character'],
    ['+1415555\u0000 2671', 'control_character'],
    ['\u202e+14155552671', 'control_character'],
    ['+9991234567', 'unknown_calling_code'],
    ['+61145123456', 'unknown_range'],
  ])('is refused: %j as %s', (text, code) => {
    expect(outcome(text)).toBe(`invalid_destination ${code} /to`);
  });

  it.each([
    ['+19005551234', 'premium_rate'],
    ['+1 900 111 1111', 'premium_rate'],
    ['+49 900 1234567', 'premium_rate'],
    ['+979123456789', 'premium_rate'],
    ['+611300123456', 'shared_cost'],
    ['+80812345678', 'shared_cost'],
    ['+870776123456', 'international_network'],
    ['+878101234567890', 'international_network'],
    ['+881612345678', 'international_network'],
    ['+882161234567', 'international_network'],
    ['+88213012345', 'international_network'],
    ['+883510012345678', 'international_network'],
    ['00 882 161 234567', 'international_network'],
  ])('in a closed range is unreachable: %s', (text, code) => {
    expect(outcome(text)).toBe(`unreachable_destination ${code} /to`);
  });

  it('in a closed range is unreachable in national form too', () => {
    expect(outcome({ phone: '1300 123 456', country: 'AU' })).toBe('unreachable_destination shared_cost /to/phone');
    expect(outcome('900 555 1234', 'US')).toBe('unreachable_destination premium_rate /to');
  });

  it.each([
    ['+15005550006', 'personal'],
    ['+18005551234', 'toll_free'],
    ['+80012345678', 'toll_free'],
    ['+4915112345678', 'mobile'],
    ['+390612345678', 'fixed_line'],
  ])('of a kind that may receive codes says its kind: %s', (text, lineType) => {
    expect(parsed(text).lineType).toBe(lineType);
  });

  it('never stands in a problem', () => {
    for (const text of ['+14155552671 x5', '+19005551234', '+1415', '+14155552671\n']) {
      const result = parseDestination(text, { defaultCountry: null });
      expect(JSON.stringify(result)).not.toMatch(/1415555|1900555|"\+1415"/);
    }
  });
});

describe('the limit key of a phone number', () => {
  it('is one for twelve spellings of a number', () => {
    const spellings: DestinationInput[] = [
      '+447911123456',
      ' +44 7911 123456 ',
      '+44 (0) 7911 123456',
      '+44.7911.123.456',
      '+44-7911-123-456',
      '+44/7911/123456',
      '00447911123456',
      '00 44 7911 123 456',
      { phone: '07911123456', country: 'GB' },
      { phone: '(07911) 123-456', country: 'JE' },
      { phone: '7911 123456', country: 'GB' },
      { phone: '447911123456', country: 'GB' },
    ];
    expect(new Set(spellings.map((to) => parsed(to).fold))).toEqual(new Set(['tel:+447911123456']));
  });

  it.each([
    ['Argentina with and without 9', ['+5491123456789', '+541123456789', '+54 11 15 2345 6789']],
    ['Mexico with and without 1', ['+5215512345678', '+525512345678']],
    ['Brazil with and without the ninth digit', ['+5511971234567', '+551171234567']],
  ])('is one for the numbering habits of %s', (_name, spellings) => {
    expect(new Set(spellings.map((to) => parsed(to).fold)).size).toBe(1);
  });

  it('differs between numbers', () => {
    expect(parsed('+5511961234567').fold).not.toBe(parsed('+5511961234568').fold);
    expect(parsed('+14155552671').fold).not.toBe(parsed('+14155552672').fold);
  });
});

const callingCodes = Object.keys(metadata.country_calling_codes);
const anyNumber = fc
  .tuple(fc.constantFrom(...callingCodes), fc.stringMatching(/^[0-9]{5,11}$/))
  .map(([code, digits]) => `+${code}${digits}`);

describe('against the reference implementation', () => {
  const oracle = PhoneNumberUtil.getInstance();
  const typeNames = Object.fromEntries(
    Object.entries(PhoneNumberType).map(([name, value]) => [value, name.toLowerCase()]),
  );

  // Both accept Tristan da Cunha; without a mobile range of its own its type is read in two ways.
  const regions = Object.entries(examples).filter(([region]) => region !== 'TA');

  it('the example mobile of every region has the same value, country and type, in every format', () => {
    expect(regions.length).toBeGreaterThan(230);
    for (const [region, example] of regions) {
      const reference = oracle.parse(example, region);
      const e164 = oracle.format(reference, PhoneNumberFormat.E164);
      const expected = {
        value: e164,
        country: oracle.getRegionCodeForNumber(reference),
        lineType: typeNames[oracle.getNumberType(reference)],
      };
      expect(parsed(e164), region).toMatchObject(expected);
      expect(parsed(oracle.format(reference, PhoneNumberFormat.INTERNATIONAL)), region).toMatchObject(expected);
      const national = oracle.format(reference, PhoneNumberFormat.NATIONAL);
      expect(parsed({ phone: national, country: region }), region).toMatchObject(expected);
    }
  });

  it('no random number is valid here and invalid there', () => {
    fc.assert(
      fc.property(anyNumber, (number) => {
        const result = parseDestination(number, { defaultCountry: null });
        if (!result.ok) return;
        const reference = oracle.parse(result.destination.value);
        expect(oracle.isValidNumber(reference)).toBe(true);
        expect(oracle.format(reference, PhoneNumberFormat.E164)).toBe(result.destination.value);
      }),
      { numRuns: 3_000, seed: 20_26 },
    );
  });
});

describe('canonicalising', () => {
  it('twice gives the same destination', () => {
    fc.assert(
      fc.property(anyNumber, (number) => {
        const first = parseDestination(number, { defaultCountry: 'US' });
        if (first.ok) expect(parsed(first.destination.value)).toEqual(first.destination);
      }),
      { numRuns: 5_000 },
    );
  });

  it('answers any text with a destination or a 422, never an exception', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 60 }), fc.string({ maxLength: 4 }), (text, country) => {
        for (const to of [text, { phone: text, country }, { email: text }, { phone: `+${text}` }]) {
          const result = parseDestination(to, { defaultCountry: country });
          if (!result.ok) expect(result.problem.code).toMatch(/^(invalid|unreachable)_destination$/);
        }
      }),
      { numRuns: 2_000 },
    );
  });
});

describe('an allow-list of countries', () => {
  it.each([
    ['+447911123456', ['GB'], true],
    ['+447911123456', ['GG'], true],
    ['+447911123456', ['DE'], false],
    ['+14155552671', ['CA'], false],
    ['+18765551234', ['US'], false],
    ['+80012345678', ['US'], false],
    ['+14155552671', null, true],
    ['a@b.example', ['DE'], true],
  ])('%s on %j: %s', (to, countries, allowed) => {
    expect(isCountryAllowed(parsed(to), countries)).toBe(allowed);
  });
});
