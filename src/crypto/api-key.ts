import { crc32 } from 'node:zlib';
import type { Mode } from '../core/verification.ts';
import { randomText } from './random.ts';

const ID_LENGTH = 30;
const SECRET_LENGTH = 40;
const CHECKSUM_LENGTH = 6;
const BASE62 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const TOKEN = /^ww_(live|test)_([0-9A-HJKMNP-TV-Z]{30})([0-9A-HJKMNP-TV-Z]{40})([0-9A-Za-z]{6})$/;
const TOKEN_LENGTH = 'ww_live_'.length + ID_LENGTH + SECRET_LENGTH + CHECKSUM_LENGTH;

/**
 * A new API key in clear: `ww_live_` or `ww_test_`, the 30 characters of its id after `key_`, 200 random bits, and a CRC-32
 * of all before it as six base62 characters, by which secret scanners know a real one. Show it once, store its hash.
 */
export function newApiKey(mode: Mode, idPart: string): { readonly token: string } {
  const body = `ww_${mode}_${idPart}${randomText(SECRET_LENGTH)}`;
  const token = body + checksum(body);
  if (!TOKEN.test(token)) throw new RangeError('The id part of an API key is 30 characters of Crockford base32.');
  return { token };
}

/**
 * Mode and id (without `key_`) of a well-formed API key, or null. It says only that the checksum fits: the hash decides whether
 * the key is real.
 */
export function parseApiKey(token: string): { readonly mode: Mode; readonly id: string } | null {
  if (token.length !== TOKEN_LENGTH) return null;
  const [, mode, id] = TOKEN.exec(token) ?? [];
  if (mode === undefined || id === undefined) return null;
  if (checksum(token.slice(0, -CHECKSUM_LENGTH)) !== token.slice(-CHECKSUM_LENGTH)) return null;
  return { mode: mode === 'live' ? 'live' : 'test', id };
}

function checksum(text: string): string {
  let rest = crc32(text);
  let digits = '';
  for (let i = 0; i < CHECKSUM_LENGTH; i++) {
    digits = BASE62.charAt(rest % 62) + digits;
    rest = Math.floor(rest / 62);
  }
  return digits;
}
