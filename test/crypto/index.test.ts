import { createHmac, hkdfSync } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { freshSecret, ringOf } from './rings.ts';

const USES = ['address', 'limit', 'device', 'ip', 'idempotency'] as const;

describe('blind indexes', () => {
  const root = freshSecret();
  const ring = ringOf(root);

  it('are the first 96 bits of an HMAC-SHA-256, as recomputed by hand', () => {
    const key = Buffer.from(hkdfSync('sha256', root.reveal(), 'watchword/v1', `key/${ring.kid}/index/address`, 32));
    const mac = createHmac('sha256', key).update('+61491570156').digest().subarray(0, 12);
    expect(ring.index('address', '+61491570156')).toBe(mac.toString('base64url'));
  });

  it('are equal for equal values only, and are 16 characters', () => {
    const seen = new Set<string>();
    for (let i = 0; i < 5_000; i++) seen.add(ring.index('address', `+614000${i}`));
    expect(seen.size).toBe(5_000);
    for (const index of seen) expect(index).toMatch(/^[A-Za-z0-9_-]{16}$/);
    expect(ring.index('address', '+6140001')).toBe(ring.index('address', '+6140001'));
  });

  it('differ by use and by key, so that tables cannot be joined', () => {
    const indexes = USES.map((use) => ring.index(use, 'same'));
    expect(new Set(indexes).size).toBe(USES.length);
    expect(ringOf(freshSecret()).index('address', 'same')).not.toBe(indexes[0]);
  });

  it('list every key, newest first, so that old rows are found after a rotation', () => {
    const second = freshSecret();
    const both = ringOf(second, root);
    expect(both.indexes('limit', 'v')).toEqual([ringOf(second).index('limit', 'v'), ring.index('limit', 'v')]);
    expect(both.index('limit', 'v')).toBe(both.indexes('limit', 'v')[0]);
    expect(ring.indexes('limit', 'v')).toEqual([ring.index('limit', 'v')]);
  });
});
