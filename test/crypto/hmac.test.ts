import { createHmac, randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createMac } from '../../src/crypto/hmac.ts';

describe('createMac', () => {
  it('is HMAC-SHA-256, for any text, key and encoding', () => {
    const texts = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.string({ unit: 'binary', minLength: 20, maxLength: 50 }).map((text) => text.repeat(100)),
    );
    const encodings = fc.constantFrom('utf8' as const, 'utf16le' as const);
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 64 }), texts, encodings, (bytes, text, encoding) => {
        const key = Buffer.from(bytes);
        const expected = createHmac('sha256', key).update(text, encoding).digest('base64url');
        expect(createMac(key)(text, encoding)).toBe(expected);
      }),
    );
  });

  it('gives a short text its own value after a long one', () => {
    const key = randomBytes(32);
    const mac = createMac(key);
    mac('x'.repeat(2_048), 'utf8');
    expect(mac('y', 'utf8')).toBe(createHmac('sha256', key).update('y').digest('base64url'));
  });

  it('refuses a key that is longer than a block', () => {
    expect(() => createMac(randomBytes(65))).toThrow(RangeError);
  });
});
