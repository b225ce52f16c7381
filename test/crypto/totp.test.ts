import { describe, expect, it } from 'vitest';
import { hotp, newTotpSecret, totpStep } from '../../src/crypto/index.ts';

/** The ASCII text 12345678901234567890 of RFC 4226 and RFC 6238, in base32. */
const SECRET = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ';

describe('a code of an authenticator', () => {
  it('is that of RFC 4226, appendix D', () => {
    const codes = Array.from({ length: 10 }, (_, counter) => hotp(SECRET, counter));
    expect(codes.join(' ')).toBe('755224 287082 359152 969429 338314 254676 287922 162583 399871 520489');
  });

  it.each([
    [59, '94287082'],
    [1_111_111_109, '07081804'],
    [1_111_111_111, '14050471'],
    [1_234_567_890, '89005924'],
    [2_000_000_000, '69279037'],
    [20_000_000_000, '65353130'],
  ])('at %i s is that of RFC 6238, appendix B: %s', (seconds, code) => {
    expect(hotp(SECRET, Math.floor(seconds / 30), 8)).toBe(code);
  });

  it('is good one step early and one step late, and no longer', () => {
    const step = 1_000_000;
    const code = hotp(SECRET, step);
    const at = (steps: number) => totpStep(SECRET, code, (step + steps) * 30_000);
    expect([-2, -1, 0, 1, 2].map(at)).toEqual([null, step, step, step, null]);
  });
});

it('a new secret has 160 random bits in base32', () => {
  const secrets = new Set(Array.from({ length: 50 }, newTotpSecret));
  expect(secrets.size).toBe(50);
  for (const secret of secrets) expect(secret).toMatch(/^[A-Z2-7]{32}$/);
});
