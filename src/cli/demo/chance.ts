/** Draws that are the same for the same seed; nothing secret is made of them. */
export interface Chance {
  /** A whole number from 0 to `below - 1`. */
  whole(below: number): number;
  /** True so many times of 100. */
  percent(of100: number): boolean;
  between(low: number, high: number): number;
  pick<T>(from: readonly [T, ...T[]]): T;
  /** Letters and digits of Crockford's base 32. */
  text(length: number): string;
}

const LETTERS = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/** Mulberry32: small, and the same on every machine. */
export function createChance(seed: number): Chance {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d_2b_79_f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const whole = (below: number): number => Math.floor(next() * below);
  return {
    whole,
    percent: (of100) => next() * 100 < of100,
    between: (low, high) => low + whole(high - low + 1),
    pick: (from) => from[whole(from.length)] ?? from[0],
    text: (length) => Array.from({ length }, () => LETTERS.charAt(whole(LETTERS.length))).join(''),
  };
}
