import { createHmac, randomBytes } from 'node:crypto';
import { equalText } from './compare.ts';

const STEP_MS = 30_000;
const DIGITS = 6;
const SECRET_BYTES = 20;
const BASE32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
/** A clock may be this many steps off, either way. */
const DRIFT_STEPS = 1;

/** HOTP (RFC 4226) with HMAC-SHA-1, which every authenticator app knows. `secret` is base32. */
export function hotp(secret: string, counter: number, digits = DIGITS): string {
  const message = Buffer.alloc(8);
  message.writeBigUInt64BE(BigInt(counter));
  const mac = createHmac('sha1', fromBase32(secret)).update(message).digest();
  const offset = (mac[mac.length - 1] ?? 0) & 0xf;
  const number = mac.readUInt32BE(offset) & 0x7fff_ffff;
  return String(number % 10 ** digits).padStart(digits, '0');
}

/**
 * The step of 30 s (RFC 6238) whose code this is, within one step of `now`; null for a wrong one. Accept a step only once: the
 * next must be greater. Every candidate is computed and compared, whichever fits.
 */
export function totpStep(secret: string, code: string, now: number): number | null {
  const current = Math.floor(now / STEP_MS);
  let found: number | null = null;
  for (let step = current - DRIFT_STEPS; step <= current + DRIFT_STEPS; step++) {
    if (equalText(hotp(secret, step), code)) found = step;
  }
  return found;
}

/** 160 random bits as base32, as RFC 4226 recommends. */
export function newTotpSecret(): string {
  const bytes = randomBytes(SECRET_BYTES);
  let bits = '';
  for (const byte of bytes) bits += byte.toString(2).padStart(8, '0');
  return (bits.match(/.{5}/g) ?? []).map((five) => BASE32.charAt(Number.parseInt(five, 2))).join('');
}

function fromBase32(text: string): Buffer {
  let bits = '';
  for (const sign of text) bits += BASE32.indexOf(sign).toString(2).padStart(5, '0');
  return Buffer.from((bits.match(/.{8}/g) ?? []).map((eight) => Number.parseInt(eight, 2)));
}
