import { formatIp, inCidr, parseIp } from '../core/ip.ts';
import type { Ip } from '../core/ip.ts';
import { MOST_HOPS } from '../core/trusted-proxies.ts';
import type { TrustedProxies } from '../core/trusted-proxies.ts';

/**
 * The address a request counts under: the peer, or, while the speaker is trusted, what it appended to `X-Forwarded-For`,
 * read from the right. A malformed entry stops the walk at the last address that was vouched for. Null without a peer.
 */
export function clientIp(peer: string | null, forwardedFor: string | null, trusted: TrustedProxies): string | null {
  let current = peer === null ? null : parseIp(peer.includes('%') ? peer.replace(/%.*$/, '') : peer);
  if (current === null) return null;
  const entries = forwardedFor === null ? [] : forwardedFor.split(',').slice(-MOST_HOPS);
  for (let hop = 0; trusts(trusted, current, hop); hop++) {
    const next = parseForwarded((entries.pop() ?? '').trim());
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
