import { createHmac, type KeyObject } from 'node:crypto';
import { equalText } from './compare.ts';
import { kidOf } from './derive.ts';

/** Keyed hash of a token or a request body, `kid.base64url` (HMAC-SHA-256, whole). */
export function keyedHash(kid: string, key: KeyObject, text: string): string {
  return `${kid}.${createHmac('sha256', key).update(text).digest('base64url')}`;
}

/** True when `hash` is the keyed hash of `text` under one of the keys. An unknown key id costs the same and is false. */
export function keyedHashMatches(
  keys: ReadonlyMap<string, KeyObject>,
  fallback: KeyObject,
  text: string,
  hash: string,
): boolean {
  const kid = kidOf(hash);
  const key = keys.get(kid);
  const equal = equalText(keyedHash(kid, key ?? fallback, text), hash);
  return equal && key !== undefined;
}
