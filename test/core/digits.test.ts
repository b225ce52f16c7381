import { describe, expect, it } from 'vitest';
import { asciiDigits, typedCode } from '../../src/core/digits.ts';

describe('digits of other scripts', () => {
  it.each([
    ['Arabic', '٠١٢٣٤٥٦٧٨٩'],
    ['Persian and Urdu', '۰۱۲۳۴۵۶۷۸۹'],
    ['Devanagari', '०१२३४५६७८९'],
    ['Bengali', '০১২৩৪৫৬৭৮৯'],
    ['Thai', '๐๑๒๓๔๕๖๗๘๙'],
    ['fullwidth', '０１２３４５６７８９'],
    ['mathematical bold, right before another row of digits', '𝟎𝟏𝟐𝟑𝟒𝟓𝟔𝟕𝟖𝟗'],
    ['mathematical sans, between two rows of digits', '𝟢𝟣𝟤𝟥𝟦𝟧𝟨𝟩𝟪𝟫'],
    ['ASCII', '0123456789'],
  ])('%s ones have their value', (_, digits) => {
    expect(asciiDigits(digits)).toBe('0123456789');
  });

  it('nothing but digits changes', () => {
    expect(asciiDigits('+६१ Ab-½³Ⅳ')).toBe('+61 Ab-½³Ⅳ');
  });
});

describe('a typed code', () => {
  it.each([
    ['blanks of any width', ' 123\u00a0456\u3000'],
    ['a line break', '123\r\n456'],
    ['dashes of any length', '123–456'],
    ['direction marks', '\u200f123\u202d456\u202c'],
    ['zero-width joiners and a byte order mark', '\ufeff123\u200b456'],
  ])('loses %s', (_, text) => {
    expect(typedCode(text)).toBe('123456');
  });

  it('keeps what could be meant', () => {
    expect(typedCode('12.34a')).toBe('12.34a');
  });
});
