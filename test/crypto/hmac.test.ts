import { createHmac, randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createMac, createTagger } from '../../src/crypto/hmac.ts';

describe('createMac', () => {
  it('is HMAC-SHA-256, for any text, key and encoding', () => {
    const texts = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.string({ unit: 'binary', minLength: 2_000, maxLength: 5_000 }),
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

describe('createTagger', () => {
  it('is HMAC-SHA-256 of text, bytes and the length of the text, for any key and lengths', () => {
    const bytes = fc.oneof(fc.uint8Array(), fc.uint8Array({ minLength: 2_000, maxLength: 7_000 }));
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 64 }), fc.string({ unit: 'binary' }), bytes, (key, text, data) => {
        const bits = Buffer.alloc(8);
        bits.writeBigUInt64BE(BigInt(Buffer.byteLength(text)) * 8n);
        const mac = createHmac('sha256', key).update(text, 'utf8').update(data).update(bits);
        const more = Buffer.concat([data, Buffer.from('not part of it')]);
        expect(createTagger(Buffer.from(key))(text, more, data.length)).toBe(mac.digest('binary'));
      }),
    );
  });
});
