import { createHmac, hash } from 'node:crypto';

const BLOCK_BYTES = 64;
const DIGEST_BYTES = 32;
const INNER = 0x36;
const OUTER = 0x5c;
/** Longer texts (in UTF-16 units) take the streaming way. */
const MOST_UNITS = 2_048;

/** HMAC-SHA-256 of a text under one key, base64url. `utf16le` keeps every string apart, lone surrogates included. */
export type Mac = (text: string, encoding: 'utf8' | 'utf16le') => string;

/**
 * HMAC-SHA-256 (RFC 2104) by two one-shot hashes: half the cost of `createHmac` and nothing for the garbage collector to
 * finalise. `key` has at most 64 bytes, as every derived key has; RangeError otherwise.
 */
export function createMac(key: Buffer): Mac {
  if (key.length > BLOCK_BYTES) throw new RangeError('The key is longer than a block.');
  const inner = Buffer.alloc(BLOCK_BYTES + MOST_UNITS * 3, 0);
  const outer = Buffer.alloc(BLOCK_BYTES + DIGEST_BYTES);
  pad(inner, key, INNER);
  pad(outer, key, OUTER);
  return (text, encoding) => {
    if (text.length > MOST_UNITS) return createHmac('sha256', key).update(text, encoding).digest('base64url');
    const end = BLOCK_BYTES + inner.write(text, BLOCK_BYTES, encoding);
    outer.write(hash('sha256', inner.subarray(0, end), 'binary'), BLOCK_BYTES, 'latin1');
    return hash('sha256', outer, 'base64url');
  };
}

function pad(block: Buffer, key: Buffer, byte: number): void {
  for (let i = 0; i < BLOCK_BYTES; i++) block[i] = (key[i] ?? 0) ^ byte;
}
