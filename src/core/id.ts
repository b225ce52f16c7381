const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const TIME_LENGTH = 10;
const RANDOM_LENGTH = 20;

export const ID_PREFIXES = [
  'vrf',
  'snd',
  'evt',
  'app',
  'key',
  'per',
  'req',
  'whk',
  'whd',
  'not',
  'agt',
  'ses',
  'lnk',
  'dft',
  'aud',
  'lgn',
  'psk',
  'chl',
  'eml',
  'cli',
  'rep',
  'pts',
  'rul',
] as const;
export type IdPrefix = (typeof ID_PREFIXES)[number];

/**
 * A time-ordered id: prefix, 48 bits of epoch ms, 100 random bits, in Crockford base32. `random` is 20 characters of that
 * alphabet from a CSPRNG. Ids of one prefix sort by time, so that inserts land at the end of every index.
 */
export function newId(prefix: IdPrefix, now: number, random: string): string {
  return `${prefix}_${encodeTime(now)}${random}`;
}

/**
 * The same, but with the second instead of the millisecond and 96 random bits: what the 128 bits of another system's id can
 * hold, so that each names the other without a table.
 */
export function newShortId(prefix: IdPrefix, now: number, random: string): string {
  const first = ALPHABET.charAt(ALPHABET.indexOf(random.charAt(0)) % 2);
  return `${prefix}_${encodeTime(now - (now % 1000))}${first}${random.slice(1)}`;
}

/** When an id was made (epoch ms), to the second for a short one. */
export function idTime(id: string): number {
  let ms = 0;
  for (const letter of id.slice(4, 4 + TIME_LENGTH)) ms = ms * 32 + ALPHABET.indexOf(letter);
  return ms;
}

/** True for the shape of an id with this prefix; says nothing about whether it exists. */
export function isId(prefix: IdPrefix, value: string): boolean {
  return (
    value.length === prefix.length + 1 + TIME_LENGTH + RANDOM_LENGTH &&
    ID_PATTERN.test(value) &&
    value.startsWith(`${prefix}_`)
  );
}

/** Not above any id of this prefix made at `ms` or later, but for short ones, which may be a second below. */
export function idFloor(prefix: IdPrefix, ms: number): string {
  return `${prefix}_${encodeTime(Math.max(0, ms))}`;
}

const ID_PATTERN = /^[a-z]{3}_[0-9A-HJKMNP-TV-Z]{30}$/;

let lastTime = -1;
let lastText = '';

function encodeTime(ms: number): string {
  // Many ids share a millisecond: the last encoding is kept.
  if (ms === lastTime) return lastText;
  let rest = ms;
  let text = '';
  for (let i = 0; i < TIME_LENGTH; i++) {
    text = ALPHABET.charAt(rest % 32) + text;
    rest = Math.floor(rest / 32);
  }
  lastTime = ms;
  lastText = text;
  return text;
}
