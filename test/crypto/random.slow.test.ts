import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { ALPHABETS, drawCode } from '../../src/core/code.ts';
import { randomInt, randomText } from '../../src/crypto/index.ts';
import { randomNonceText } from '../../src/crypto/random.ts';

const DRAWS = 1_000_000;
/** Upper 0.1 % points of chi-square by degrees of freedom. */
const CRITICAL: Readonly<Record<number, number>> = { 9: 27.877, 30: 59.703, 31: 61.098 };

/** True when at some position some character of `alphabet` is too frequent or too rare (p < 0.001). */
function looksBiased(draw: () => string, alphabet: string, draws: number): boolean {
  const length = draw().length;
  const counts = new Uint32Array(length * 128);
  for (let i = 0; i < draws; i++) {
    const text = draw();
    for (let at = 0; at < length; at++) {
      const cell = at * 128 + text.charCodeAt(at);
      counts[cell] = (counts[cell] ?? 0) + 1;
    }
  }
  const expected = draws / alphabet.length;
  const critical = CRITICAL[alphabet.length - 1] ?? Number.NaN;
  for (let at = 0; at < length; at++) {
    let chiSquare = 0;
    for (const character of alphabet) {
      const count = counts[at * 128 + character.charCodeAt(0)] ?? 0;
      chiSquare += (count - expected) ** 2 / expected;
    }
    if (!(chiSquare <= critical)) return true;
  }
  return false;
}

/** Of twenty positions one looks biased by chance in two samples of a hundred, a biased generator in every one: three convict. */
function isBiased(draw: () => string, alphabet: string, draws = DRAWS): boolean {
  return [1, 2, 3].every(() => looksBiased(draw, alphabet, draws));
}

const digits = ALPHABETS.digits;

describe('A15, S2.2, S4.21, D2.8: codes are uniform in every position', () => {
  it('six digits', () => {
    const draw = (): string => drawCode({ length: 6, alphabet: 'digits' }, randomInt).reveal();
    expect(isBiased(draw, digits)).toBe(false);
  });

  it('eight characters of the safe alphabet', () => {
    const draw = (): string => drawCode({ length: 8, alphabet: 'safe' }, randomInt).reveal();
    expect(isBiased(draw, ALPHABETS.safe, 250_000)).toBe(false);
  });

  it('single draws of randomInt(10)', () => {
    expect(isBiased(() => String(randomInt(10)), digits)).toBe(false);
  });

  it('characters of randomText', () => {
    expect(isBiased(() => randomText(20), '0123456789ABCDEFGHJKMNPQRSTVWXYZ', 200_000)).toBe(false);
  });

  it('and codes with leading zeros are drawn', () => {
    const codes = Array.from({ length: 1_000 }, () => drawCode({ length: 4, alphabet: 'digits' }, randomInt).reveal());
    expect(codes.some((drawn) => drawn.startsWith('0'))).toBe(true);
    expect(codes.every((drawn) => drawn.length === 4)).toBe(true);
  });
});

describe('the same check convicts biased generators', () => {
  const pool = randomBytes(3 * 65_536);
  let next = pool.length;
  const threeBytes = (): number => {
    if (next >= pool.length) {
      pool.set(randomBytes(pool.length));
      next = 0;
    }
    next += 3;
    return pool.readUIntBE(next - 3, 3);
  };

  it.each<{ name: string; draw: () => string }>([
    { name: 'three bytes modulo a million', draw: () => String(threeBytes() % 1_000_000).padStart(6, '0') },
    { name: 'codes from 100000 up', draw: () => String(100_000 + randomInt(900_000)) },
    { name: 'a byte modulo ten', draw: () => String((threeBytes() & 255) % 10) },
    { name: 'a lost last digit', draw: () => `${randomInt(100_000)}`.padStart(5, '0') + String(randomInt(9)) },
  ])('$name', ({ draw }) => {
    expect(isBiased(draw, digits)).toBe(true);
  });
});

describe('random draws', () => {
  it('of randomInt stay in range and reach both ends', () => {
    const seen = new Set(Array.from({ length: 2_000 }, () => randomInt(3)));
    expect([...seen].sort()).toEqual([0, 1, 2]);
    expect(randomInt(1)).toBe(0);
  });

  it.each([0, -1, 1.5, Number.NaN, 2 ** 48])('of randomInt(%d) are refused', (max) => {
    expect(() => randomInt(max)).toThrow(/"max"|safe integer|out of range/);
  });

  it('of text have the length asked for, across pool refills, and never repeat', () => {
    const texts = new Set<string>();
    for (let i = 0; i < 20_000; i++) texts.add(randomText(20));
    expect(texts.size).toBe(20_000);
    for (const length of [0, 1, 31, 1024]) expect(randomText(length)).toHaveLength(length);
  });

  it.each([-1, 1025, 1.5, Number.NaN])('of %d characters are refused', (count) => {
    expect(() => randomText(count)).toThrow(RangeError);
  });

  it('of nonces share no bytes with one another, over several pools', () => {
    const windows = new Set<string>();
    for (let i = 0; i < 3_000; i++) {
      const bytes = Buffer.from(randomNonceText(16), 'base64url');
      expect(bytes).toHaveLength(16);
      for (let at = 0; at + 8 <= bytes.length; at++) windows.add(bytes.toString('hex', at, at + 8));
    }
    expect(windows.size).toBe(3_000 * 9);
  });
});
