/**
 * A text as 64 bits in 11 base64url characters, the same in every process: names of counters and of the like. What is hashed
 * ends in a keyed blind index or an id of ours, so nobody can aim for a collision.
 */
export function shortName(text: string): string {
  const bytes = Buffer.allocUnsafe(8);
  bytes.writeUInt32BE(mixed(text, 0x9747b28c), 0);
  bytes.writeUInt32BE(mixed(text, 0x3c6ef372), 4);
  return bytes.toString('base64url');
}

/** A text as an integer below 2^48. */
export function contentNumber(text: string): number {
  return mixed(text, 0x27d4eb2f) * 0x1_0000 + (mixed(text, 0x165667b1) >>> 16);
}

/** A text as an integer below 64. */
export function smallHash(text: string): number {
  return mixed(text, 1) & 63;
}

/** Multiply and rotate per character, then spread (as in MurmurHash3). */
function mixed(text: string, seed: number): number {
  let hash = seed;
  for (let i = 0; i < text.length; i++) {
    let part = Math.imul(text.charCodeAt(i), 0xcc9e2d51);
    part = (part << 15) | (part >>> 17);
    hash ^= Math.imul(part, 0x1b873593);
    hash = Math.imul((hash << 13) | (hash >>> 19), 5) + 0xe6546b64;
  }
  hash ^= text.length;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
