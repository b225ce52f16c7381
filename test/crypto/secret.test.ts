import { randomBytes, randomUUID } from 'node:crypto';
import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { WatchwordError } from '../../src/core/errors.ts';
import { code, secret, type Redacted } from '../../src/core/redacted.ts';
import { createKeyRing, generateSecret, secretProblem } from '../../src/crypto/index.ts';
import { BINDING, freshSecret, ringOf } from './rings.ts';

const PROBLEMS = [
  ['', 'is empty'],
  ['   \n', 'is empty'],
  ['4fJ2kQ9x', 'is shorter than 32 bytes'],
  ['4fJ2kQ9xLm7Rt1Vw8Zp3Bc6Nd5Hg0Sy', 'is shorter than 32 bytes'],
  ['4fJ2kQ9xLm7Rt1Vw8Zp3Bc6Nd5Hg0SyT\n', 'starts or ends with white space'],
  [' 4fJ2kQ9xLm7Rt1Vw8Zp3Bc6Nd5Hg0SyT', 'starts or ends with white space'],
  ['a'.repeat(32), 'uses too few different characters'],
  ['0'.repeat(64), 'uses too few different characters'],
  ['xy'.repeat(20), 'uses too few different characters'],
  ['changeme'.repeat(4), 'is a sample value, not a secret'],
  ['secret'.repeat(6), 'uses too few different characters'],
  ['SECRET-secret-SECRET-secret-SECRET', 'is a sample value, not a secret'],
  ['change-me-to-a-long-random-string-of-32-bytes', 'is a sample value, not a secret'],
  ['please-replace-this-with-your-own-secret-value', 'is a sample value, not a secret'],
  ['watchword-development-secret-0123456789', 'is a sample value, not a secret'],
  ['password1234567890password1234567890', 'is a sample value, not a secret'],
  ['0123456789abcdef0123456789abcdef', 'is a sample value, not a secret'],
  ['abcdefghijklmnopqrstuvwxyz0123456789', 'is a sample value, not a secret'],
  ['deadbeef'.repeat(8), 'uses too few different characters'],
  ['password'.repeat(4), 'is a sample value, not a secret'],
  ['kQ9xLm7R'.repeat(4), 'repeats the same few characters'],
  ['kQ9xLm7Rt1Vw8Zp3'.repeat(3), 'repeats the same few characters'],
  ['bcdfghjklmnopqrsuvwxyzBCDFGHIJKLMNO', 'is a plain sequence of characters'],
] as const;

describe('root secrets', () => {
  it.each(PROBLEMS)('%j %s', (value, problem) => {
    expect(secretProblem(value)).toBe(problem);
    expect(() => createKeyRing({ current: secret(value), previous: [] })).toThrow(problem);
    expect(() => createKeyRing({ current: freshSecret(), previous: [secret(value)] })).toThrow(problem);
  });

  it.each([
    ['base64url', () => generateSecret()],
    ['hexadecimal', () => randomBytes(32).toString('hex')],
    ['half as long hexadecimal', () => randomBytes(16).toString('hex')],
    ['base64', () => randomBytes(32).toString('base64')],
    ['two UUIDs', () => randomUUID() + randomUUID()],
  ] as const)('made at random are accepted: %s', (_, make) => {
    for (let i = 0; i < 2_000; i++) expect(secretProblem(make())).toBeNull();
  });

  it.each(['gravel otter seventeen umbrella polite canoe', 'Zwölf Boxkämpfer jagen Viktor quer über den Deich'])(
    'made of words are accepted: %s',
    (value) => expect(secretProblem(value)).toBeNull(),
  );

  it('are judged by bytes in a time that does not explode', () => {
    const before = performance.now();
    secretProblem('ab'.repeat(5_000) + 'c');
    secretProblem('changeme'.repeat(5_000) + generateSecret());
    expect(performance.now() - before).toBeLessThan(500);
  });

  it('are refused with an error that does not hold the value', () => {
    for (const [value] of PROBLEMS.filter(([text]) => text.trim() !== '')) {
      let caught: unknown;
      try {
        createKeyRing({ current: secret(value), previous: [] });
      } catch (error) {
        caught = error;
      }
      expect(caught).toBeInstanceOf(WatchwordError);
      expect(inspect(caught)).not.toContain(value.trim());
    }
  });

  it('are refused when the same is given twice', () => {
    const [one, two] = [freshSecret(), freshSecret()];
    const again = secret(one.reveal());
    expect(() => ringOf(one, again)).toThrow('given twice');
    expect(() => ringOf(two, one, again)).toThrow('given twice');
    expect(() => ringOf(two, one)).not.toThrow();
  });

  it('are generated with 384 random bits, each different', () => {
    const made = Array.from({ length: 500 }, generateSecret);
    expect(new Set(made).size).toBe(500);
    for (const value of made) expect(Buffer.from(value, 'base64url')).toHaveLength(48);
  });
});

describe('a key ring', () => {
  const root = freshSecret();

  it('has the same key ids and keys whenever it is made from the same secret', () => {
    expect(ringOf(root).kid).toBe(ringOf(secret(root.reveal())).kid);
    expect(ringOf(root).kid).toMatch(/^[A-Za-z0-9_-]{8}$/);
    expect(root.reveal()).not.toContain(ringOf(root).kid);
    const stored = ringOf(root).digestCode(code('1'), BINDING);
    expect(ringOf(root).matchesCode(code('1'), BINDING, stored)).toBe(true);
  });

  it('shows neither secrets nor keys when printed', () => {
    const ring = ringOf(root, freshSecret());
    for (const text of [inspect(ring, { depth: 9, showHidden: true }), JSON.stringify(ring), String(ring)]) {
      expect(text).not.toContain(root.reveal());
      expect(text).not.toMatch(/<Buffer/);
    }
  });

  it('gives out values that never print themselves', () => {
    const ring = ringOf(root);
    const values: readonly Redacted<string>[] = [
      ring.seal('code', '042137', 'a'),
      ring.digestCode(code('042137'), BINDING),
    ];
    for (const value of values) {
      for (const text of [`${value}`, JSON.stringify({ value }), inspect({ value }), new Error(`${value}`).message]) {
        expect(text).toContain('[redacted]');
        expect(text).not.toContain(value.reveal());
      }
    }
  });
});
