import { createHmac, hkdfSync } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { code, digest } from '../../src/core/redacted.ts';
import type { StringMap } from '../../src/core/verification.ts';
import type { CodeBinding } from '../../src/crypto/index.ts';
import { BINDING, freshSecret, ringOf } from './rings.ts';

const root = freshSecret();
const ring = ringOf(root);

/** The digest as anyone would write it from its description. */
function macByHand(nonce: string, clear: string, binding: CodeBinding): string {
  const prefixed = (fields: readonly string[]): string => fields.map((field) => `${field.length}:${field}`).join('');
  const { application, verification, generation, to, purpose, context } = binding;
  const pairs = Object.entries(context ?? {}).sort(([left], [right]) => (left < right ? -1 : 1));
  const contextField = context === null ? 'none' : `map${prefixed(pairs.flat())}`;
  const fields = ['code/1', application, verification, `${generation}`, to, purpose, contextField, nonce, clear];
  const key = Buffer.from(hkdfSync('sha256', root.reveal(), 'watchword/v1', `key/${ring.kid}/code`, 32));
  return createHmac('sha256', key)
    .update(Buffer.from(prefixed(fields), 'utf16le'))
    .digest('base64url');
}

describe('code digests', () => {
  it.each([BINDING, { ...BINDING, context: null }, { ...BINDING, context: {} }, { ...BINDING, purpose: 'zahlen ✓' }])(
    'are kid.nonce.mac, the mac as recomputed by hand (%#)',
    (binding) => {
      const [kid, nonce = '', mac] = ring.digestCode(code('042137'), binding).reveal().split('.');
      expect(kid).toBe(ring.kid);
      expect(Buffer.from(nonce, 'base64url').length).toBe(16);
      expect(mac).toBe(macByHand(nonce, '042137', binding));
    },
  );

  it('match their own code and binding, and no other code', () => {
    const stored = ring.digestCode(code('042137'), BINDING);
    expect(ring.matchesCode(code('042137'), BINDING, stored)).toBe(true);
    for (const wrong of ['042138', '42137', '0042137', '042137 ', '', '137042']) {
      expect(ring.matchesCode(code(wrong), BINDING, stored)).toBe(false);
    }
  });

  it('of the same code and binding are never the same text', () => {
    const texts = new Set(Array.from({ length: 5_000 }, () => ring.digestCode(code('1'), BINDING).reveal()));
    expect(texts.size).toBe(5_000);
  });

  it('do not depend on the order of context keys', () => {
    const stored = ring.digestCode(code('042137'), { ...BINDING, context: { a: '1', b: '2', c: '3' } });
    expect(ring.matchesCode(code('042137'), { ...BINDING, context: { c: '3', a: '1', b: '2' } }, stored)).toBe(true);
  });

  it('do not match once any character is changed, or cut short', () => {
    const text = ring.digestCode(code('042137'), BINDING).reveal();
    for (let at = 0; at < text.length; at++) {
      for (const character of 'AQgw19-_.+/=') {
        if (character === text[at]) continue;
        const changed = text.slice(0, at) + character + text.slice(at + 1);
        expect(ring.matchesCode(code('042137'), BINDING, digest(changed))).toBe(false);
      }
      expect(ring.matchesCode(code('042137'), BINDING, digest(text.slice(0, at)))).toBe(false);
    }
    for (const longer of [`${text}=`, `${text}A`, `${text}.`, `${text}.x`, ` ${text}`]) {
      expect(ring.matchesCode(code('042137'), BINDING, digest(longer))).toBe(false);
    }
  });

  it('do not match when nothing is stored', () => {
    expect(ring.matchesCode(code('042137'), BINDING, null)).toBe(false);
  });
});

