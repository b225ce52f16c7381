import { type Cidr, parseCidr } from './ip.ts';

/** Who may speak for another address: so many proxies in a row, or the ones in these networks. */
export type TrustedProxies = { readonly hops: number } | { readonly cidrs: readonly Cidr[] };

export const NO_PROXIES: TrustedProxies = { cidrs: [] };

/** More hops than any real chain; what lies beyond was not written by a proxy. */
export const MOST_HOPS = 32;

const WORDS: Readonly<Record<string, readonly string[]>> = {
  none: [],
  loopback: ['127.0.0.0/8', '::1/128'],
  private: ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', 'fc00::/7'],
};

type Parsed = { readonly ok: true; readonly value: TrustedProxies } | { readonly ok: false; readonly problem: string };

/**
 * Reads a number of proxies, or a list of addresses, networks and words separated by commas or blanks; empty = nobody.
 * `problem` completes "NAME …" and never repeats the value.
 */
export function parseTrustedProxies(text: string): Parsed {
  if (/^\d+$/.test(text)) {
    return Number(text) <= MOST_HOPS
      ? { ok: true, value: { hops: Number(text) } }
      : { ok: false, problem: `must be at most ${MOST_HOPS} as a number of proxies` };
  }
  const cidrs: Cidr[] = [];
  const entries = text.split(/[\s,]+/).filter((part) => part !== '');
  for (const [index, entry] of entries.entries()) {
    const networks = (WORDS[entry] ?? [entry]).map(parseCidr);
    if (networks.includes(null)) {
      const cure = 'write e.g. 10.0.0.0/8, loopback or private';
      return { ok: false, problem: `has an entry (number ${index + 1}) that is no address or network; ${cure}` };
    }
    cidrs.push(...networks.filter((network) => network !== null));
  }
  return { ok: true, value: { cidrs } };
}
