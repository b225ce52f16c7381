import type { AddressFault } from './address-problem.ts';
import { canonicalDomain } from './domain.ts';
import { INVISIBLE, trimBlanks } from './plain-text.ts';

const MAX_LENGTH = 254;
const MAX_LOCAL_LENGTH = 64;

/** What no address may hold anywhere, in the order in which the cause is most likely meant. */
const FORBIDDEN: readonly (AddressFault & { readonly pattern: RegExp })[] = [
  {
    pattern: INVISIBLE,
    code: 'control_character',
    detail: 'The address has a control or invisible character. Type it anew.',
  },
  {
    pattern: /["\\]/,
    code: 'quoted',
    detail: 'Quoted local parts are not supported. Give the address without quotes.',
  },
  { pattern: /[,;]/, code: 'several_recipients', detail: 'Give one address only.' },
  { pattern: /[<>]/, code: 'display_name', detail: 'Give only the address, without a name or angle brackets.' },
  { pattern: /[()]/, code: 'comment', detail: 'Give the address without brackets or comments.' },
  { pattern: /[[\]]/, code: 'ip_address', detail: 'Give an address with a domain name, not an IP address.' },
  { pattern: /\s/, code: 'has_space', detail: 'The address has a space inside. Take it out.' },
];

// RFC 5322 atext without % and !, which old relays read as routes to other hosts.
const LOCAL = /^[a-zA-Z0-9.#$&'*+/=?^_`{|}~-]+$/;

/**
 * Splits an address of the form `local@domain` (RFC 5321, dot-string, ASCII local part): local part as given, domain in
 * lower-case punycode. Quoted local parts, comments, routes and address literals are refused. Linear; over-long text is
 * refused unread.
 */
export function parseEmail(raw: string): { readonly local: string; readonly domain: string } | AddressFault {
  if (raw.length > MAX_LENGTH) return tooLong;
  const text = trimBlanks(raw);
  const forbidden = FORBIDDEN.find((rule) => rule.pattern.test(text));
  if (forbidden !== undefined) return { code: forbidden.code, detail: forbidden.detail };
  const at = text.indexOf('@');
  if (at < 0) return { code: 'not_an_address', detail: 'An e-mail address has an @, such as you@example.com.' };
  if (at !== text.lastIndexOf('@'))
    return { code: 'several_recipients', detail: 'The address has more than one @. Give one address.' };
  const local = text.slice(0, at);
  return localFault(local) ?? withDomain(local, text.slice(at + 1));
}

const tooLong: AddressFault = {
  code: 'too_long',
  detail: 'The address is too long: 254 characters at most, 64 before the @.',
};

function localFault(local: string): AddressFault | null {
  if (local.length === 0)
    return { code: 'not_an_address', detail: 'Nothing stands before the @. Enter the whole address.' };
  if (local.length > MAX_LOCAL_LENGTH) return tooLong;
  if (/[^\x20-\x7e]/.test(local)) {
    return { code: 'unicode_local_part', detail: 'Before the @ only ASCII letters, digits and signs are supported.' };
  }
  if (!LOCAL.test(local))
    return {
      code: 'not_an_address',
      detail: 'Before the @ stands a character that is not supported, such as : % or !.',
    };
  if (local.startsWith('.') || local.endsWith('.') || local.includes('..')) {
    return { code: 'misplaced_dot', detail: 'Before the @ a dot must stand between other characters.' };
  }
  return null;
}

function withDomain(local: string, given: string): { readonly local: string; readonly domain: string } | AddressFault {
  const domain = canonicalDomain(given);
  if (domain === null) {
    return {
      code: 'bad_domain',
      detail: 'After the @ must stand a whole domain, with a dot in it, such as you@example.com.',
    };
  }
  // Punycode is longer than what was typed.
  return local.length + 1 + domain.length > MAX_LENGTH ? tooLong : { local, domain };
}
