/** An address as eight 16-bit words; IPv4 sits in the last two and is told apart by `version`. */
export interface Ip {
  readonly version: 4 | 6;
  readonly words: readonly number[];
}

/** A block of addresses, e.g. `10.0.0.0/8`. `bits` counts from the first bit of the address's own version. */
export interface Cidr {
  readonly ip: Ip;
  readonly bits: number;
}

/** Stands for an address that nobody knows (RFC 1122 section 3.2.1.3): limits count all of these as one, and nothing tells it on. */
export const UNKNOWN_ADDRESS = '0.0.0.0';

/** The address as it may be told: null where it only stands for one that nobody knows. */
export function knownAddress(ip: string | null): string | null {
  return ip === UNKNOWN_ADDRESS ? null : ip;
}

const LONGEST = 45;
const DOT = 46;
const ZERO = 48;
const NINE = 57;
const IPV4_OFFSET_BITS = 96;

/** Reads a textual address. IPv4-mapped IPv6 (`::ffff:10.0.0.1`) is the IPv4 address; zones and ports are refused (null). */
export function parseIp(text: string): Ip | null {
  if (text.length === 0 || text.length > LONGEST) return null;
  if (!text.includes(':')) {
    const pair = parseIpv4(text);
    return pair === null ? null : { version: 4, words: [0, 0, 0, 0, 0, 0, pair[0], pair[1]] };
  }
  const words = parseIpv6(text);
  if (words === null) return null;
  return { version: isMapped(words) ? 4 : 6, words: isMapped(words) ? [0, 0, 0, 0, 0, 0, ...words.slice(6)] : words };
}

/** One spelling per address: dotted decimal, or eight lower-case groups without compression. */
export function formatIp(ip: Ip): string {
  if (ip.version === 6) return ip.words.map((word) => word.toString(16)).join(':');
  const [, , , , , , high = 0, low = 0] = ip.words;
  return `${high >> 8}.${high & 255}.${low >> 8}.${low & 255}`;
}

/** What an address counts under: IPv4 by itself, IPv6 by its /64 (one customer holds a whole one). Null = no address. */
export function ipLimitKey(text: string): string | null {
  const ip = parseIp(text);
  if (ip === null) return null;
  if (ip.version === 4) return formatIp(ip);
  const prefix = ip.words.slice(0, 4).map((word) => word.toString(16));
  return `${prefix.join(':')}::/64`;
}

/** `address` or `address/bits`; null when it is neither. */
export function parseCidr(text: string): Cidr | null {
  const [address = '', bitsText, ...rest] = text.split('/');
  const ip = parseIp(address);
  if (ip === null || rest.length > 0) return null;
  const width = ip.version === 4 ? 32 : 128;
  if (bitsText === undefined) return { ip, bits: width };
  if (!/^\d{1,3}$/.test(bitsText) || Number(bitsText) > width) return null;
  return { ip, bits: Number(bitsText) };
}

/** Whether the address lies in the block; the versions must be the same. */
export function inCidr(ip: Ip, cidr: Cidr): boolean {
  if (ip.version !== cidr.ip.version) return false;
  let bits = cidr.bits + (ip.version === 4 ? IPV4_OFFSET_BITS : 0);
  for (let i = 0; i < 8 && bits > 0; i++, bits -= 16) {
    const mask = bits >= 16 ? 0xffff : (0xffff << (16 - bits)) & 0xffff;
    if (((ip.words[i] ?? 0) & mask) !== ((cidr.ip.words[i] ?? 0) & mask)) return false;
  }
  return true;
}

function parseIpv4(text: string): [number, number] | null {
  let whole = 0;
  let dots = 0;
  let part = -1;
  for (let i = 0; i < text.length; i++) {
    const char = text.charCodeAt(i);
    if (char === DOT && part !== -1) {
      whole = whole * 256 + part;
      dots++;
      part = -1;
      // A leading zero means octal to some readers: refused rather than guessed.
    } else if (char < ZERO || char > NINE || part === 0) return null;
    else part = Math.max(part, 0) * 10 + char - ZERO;
    if (part > 255) return null;
  }
  if (dots !== 3 || part === -1) return null;
  return [whole >> 8, (whole & 255) * 256 + part];
}

function parseIpv6(text: string): number[] | null {
  const halves = text.split('::');
  if (halves.length > 2) return null;
  const head = parseGroups(halves[0] ?? '', halves.length === 1);
  const tail = halves.length === 2 ? parseGroups(halves[1] ?? '', true) : [];
  if (head === null || tail === null) return null;
  const missing = 8 - head.length - tail.length;
  if (halves.length === 1 ? missing !== 0 : missing < 1) return null;
  return [...head, ...Array.from({ length: missing }, () => 0), ...tail];
}

function parseGroups(text: string, mayEndInIpv4: boolean): number[] | null {
  if (text === '') return [];
  const groups = text.split(':');
  const words: number[] = [];
  for (const [index, group] of groups.entries()) {
    const ipv4 = mayEndInIpv4 && index === groups.length - 1 ? parseIpv4(group) : null;
    if (ipv4 !== null) words.push(...ipv4);
    else if (/^[0-9a-fA-F]{1,4}$/.test(group)) words.push(Number.parseInt(group, 16));
    else return null;
  }
  return words;
}

function isMapped(words: readonly number[]): boolean {
  return words.slice(0, 5).every((word) => word === 0) && words[5] === 0xffff;
}
