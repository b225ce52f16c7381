import { describe, expect, it } from 'vitest';
import { smsSize } from '../../src/core/segments.ts';

describe('the size of an SMS', () => {
  it.each([
    ['nothing', '', 'gsm7', 0, 0],
    ['160 letters', 'a'.repeat(160), 'gsm7', 160, 1],
    ['161 letters', 'a'.repeat(161), 'gsm7', 161, 2],
    ['306 letters', 'a'.repeat(306), 'gsm7', 306, 2],
    ['307 letters', 'a'.repeat(307), 'gsm7', 307, 3],
    ['German letters and a line end', 'äöüßÄÖÜ\n', 'gsm7', 8, 1],
    ['80 euro signs', '€'.repeat(80), 'gsm7', 160, 1],
    ['a euro sign that no part can split', `${'a'.repeat(152)}€${'a'.repeat(152)}`, 'gsm7', 306, 3],
    ['70 Cyrillic letters', 'ж'.repeat(70), 'ucs2', 70, 1],
    ['71 Cyrillic letters', 'ж'.repeat(71), 'ucs2', 71, 2],
    ['35 emoji', '😀'.repeat(35), 'ucs2', 70, 1],
    ['an emoji that no part can split', `${'ж'.repeat(66)}😀${'ж'.repeat(66)}`, 'ucs2', 134, 3],
    ['one typographic quote among letters', `${'a'.repeat(70)}’`, 'ucs2', 71, 2],
    ['a backtick, which GSM does not have', '`', 'ucs2', 1, 1],
    ['every sign of the extension table', '^{}\\[~]|€\f', 'gsm7', 20, 1],
  ])('of %s', (_name, text, encoding, units, segments) => {
    expect(smsSize(text)).toEqual({ encoding, units, segments });
  });
});
