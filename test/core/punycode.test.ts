import { domainToASCII, domainToUnicode } from 'node:url';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeLabel } from '../../src/core/punycode.ts';

describe('a punycode label', () => {
  it.each([
    ['xn--bcher-kva', 'bücher'],
    ['xn--mnchen-3ya', 'münchen'],
    ['xn--fiqs8s', '中国'],
    ['xn--wgbh1c', 'مصر'],
    ['plain', 'plain'],
  ])('%s reads %s', (label, text) => {
    expect(decodeLabel(label)).toBe(text);
  });

  it.each(['xn--', 'xn--!', 'xn--99999999', 'xn--a-ü'])('%s is broken', (label) => {
    expect(decodeLabel(label)).toBeNull();
  });

  it('agrees with the platform on every label the platform makes', () => {
    const letters = fc.string({ unit: fc.constantFrom(...'äöüßéøбжα中文日本한국'), minLength: 1, maxLength: 12 });
    fc.assert(
      fc.property(letters, (text) => {
        const ascii = domainToASCII(text);
        if (ascii.startsWith('xn--')) expect(decodeLabel(ascii)).toBe(domainToUnicode(ascii));
      }),
    );
  });
});
