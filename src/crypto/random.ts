import { randomFillSync, randomInt as uniformInt } from 'node:crypto';

const CROCKFORD = Buffer.from('0123456789ABCDEFGHJKMNPQRSTVWXYZ', 'latin1');
const POOL_BYTES = 8192;
const MOST_AT_ONCE = 1024;

const pool = Buffer.alloc(POOL_BYTES);
let used = POOL_BYTES;

/** Uniform integer in [0, maxExclusive), from a CSPRNG. `maxExclusive` is an integer from 1 to 2^48 - 1, else RangeError. */
export function randomInt(maxExclusive: number): number {
  return uniformInt(maxExclusive);
}

/** `count` (up to 1024) characters of Crockford base32, 5 random bits each. */
export function randomText(count: number): string {
  const start = take(count);
  const end = start + count;
  // 256 is a multiple of 32: the low five bits of a random byte are uniform. The bytes are used once, so they make room.
  for (let i = start; i < end; i++) pool[i] = CROCKFORD[(pool[i] ?? 0) & 31] ?? 0;
  return pool.toString('latin1', start, end);
}

/** `bytes` random bytes (up to 1024) as base64url text. For nonces; secrets that live long do not come from the pool. */
export function randomNonceText(bytes: number): string {
  const start = take(bytes);
  return pool.toString('base64url', start, start + bytes);
}

/** Writes `bytes` random bytes (up to 1024) to the front of `target`. */
export function fillNonce(target: Buffer, bytes: number): void {
  const start = take(bytes);
  pool.copy(target, 0, start, start + bytes);
}

// One call into the generator costs more than 2 µs whatever its size, so bytes are drawn by the pool and used once.
function take(bytes: number): number {
  if (!Number.isInteger(bytes) || bytes < 0 || bytes > MOST_AT_ONCE) {
    throw new RangeError(`At most ${MOST_AT_ONCE} random bytes can be drawn at once.`);
  }
  if (used + bytes > POOL_BYTES) {
    randomFillSync(pool);
    used = 0;
  }
  const start = used;
  used += bytes;
  return start;
}
