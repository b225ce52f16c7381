import { isId } from '../../core/id.ts';
import type { KeyRing } from '../../crypto/index.ts';

/** As in ids; each character has a letter in {@link LETTERS}. */
const BASE32 = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const BASE64 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
const LETTERS = 'abcdefghijkmnopqrstuvwxyzABCDEFG';
const ID_LETTERS = 30;
const MAC_LETTERS = 32;

/**
 * The secret part of a “this was not me” link: the verification and 96 bits of a keyed hash over it, which is online-guessing proof. Letters
 * only, so that nothing in a message can be taken for its code.
 */
export function notMeToken(ring: KeyRing, verification: string): string {
  return idLetters(verification) + macLetters(ring.index('link', `not-me|${verification}`));
}

/** The verification a token is for, null when no key of the ring made it. Asks nobody. */
export function verificationOf(ring: KeyRing, token: string): string | null {
  if (token.length !== ID_LETTERS + MAC_LETTERS) return null;
  const id = `vrf_${mapped(token.slice(0, ID_LETTERS), LETTERS, BASE32)}`;
  if (!isId('vrf', id)) return null;
  const given = token.slice(ID_LETTERS);
  const isOurs = ring.indexes('link', `not-me|${id}`).map((mac) => isSame(ring, macLetters(mac), given));
  return isOurs.includes(true) ? id : null;
}

/** Compares hashes of both, so that the time it takes tells nothing about the right one. */
function isSame(ring: KeyRing, expected: string, given: string): boolean {
  return ring.index('link', `compare|${expected}`) === ring.index('link', `compare|${given}`);
}

function idLetters(id: string): string {
  return mapped(id.slice('vrf_'.length), BASE32, LETTERS);
}

/** Two letters for each character of the hash. */
function macLetters(mac: string): string {
  return Array.from(mac, (character) => {
    const value = BASE64.indexOf(character);
    return LETTERS.charAt(value >> 3) + LETTERS.charAt(value & 7);
  }).join('');
}

function mapped(text: string, from: string, to: string): string {
  return Array.from(text, (character) => to.charAt(from.indexOf(character))).join('');
}
