import { createCipheriv } from 'node:crypto';

const BLOCK_BYTES = 16;
export const NONCE_BYTES = 12;
/** Blocks made in one go; longer texts take several. */
const MOST_BLOCKS = 64;

/** Adds the keystream of the nonce at the front of `bytes` to what follows it, up to `end`: seals what is plain, opens what is sealed. */
export type Keystream = (bytes: Buffer, end: number) => void;

/**
 * AES-256 in counter mode (NIST SP 800-38A): the counter block is the 96-bit nonce and a 32-bit block number from 0. Node makes a
 * new cipher for each counter-mode text, which costs six times as much as the few bytes to seal; one block cipher, made once,
 * enciphers the counter blocks of all of them.
 */
export function createKeystream(key: Buffer): Keystream {
  const cipher = createCipheriv('aes-256-ecb', key, null).setAutoPadding(false);
  const counters = Buffer.alloc(MOST_BLOCKS * BLOCK_BYTES);
  // Phone numbers and codes fit one block.
  const first = counters.subarray(0, BLOCK_BYTES);
  return (bytes, end) => {
    for (let from = NONCE_BYTES; from < end; from += counters.length) {
      const to = Math.min(from + counters.length, end);
      const blocks = Math.ceil((to - from) / BLOCK_BYTES);
      for (let block = 0; block < blocks; block++) {
        const at = block * BLOCK_BYTES;
        bytes.copy(counters, at, 0, NONCE_BYTES);
        counters.writeUInt32BE((from - NONCE_BYTES) / BLOCK_BYTES + block, at + NONCE_BYTES);
      }
      const stream = cipher.update(blocks === 1 ? first : counters.subarray(0, blocks * BLOCK_BYTES));
      for (let i = from; i < to; i++) bytes[i] = (bytes[i] ?? 0) ^ (stream[i - from] ?? 0);
    }
  };
}
