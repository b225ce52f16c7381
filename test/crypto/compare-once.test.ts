import * as nodeCrypto from 'node:crypto';
import { afterAll, beforeEach, describe, expect, it, vi } from 'vitest';

// The real functions, counted: by modules of this file's own, which other files of the same worker never see.
vi.resetModules();
vi.mock('node:crypto', async (original) => {
  const real = await original<typeof import('node:crypto')>();
  return {
    ...real,
    timingSafeEqual: vi.fn(real.timingSafeEqual),
    createHmac: vi.fn(real.createHmac),
    hash: vi.fn(real.hash),
  };
});

const { code, digest } = await import('../../src/core/redacted.ts');
const { BINDING, freshSecret, ringOf } = await import('./rings.ts');
afterAll(() => vi.resetModules());

const root = freshSecret();
const ring = ringOf(root);
const stored = ring.digestCode(code('042137'), BINDING);
const foreign = ringOf(freshSecret()).digestCode(code('042137'), BINDING);

describe('every check of a code does one MAC and one constant-time comparison', () => {
  beforeEach(() => vi.clearAllMocks());

  it.each([
    { name: 'a right code', clear: '042137', against: stored, matches: true },
    { name: 'a wrong code', clear: '042138', against: stored, matches: false },
    { name: 'nothing stored', clear: '042137', against: null, matches: false },
    { name: 'a digest of an unknown key', clear: '042137', against: foreign, matches: false },
    { name: 'an empty digest', clear: '042137', against: digest(''), matches: false },
    { name: 'a digest cut short', clear: '042137', against: digest(stored.reveal().slice(0, -1)), matches: false },
  ])('$name', ({ clear, against, matches }) => {
    expect(ring.matchesCode(code(clear), BINDING, against)).toBe(matches);
    // The inner and the outer hash of one MAC.
    expect(nodeCrypto.hash).toHaveBeenCalledTimes(2);
    expect(nodeCrypto.timingSafeEqual).toHaveBeenCalledTimes(1);
    const [left, right] = vi.mocked(nodeCrypto.timingSafeEqual).mock.calls[0] ?? [];
    expect([left?.byteLength, right?.byteLength]).toEqual([43, 43]);
  });

  it('and so does every check of an API key against a hash', () => {
    for (const hash of [ring.hashToken('a'), ringOf(freshSecret()).hashToken('a')]) {
      vi.clearAllMocks();
      ring.tokenMatches('a', hash);
      expect(nodeCrypto.createHmac).toHaveBeenCalledTimes(1);
      expect(nodeCrypto.timingSafeEqual).toHaveBeenCalledTimes(1);
    }
  });
});
