import { decodeLabel } from './punycode.ts';

// The host parser of the platform (WHATWG URL, UTS 46), declared by shape: core takes no types of a runtime.
declare const URL: new (text: string) => { readonly hostname: string };

const ASCII_HOST = /^[a-zA-Z0-9.-]+$/;
const LETTERS_AND_DIGITS = /^[\p{L}\p{M}\p{N}.-]+$/u;
const LABEL = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;
const TOP_LABEL = /^[a-z][a-z0-9-]*[a-z0-9]$/;

/**
 * Lower-case punycode of a fully qualified host name (RFC 1123, at least two labels, at most 253 characters), or null for
 * anything else: addresses, ports, percent signs, compatibility look-alikes, invisible characters. Input is capped here.
 */
export function canonicalDomain(text: string): string | null {
  if (text.length === 0 || text.length > 253) return null;
  const host = ASCII_HOST.test(text) && !/xn--/i.test(text) ? text.toLowerCase() : internationalHost(text);
  return host !== null && isHostName(host) ? host : null;
}

function internationalHost(text: string): string | null {
  // Full-width letters, ligatures and the like would turn silently into other characters.
  if (!LETTERS_AND_DIGITS.test(text) || text.normalize('NFC') !== text.normalize('NFKC')) return null;
  try {
    return new URL(`http://${text}/`).hostname;
  } catch {
    return null;
  }
}

function isHostName(host: string): boolean {
  if (host.length > 253) return false;
  const labels = host.split('.');
  return labels.length >= 2 && labels.every(isLabel) && TOP_LABEL.test(labels.at(-1) ?? '');
}

function isLabel(label: string): boolean {
  if (!LABEL.test(label)) return false;
  if (!label.startsWith('xn--')) return true;
  const decoded = decodeLabel(label);
  return decoded !== null && LETTERS_AND_DIGITS.test(decoded.replaceAll('-', '')) && /[^\u0020-\u007e]/.test(decoded);
}
