import { z } from 'zod';
import { parseIp } from '../core/ip.ts';

/** Text for people: 1 to `max` characters, none of them a control character. */
export function plainText(max: number): z.ZodString {
  return z
    .string()
    .min(1)
    .max(max)
    .regex(/^\P{Cc}*$/u, 'must not contain control characters');
}

/** The name of a value in a map. */
export const mapNameSchema = z
  .string()
  .regex(/^\P{Cc}{1,40}$/u, 'names have 1 to 40 characters, none of them a control character');

/** Flat strings by name. Names have 1–40 characters; nothing holds control characters. */
export function stringMap(limits: {
  entries: number;
  length: number;
}): z.ZodType<Record<string, string>, Record<string, string>> {
  const value = z
    .string()
    .max(limits.length)
    .regex(/^\P{Cc}*$/u, 'must not contain control characters');
  return z
    .record(mapNameSchema, value)
    .refine((map) => Object.keys(map).length <= limits.entries, `at most ${limits.entries} entries`)
    .meta({ maxProperties: limits.entries });
}

/** Why a code is asked for. */
export const purposeSchema = z
  .string()
  .regex(/^[a-z][a-z0-9_.-]{0,39}$/, 'a lower-case letter, then up to 39 lower-case letters, digits, "_", "." or "-"')
  .meta({
    description: 'Why the code is asked for; a code made for one purpose never works for another.',
    examples: ['login'],
  });

/** A BCP 47 language tag, by shape only: messages fall back to English for unknown ones. */
export const localeSchema = z
  .string()
  .max(35)
  .regex(/^[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*$/, 'a language tag such as "en" or "pt-BR"');

/** An IPv4 or IPv6 address. */
export const ipSchema = z
  .string()
  .max(45)
  .refine((value) => parseIp(value) !== null, 'must be an IPv4 or IPv6 address');

/** ISO 3166-1 alpha-2, upper-case, a code in use (so not `UK` for `GB`). */
export const countrySchema = z
  .string()
  .regex(/^[A-Z]{2}$/, 'two upper-case letters (ISO 3166-1)')
  .refine(isCountry, 'is not an ISO 3166-1 country code');

/** RFC 3339 with a zone; read as epoch ms. */
export const timeSchema = z
  .string()
  .max(40)
  .regex(
    /^\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:[Zz]|[+-]\d\d:\d\d)$/,
    'an RFC 3339 time such as 2027-01-31T09:30:00Z',
  )
  .refine(isTime, 'is not a time of the calendar')
  .transform((value) => Date.parse(value.toUpperCase()))
  .meta({ format: 'date-time' });

/** Where a list goes on; opaque, the service judges it. */
export const cursorSchema = z.string().regex(/^[A-Za-z0-9_.~=+/-]{1,512}$/, 'is not a cursor of this list');

/** Page size as a query gives it. */
export const pageLimitSchema = z
  .string()
  .regex(/^(?:[1-9]\d?|100)$/, 'a whole number from 1 to 100')
  .transform(Number);

const REGIONS = new Intl.DisplayNames(['en'], { type: 'region', fallback: 'none' });

function isCountry(code: string): boolean {
  if (!/^[A-Z]{2}$/.test(code) || code === 'ZZ') return false;
  return new Intl.Locale(`und-${code}`).region === code && REGIONS.of(code) !== undefined;
}

function isTime(text: string): boolean {
  const ms = Date.parse(text.toUpperCase());
  if (Number.isNaN(ms)) return false;
  // Date.parse lets 30 February roll over into March.
  const day = Date.parse(`${text.slice(0, 10)}T00:00:00Z`);
  return !Number.isNaN(day) && new Date(day).toISOString().startsWith(text.slice(0, 10));
}
