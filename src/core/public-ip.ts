import { inCidr, parseCidr, parseIp, type Cidr } from './ip.ts';

/** Blocks that are no public host's: the special-purpose registries of IANA (RFC 6890 and later), multicast, and ways to write IPv4 in IPv6. */
const SPECIAL: readonly Cidr[] = [
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.0.0.0/24',
  '192.0.2.0/24',
  '192.31.196.0/24',
  '192.52.193.0/24',
  '192.88.99.0/24',
  '192.168.0.0/16',
  '192.175.48.0/24',
  '198.18.0.0/15',
  '198.51.100.0/24',
  '203.0.113.0/24',
  '224.0.0.0/3',
  '::/8',
  '64:ff9b::/96',
  '64:ff9b:1::/48',
  '100::/64',
  '2001::/23',
  '2001:db8::/32',
  '2002::/16',
  '3fff::/20',
  '5f00::/16',
  'fc00::/7',
  'fe80::/9',
  'ff00::/8',
].flatMap((text) => parseCidr(text) ?? []);

/** True for an address that a server on the public internet can have. Anything that is no address is not public. */
export function isPublicIp(text: string): boolean {
  const ip = parseIp(text);
  return ip !== null && !SPECIAL.some((block) => inCidr(ip, block));
}
