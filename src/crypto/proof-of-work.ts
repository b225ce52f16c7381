import { hash } from 'node:crypto';

const NONCE = /^\d{1,15}$/;

/** Whether SHA-256 over `salt:nonce` begins with at least so many zero bits (32 at most are looked at). */
export function isSolved(salt: string, nonce: string, bits: number): boolean {
  if (!NONCE.test(nonce)) return false;
  return Math.clz32(hash('sha256', `${salt}:${nonce}`, 'buffer').readUInt32BE(0)) >= bits;
}
