import { createHmac, hkdfSync } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { newApiKey, parseApiKey, randomText } from '../../src/crypto/index.ts';
import { freshSecret, ringOf } from './rings.ts';

const ID = '01ARZ3NDEKTSV4RRFFQ69G5FAVXYZ0';

/** CRC-32 bit by bit (ISO 3309), to stand beside the table-driven one. */
function crc32Bitwise(text: string): number {
  let crc = 0xffffffff;
  for (const byte of Buffer.from(text)) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
  }
  return (crc ^ 0xffffffff) >>> 0;
}

describe('API keys', () => {
  it.each(['live', 'test'] as const)('carry mode and id: %s', (mode) => {
    const { token } = newApiKey(mode, ID);
    expect(token.startsWith(`ww_${mode}_${ID}`)).toBe(true);
    expect(parseApiKey(token)).toEqual({ mode, id: ID });
  });

  it('hold 200 random bits: no two alike', () => {
    const secrets = new Set(Array.from({ length: 2_000 }, () => newApiKey('live', ID).token.slice(38, 78)));
    expect(secrets.size).toBe(2_000);
    for (const secret of secrets) expect(secret).toMatch(/^[0-9A-HJKMNP-TV-Z]{40}$/);
  });

  it('end in the CRC-32 of the rest in base62', () => {
    expect(crc32Bitwise('123456789')).toBe(0xcbf43926);
    const { token } = newApiKey('test', ID);
    const alphabet = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
    const value = Array.from(token.slice(-6)).reduce((sum, digit) => sum * 62 + alphabet.indexOf(digit), 0);
    expect(value).toBe(crc32Bitwise(token.slice(0, -6)));
  });

  it('are not read with any one character wrong, swapped, missing or added', () => {
    const { token } = newApiKey('live', ID);
    for (let at = 0; at < token.length; at++) {
      for (const character of '0AZaz_-I') {
        if (character === token[at]) continue;
        expect(parseApiKey(token.slice(0, at) + character + token.slice(at + 1))).toBeNull();
      }
      expect(parseApiKey(token.slice(0, at) + token.slice(at + 1))).toBeNull();
      expect(parseApiKey(`${token.slice(0, at)}0${token.slice(at)}`)).toBeNull();
    }
  });

  it('are not read as the other mode', () => {
    expect(parseApiKey(newApiKey('test', ID).token.replace('ww_test_', 'ww_live_'))).toBeNull();
  });

  it.each(['', 'ww_live_', 'Bearer x', `${newApiKey('live', ID).token}\n`, ' '.repeat(84), '\u0000'.repeat(84)])(
    'are not read from rubbish (%#)',
    (text) => expect(parseApiKey(text)).toBeNull(),
  );

  it('cost nothing to refuse when a megabyte long', () => {
    const long = newApiKey('live', ID).token.repeat(12_000);
    const before = performance.now();
    for (let i = 0; i < 1_000; i++) parseApiKey(long);
    expect(performance.now() - before).toBeLessThan(100);
  });

  it.each(['', 'short', `key_${ID}`, ID.toLowerCase(), `${ID}0`])('are not made for the id part %j', (idPart) => {
    expect(() => newApiKey('live', idPart)).toThrow(RangeError);
  });
});

describe('keyed hashes of API keys', () => {
  const [first, second, third] = [freshSecret(), freshSecret(), freshSecret()];
  const token = newApiKey('live', randomText(30)).token;

  it('are kid and HMAC-SHA-256, as recomputed by hand', () => {
    const ring = ringOf(first);
    const key = Buffer.from(hkdfSync('sha256', first.reveal(), 'watchword/v1', `key/${ring.kid}/token`, 32));
    expect(ring.hashToken(token)).toBe(`${ring.kid}.${createHmac('sha256', key).update(token).digest('base64url')}`);
  });

  it('match their token only', () => {
    const ring = ringOf(first);
    const hash = ring.hashToken(token);
    expect(ring.tokenMatches(token, hash)).toEqual({ matches: true, stale: false });
    for (const wrong of ['', `${token} `, newApiKey('live', ID).token]) {
      expect(ring.tokenMatches(wrong, hash)).toEqual({ matches: false, stale: false });
    }
    const other = hash.startsWith('x') ? 'y' : 'x';
    for (const wrong of ['', '.', hash.slice(0, -1), `${hash}A`, `${other}${hash.slice(1)}`, hash.slice(9)]) {
      expect(ring.tokenMatches(token, wrong)).toEqual({ matches: false, stale: false });
    }
  });

  it('are stale under an older key and nothing under a removed one', () => {
    const hash = ringOf(first).hashToken(token);
    expect(ringOf(second, first).tokenMatches(token, hash)).toEqual({ matches: true, stale: true });
    expect(ringOf(second, first).tokenMatches('other', hash)).toEqual({ matches: false, stale: false });
    expect(ringOf(third, second).tokenMatches(token, hash)).toEqual({ matches: false, stale: false });
  });

  it('of bodies are equal for equal bodies only, and are not hashes of tokens', () => {
    const ring = ringOf(first);
    expect(ring.bodyHash('{"a":1}')).toBe(ring.bodyHash('{"a":1}'));
    expect(ring.bodyHash('{"a":1}')).not.toBe(ring.bodyHash('{"a":2}'));
    expect(ring.bodyHash(token)).not.toBe(ring.hashToken(token));
    expect(ring.bodyHash('')).toMatch(/^[A-Za-z0-9_-]{8}\.[A-Za-z0-9_-]{43}$/);
  });
});
