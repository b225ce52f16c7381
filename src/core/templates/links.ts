import { canonicalDomain } from '../domain.ts';

/** What mail and phone programs make a link of: a dot inside a word, `://`, an address of four numbers, a scheme that acts. */
const LINKS: readonly RegExp[] = [
  /[\p{L}\p{N}\p{M}_-][.\u2024\u3002\uff0e\uff61](?=\p{L}[\p{L}\p{N}\p{M}-])/u,
  /:\/\//,
  /\b\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3}\b/,
  /\b(?:mailto|tel|sms|smsto|javascript|data|intent|market):\S/i,
];

/** The only link a template may have: https, a host in ASCII (no look-alike letters), a plain path. */
const HTTPS = /^https:\/\/([a-z0-9.-]{1,253})(\/[\w.~%/?=&+-]*)?$/;

/** What is wrong with the links of a text, null = nothing. `{` in a link would tell a value, at worst the code, to whoever opens it. */
export function linkProblem(text: string, allowLinks: boolean): 'link' | 'bad_link' | null {
  const words = text.split(/\s+/).filter(looksLikeLink);
  if (words.length === 0) return null;
  if (!allowLinks) return 'link';
  return words.every((word) => isPlainLink(bare(word))) ? null : 'bad_link';
}

/** A link to an address of our own kind; no placeholder, no user name, no port. */
export function isPlainLink(word: string): boolean {
  const host = HTTPS.exec(word)?.[1];
  return host !== undefined && canonicalDomain(host) === host;
}

function looksLikeLink(word: string): boolean {
  // A placeholder is a word like any: `{brand}.tk` becomes a link when it is filled.
  const filled = word.replace(/\{[a-z]+\}/g, 'x');
  return LINKS.some((link) => link.test(filled));
}

/** A word without the punctuation around it. */
function bare(word: string): string {
  return word.replace(/^[("'“„«]/u, '').replace(/[)"'”»,;:!?]?[.,;:!?]?$/u, '');
}
