import { isId } from '../core/id.ts';
import type { KeyRing } from '../crypto/index.ts';

/** As in ids; each character has a letter in {@link LETTERS}. */
const BASE32 = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const BASE64 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
const LETTERS = 'abcdefghijkmnopqrstuvwxyzABCDEFG';
const ID_LETTERS = 30;
const MAC_LETTERS = 32;

/**
 * The secret part of a link in a message: the verification and 96 bits of a keyed hash over it and the use, which is online-guessing
 * proof. Letters only, so that nothing in a message can be taken for its code.
 */
export function letterToken(ring: KeyRing, use: string, verification: string): string {
  return idLetters(verification) + macLetters(ring.index('link', `${use}|${verification}`));
}

/** The verification that a token says it is for; null when it is no token. Whether it is one, {@link isTokenOf} says. */
export function idOfToken(token: string): string | null {
  if (token.length !== ID_LETTERS + MAC_LETTERS) return null;
  const id = `vrf_${mapped(token.slice(0, ID_LETTERS), LETTERS, BASE32)}`;
  return isId('vrf', id) ? id : null;
}

/** Whether a key of the ring made the token for this use. */
export function isTokenOf(ring: KeyRing, use: string, token: string): boolean {
  const id = idOfToken(token);
  if (id === null) return false;
  const given = token.slice(ID_LETTERS);
  const isOurs = ring.indexes('link', `${use}|${id}`).map((mac) => isSame(ring, macLetters(mac), given));
  return isOurs.includes(true);
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
