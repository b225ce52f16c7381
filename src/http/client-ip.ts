import { formatIp, inCidr, parseCidr, parseIp } from '../core/ip.ts';
import type { Cidr, Ip } from '../core/ip.ts';

/** Which peers may speak for somebody else: so many proxies in a row, or the ones in these blocks. */
export type TrustedProxies = { readonly hops: number } | { readonly cidrs: readonly Cidr[] };

export const NO_PROXIES: TrustedProxies = { cidrs: [] };
const LOOPBACK = ['127.0.0.0/8', '::1/128'];
/** More hops than any real chain; what lies beyond was not written by a proxy. */
const MAX_HOPS = 32;

/**
 * Reads the setting: empty = nobody, a number = so many proxies in front, else a list of `loopback`, addresses and CIDRs
 * separated by commas or blanks. Null when it is none of these.
 */
export function parseTrustedProxies(text: string): TrustedProxies | null {
  const items = text.split(/[\s,]+/).filter((item) => item !== '');
  const [only] = items;
  if (only !== undefined && items.length === 1 && /^\d{1,2}$/.test(only))
    return Number(only) <= MAX_HOPS ? { hops: Number(only) } : null;
  const cidrs: Cidr[] = [];
  for (const item of items.flatMap((one) => (one === 'loopback' ? LOOPBACK : [one]))) {
    const cidr = parseCidr(item);
    if (cidr === null) return null;
    cidrs.push(cidr);
  }
  return { cidrs };
}

/**
 * The address a request counts under: the peer, or, while the speaker is trusted, what it appended to `X-Forwarded-For`,
 * read from the right. A malformed entry stops the walk at the last address that was vouched for. Null without a peer.
 */
export function clientIp(peer: string | null, forwardedFor: string | null, trusted: TrustedProxies): string | null {
  let current = peer === null ? null : parseIp(peer.replace(/%.*$/, ''));
  if (current === null) return null;
  const entries = (forwardedFor ?? '')
    .split(',')
    .slice(-MAX_HOPS)
    .map((entry) => entry.trim());
  for (let hop = 0; trusts(trusted, current, hop); hop++) {
    const next = parseForwarded(entries.pop() ?? '');
    if (next === null) break;
    current = next;
  }
  return formatIp(current);
}

function trusts(trusted: TrustedProxies, speaker: Ip, hop: number): boolean {
  return 'hops' in trusted ? hop < trusted.hops : trusted.cidrs.some((cidr) => inCidr(speaker, cidr));
}

/** Some proxies append a port or brackets. */
function parseForwarded(entry: string): Ip | null {
  const bare =
    /^\[([^\]]*)\](?::\d{1,5})?$/.exec(entry)?.[1] ?? /^(\d{1,3}(?:\.\d{1,3}){3}):\d{1,5}$/.exec(entry)?.[1] ?? entry;
  return parseIp(bare);
}
