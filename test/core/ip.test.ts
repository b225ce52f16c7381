import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatIp, ipLimitKey, parseIp } from '../../src/core/ip.ts';

const byte = fc.integer({ min: 0, max: 255 });

describe('an IPv4 address', () => {
  it('is read part by part and written back as it was', () => {
    fc.assert(
      fc.property(byte, byte, byte, byte, (a, b, c, d) => {
        const text = `${a}.${b}.${c}.${d}`;
        const ip = parseIp(text);
        expect(ip).toEqual({ version: 4, words: [0, 0, 0, 0, 0, 0, a * 256 + b, c * 256 + d] });
        expect(ip === null ? null : formatIp(ip)).toBe(text);
        expect(parseIp(`::ffff:${text}`)).toEqual(ip);
      }),
    );
  });

  // A leading zero means octal to some readers; other scripts have digits, too.
  it.each([
    '1.2.3',
    '1.2.3.4.5',
    '1.2.3.4.',
    '.1.2.3.4',
    '1..2.3',
    '1.2.3.256',
    '1.2.3.1000',
    '01.2.3.4',
    '1.2.3.00',
    '1.2.3.+4',
    '1.2.3.-4',
    '1.2.3.4 ',
    '1.2.3.0x4',
    '1.2.3.4/32',
    '1.2.3.4:80',
    '1.2.3.٤',
    '123456789',
    '...',
    '',
  ])('is not %j', (text) => {
    expect(parseIp(text)).toBeNull();
    expect(ipLimitKey(text)).toBeNull();
  });
});
