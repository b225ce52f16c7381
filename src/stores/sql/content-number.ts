/**
 * A text as an integer below 2^53, the same in every process. Not for secrets and not against people who aim for a
 * collision. (Mixing as in MurmurHash3's finaliser.)
 */
export function contentNumber(text: string): number {
  let high = 0xdeadbeef;
  let low = 0x41c6ce57;
  for (let i = 0; i < text.length; i++) {
    const char = text.charCodeAt(i);
    high = Math.imul(high ^ char, 2_654_435_761);
    low = Math.imul(low ^ char, 1_597_334_677);
  }
  high = Math.imul(high ^ (high >>> 16), 2_246_822_507) ^ Math.imul(low ^ (low >>> 13), 3_266_489_909);
  low = Math.imul(low ^ (low >>> 16), 2_246_822_507) ^ Math.imul(high ^ (high >>> 13), 3_266_489_909);
  return 2 ** 32 * (0x1fffff & high) + (low >>> 0);
}
