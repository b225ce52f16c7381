import { createCipheriv } from 'node:crypto';

const BLOCK_BYTES = 16;
export const NONCE_BYTES = 12;
/** Blocks made in one go; longer texts take several. */
const MOST_BLOCKS = 64;

/** Adds the keystream of a nonce to bytes, in place: seals what is plain, opens what is sealed. */
export type Keystream = (bytes: Buffer, nonce: Buffer) => void;

/**
 * AES-256 in counter mode (NIST SP 800-38A): the counter block is the 96-bit nonce and a 32-bit block number from 0. Node makes a
 * new cipher for each counter-mode text, which costs six times as much as the few bytes to seal; one block cipher, made once,
 * enciphers the counter blocks of all of them.
 */
export function createKeystream(key: Buffer): Keystream {
  const cipher = createCipheriv('aes-256-ecb', key, null).setAutoPadding(false);
  const counters = Buffer.alloc(MOST_BLOCKS * BLOCK_BYTES);
  return (bytes, nonce) => {
    for (let done = 0; done < bytes.length; done += counters.length) {
      const length = Math.min(counters.length, bytes.length - done);
      const blocks = Math.ceil(length / BLOCK_BYTES);
      for (let block = 0; block < blocks; block++) {
        nonce.copy(counters, block * BLOCK_BYTES, 0, NONCE_BYTES);
        counters.writeUInt32BE(done / BLOCK_BYTES + block, block * BLOCK_BYTES + NONCE_BYTES);
      }
      const stream = cipher.update(counters.subarray(0, blocks * BLOCK_BYTES));
      for (let i = 0; i < length; i++) bytes[done + i] = (bytes[done + i] ?? 0) ^ (stream[i] ?? 0);
    }
  };
}
