import { z } from 'zod';
import { COMPAT_ENTRIES } from '../core/compat.ts';
import { MIN_TEXT_CONTRAST, contrastOnWhite } from '../core/contrast.ts';
import { parseCidr } from '../core/ip.ts';
import { LOGO_BOUNDS, PNG_URI, pngProblem } from '../core/png.ts';
import { limitsSchema } from './limits.ts';
import { presetSchema } from './policy.ts';
import { unique } from './requests.ts';
import { countrySchema, localeSchema, plainText } from './text.ts';

/** Ids and names are taken in the same places, so a name must not look like an id. */
const nameSchema = plainText(80).regex(
  /^(?!app_)\S(?:.*\S)?$/u,
  'must not begin with "app_", nor begin or end with a blank',
);

/** Goes into messages and pages: plain words, no markup, no path, no direction overrides. */
export const brandSchema = plainText(40).regex(
  /^[^<>/\\\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]*$/u,
  'must not contain <, >, /, \\ or direction marks',
);

/** An absolute https address (http on loopback) that a URL parser repairs nothing of. */
export const webAddressSchema = z
  .string()
  .max(2_048)
  .refine(isWebAddress, 'an absolute https URL (http on loopback) without user name or fragment');
const originSchema = z.string().max(300).refine(isHttpsOrigin, 'an https origin such as https://shop.example');

const accentSchema = z
  .string()
  .regex(/^#[0-9a-fA-F]{6}$/, 'a colour as #rrggbb')
  .refine((hex) => contrastOnWhite(hex) >= MIN_TEXT_CONTRAST, 'needs a contrast of 4.5:1 against white');

/** A small PNG as a data URI; SVG is a program, and is not taken. */
const logoSchema = z
  .string()
  .max(Math.ceil(LOGO_BOUNDS.bytes / 3) * 4 + PNG_URI.length, `must have at most ${LOGO_BOUNDS.bytes} bytes`)
  .superRefine((text, context) => {
    const problem = logoProblem(text);
    if (problem !== null) context.addIssue({ code: 'custom', message: problem });
  });

const networkSchema = z
  .string()
  .max(64)
  .refine((text) => parseCidr(text) !== null, 'an address or a network such as 203.0.113.0/24');

const fields = {
  logo: logoSchema.nullable().exactOptional(),
  brand: brandSchema.exactOptional(),
  preset: presetSchema.exactOptional(),
  default_country: countrySchema.nullable().exactOptional(),
  countries: z.array(countrySchema).max(300).refine(unique, 'must not repeat a country').nullable().exactOptional(),
  time_zone: z.string().max(64).refine(isTimeZone, 'an IANA time zone such as Europe/Paris').exactOptional(),
  locale: localeSchema.exactOptional(),
  return_urls: z.array(webAddressSchema).max(50).refine(unique, 'must not repeat a URL').exactOptional(),
  reasons: z.array(plainText(120)).max(50).refine(unique, 'must not repeat a reason').exactOptional(),
  limits: limitsSchema.exactOptional(),
  compat: z
    .array(z.enum(COMPAT_ENTRIES))
    .max(COMPAT_ENTRIES.length)
    .refine((list) => unique(list.map((entry) => entry.split(':')[0])), 'must not repeat a dialect')
    .exactOptional(),
  frame_ancestors: z.array(originSchema).max(20).refine(unique, 'must not repeat an origin').exactOptional(),
  accent: accentSchema.nullable().exactOptional(),
  test_code: z
    .string()
    .regex(/^[0-9]{4,10}$/, '4 to 10 digits')
    .nullable()
    .exactOptional(),
  sends_stopped: z.boolean().exactOptional(),
  desk_networks: z.array(networkSchema).max(50).refine(unique, 'must not repeat a network').exactOptional(),
};

/** `POST /v1/applications`, and an application of the configuration file. */
export const applicationSchema = z.strictObject({ name: nameSchema, ...fields });

/** `PATCH /v1/applications/{id}`: what is absent stays. */
export const applicationPatchSchema = z.strictObject({ name: nameSchema.exactOptional(), ...fields });

function logoProblem(text: string): string | null {
  const base64 = text.startsWith(PNG_URI) ? text.slice(PNG_URI.length) : '';
  if (!/^(?:[A-Za-z0-9+/]{4})+(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(base64))
    return 'a PNG as data:image/png;base64,…';
  return pngProblem(Uint8Array.from(atob(base64), (character) => character.charCodeAt(0)));
}

function isWebAddress(text: string): boolean {
  const url = parseUrl(text);
  if (url === null || url.username !== '' || url.password !== '' || text.includes('#')) return false;
  return url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback(url.hostname));
}

function isHttpsOrigin(text: string): boolean {
  const url = parseUrl(text);
  return url !== null && /^https:\/\/[a-z0-9.[\]:-]+$/.test(text) && url.origin === text;
}

/** Blanks, control characters and backslashes are repaired by URL parsers; what is stored must be what is compared. */
function parseUrl(text: string): URL | null {
  return /^https?:\/\/[^\s\\\p{Cc}]+$/u.test(text) && URL.canParse(text) ? new URL(text) : null;
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '[::1]' || /^127(?:\.\d{1,3}){3}$/.test(host);
}

function isTimeZone(text: string): boolean {
  if (!/^[A-Za-z]/.test(text)) return false;
  try {
    return new Intl.DateTimeFormat('en', { timeZone: text }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}