describe('a code is good for one binding only', () => {
  const other: Readonly<Record<keyof CodeBinding, readonly unknown[]>> = {
    application: ['app_other', '', `${BINDING.application} `],
    verification: ['vrf_other', BINDING.application],
    generation: [0, 2, 10, 11, -1],
    to: ['ponmlkjihgfedcba', ''],
    purpose: ['login', 'Payment', 'payment '],
    context: [
      null,
      {},
      { amount: '12.00' },
      { amount: '12.01', payee: 'Acme' },
      { amount: 'Acme', payee: '12.00' },
      { amount: '12.00', payee: 'Acme', note: '' },
      { amount: '12.005:payee', '': 'Acme' },
      { Amount: '12.00', payee: 'Acme' },
    ],
  };
  const cases = Object.entries(other).flatMap(([field, values]) => values.map((value) => ({ field, value })));

  it.each(cases)('swapping $field for $value makes the code wrong', ({ field, value }) => {
    const stored = ring.digestCode(code('042137'), BINDING);
    expect(ring.matchesCode(code('042137'), { ...BINDING, [field]: value }, stored)).toBe(false);
  });

  it.each<{ name: string; made: Partial<CodeBinding>; used: Partial<CodeBinding> }>([
    { name: 'no context and an empty one', made: { context: null }, used: { context: {} } },
    { name: 'an empty context and none', made: { context: {} }, used: { context: null } },
    {
      name: 'characters moved between fields',
      made: { application: 'ab', verification: 'c' },
      used: { application: 'a', verification: 'bc' },
    },
    { name: 'a length prefix inside a field', made: { to: 'a1:b', purpose: 'c' }, used: { to: 'a', purpose: '1:bc' } },
    { name: 'a context key moved into its value', made: { context: { ab: 'c' } }, used: { context: { a: 'bc' } } },
    { name: 'one pair and two', made: { context: { a: '1', b: '2' } }, used: { context: { a: '11:b1:2' } } },
    { name: 'two lone surrogates', made: { context: { a: '\ud800' } }, used: { context: { a: '\ud801' } } },
    {
      name: 'a lone surrogate and its replacement',
      made: { context: { a: '\ud800' } },
      used: { context: { a: '\ufffd' } },
    },
    { name: 'composed and decomposed letters', made: { purpose: 'caf\u00e9' }, used: { purpose: 'cafe\u0301' } },
  ])('tells apart $name', ({ made, used }) => {
    const stored = ring.digestCode(code('042137'), { ...BINDING, ...made });
    expect(ring.matchesCode(code('042137'), { ...BINDING, ...made }, stored)).toBe(true);
    expect(ring.matchesCode(code('042137'), { ...BINDING, ...used }, stored)).toBe(false);
  });

  it('accepts none of 10,000 tuples with some fields swapped, and all of those with none swapped', () => {
    const text = fc.string({ maxLength: 4, unit: fc.constantFrom('a', 'b', '1', ':') });
    const context: fc.Arbitrary<StringMap | null> = fc.option(fc.dictionary(text, text, { maxKeys: 3 }));
    const tuple = fc.record({
      code: fc.constantFrom('000000', '000001', '100000'),
      application: text,
      verification: text,
      generation: fc.integer({ min: 1, max: 12 }),
      to: text,
      purpose: text,
      context,
    });
    const canonical = (value: { context: StringMap | null }): string =>
      JSON.stringify({ ...value, context: value.context === null ? null : Object.entries(value.context).sort() });
    let swapped = 0;
    fc.assert(
      fc.property(tuple, tuple, fc.subarray(Object.keys(BINDING).concat('code')), (made, stranger, fields) => {
        const taken = Object.entries(stranger).filter(([field]) => fields.includes(field));
        const used: typeof made = { ...made, ...Object.fromEntries(taken) };
        const same = canonical(used) === canonical(made);
        if (!same) swapped++;
        const stored = ring.digestCode(code(made.code), made);
        expect(ring.matchesCode(code(used.code), used, stored)).toBe(same);
      }),
      { numRuns: 14_000 },
    );
    expect(swapped).toBeGreaterThan(10_000);
  });
});

describe('rotation of code digests', () => {
  const [second, third] = [freshSecret(), freshSecret()];

  it('still checks codes made under an older key, and writes under the newest', () => {
    const old = ring.digestCode(code('042137'), BINDING);
    const rotated = ringOf(third, second, root);
    expect(rotated.matchesCode(code('042137'), BINDING, old)).toBe(true);
    expect(rotated.matchesCode(code('042138'), BINDING, old)).toBe(false);
    expect(rotated.digestCode(code('042137'), BINDING).reveal().startsWith(`${rotated.kid}.`)).toBe(true);
  });

  it('refuses codes of a removed key', () => {
    const old = ring.digestCode(code('042137'), BINDING);
    expect(ringOf(third, second).matchesCode(code('042137'), BINDING, old)).toBe(false);
  });

  it('loses no code over twenty rotations that each keep the last three secrets', () => {
    let secrets = [root];
    const open: { readonly clear: string; readonly stored: ReturnType<typeof ring.digestCode> }[] = [];
    for (let turn = 0; turn < 20; turn++) {
      const current = ringOf(secrets[0] ?? root, ...secrets.slice(1));
      open.push({ clear: `${turn}`, stored: current.digestCode(code(`${turn}`), BINDING) });
      const alive = open.slice(-3);
      expect(alive.every((made) => current.matchesCode(code(made.clear), BINDING, made.stored))).toBe(true);
      secrets = [freshSecret(), ...secrets].slice(0, 3);
    }
  });
});
