import { describe, expect, it } from 'vitest';
import { drawCode, foldCode } from '../../src/core/code.ts';

const SIX = { length: 6, alphabet: 'digits' } as const;
const SAFE = { length: 6, alphabet: 'safe' } as const;

describe('a submitted code', () => {
  it.each([
    ['123456', '123456'],
    [' 123 456 ', '123456'],
    ['123-456', '123456'],
    ['\t123456\n', '123456'],
    ['000042', '000042'],
  ])('%j folds to %s', (given, folded) => {
    expect(foldCode(SIX, given)?.reveal()).toBe(folded);
  });

  it.each([
    '',
    '1',
    '42',
    '12345',
    '1234567',
    '+123456',
    '1.23456e5',
    '12345\u0000',
    '１２３４５６',
    '١٢٣٤٥٦',
    '123_456',
    '12\t3456',
    '0x1234',
    'abcdef',
    ' '.repeat(70),
  ])('%j is no code and costs nothing', (given) => {
    expect(foldCode(SIX, given)).toBeNull();
  });

  it('folds case under the safe alphabet and refuses what it leaves out (D0.10)', () => {
    expect(foldCode(SAFE, 'ab3d-9k')?.reveal()).toBe('AB3D9K');
    for (const confusable of ['0BCDEF', 'OBCDEF', '1BCDEF', 'IBCDEF', 'LBCDEF', 'lbcdef']) {
      expect(foldCode(SAFE, confusable)).toBeNull();
    }
  });
});

describe('a drawn code', () => {
  it('keeps leading zeros', () => {
    expect(drawCode(SIX, () => 0).reveal()).toBe('000000');
  });

  it('prints as redacted everywhere', () => {
    const drawn = drawCode(SIX, () => 7);
    expect(`${drawn} ${JSON.stringify({ drawn })}`).not.toContain('777777');
  });
});
