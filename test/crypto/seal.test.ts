import { createDecipheriv, hkdfSync } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { sealed } from '../../src/core/redacted.ts';
import { freshSecret, ringOf } from './rings.ts';

const USES = ['address', 'code', 'message', 'person', 'answer'] as const;
const TEXTS = ['', '123456', '+61491570156', 'Ärger 😀 מילה', 'x'.repeat(20_000)];

describe('sealed values', () => {
  const root = freshSecret();
  const ring = ringOf(root);

  it.each(USES)('open again for the same use and aad: %s', (use) => {
    for (const text of TEXTS) expect(ring.open(use, ring.seal(use, text, 'vrf_1'), 'vrf_1')).toBe(text);
  });

  it('are AES-256-GCM under an HKDF-SHA-256 key, as recomputed by hand', () => {
    const [kid = '', body = ''] = ring.seal('code', '123456', 'vrf_1').reveal().split('.');
    const derived = (info: string, length: number): Buffer =>
      Buffer.from(hkdfSync('sha256', root.reveal(), 'watchword/v1', info, length));
    expect(kid).toBe(derived('kid', 6).toString('base64url'));
    const bytes = Buffer.from(body, 'base64url');
    expect(bytes.length).toBe(12 + 6 + 16);
    const decipher = createDecipheriv('aes-256-gcm', derived(`key/${kid}/seal/code`, 32), bytes.subarray(0, 12));
    decipher.setAAD(Buffer.from('vrf_1'));
    decipher.setAuthTag(bytes.subarray(-16));
    expect(decipher.update(bytes.subarray(12, -16), undefined, 'utf8') + decipher.final('utf8')).toBe('123456');
  });

  it('never look alike: ten thousand of the same text have ten thousand nonces', () => {
    const nonces = new Set<string>();
    for (let i = 0; i < 10_000; i++) nonces.add(ring.seal('code', '1', 'a').reveal().slice(9, 25));
    expect(nonces.size).toBe(10_000);
  });

  it('do not open with another aad', () => {
    const value = ring.seal('address', 'a@example.com', 'vrf_1');
    for (const aad of ['', 'vrf_2', 'vrf_', 'vrf_1 ', 'VRF_1']) expect(ring.open('address', value, aad)).toBeNull();
  });

  it('do not open for another use', () => {
    for (const use of USES) {
      const value = ring.seal(use, 'text', 'vrf_1');
      for (const other of USES) expect(ring.open(other, value, 'vrf_1')).toBe(other === use ? 'text' : null);
    }
  });

  it('do not open once any character is changed to any other', () => {
    const text = ring.seal('code', '123456', 'vrf_1').reveal();
    const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.+/= ';
    let tried = 0;
    for (let at = 0; at < text.length; at++) {
      for (const character of alphabet) {
        if (character === text[at]) continue;
        const changed = text.slice(0, at) + character + text.slice(at + 1);
        expect(ring.open('code', sealed(changed), 'vrf_1')).toBeNull();
        tried++;
      }
    }
    expect(tried).toBeGreaterThan(3_000);
  });

  it('do not open cut short, padded, or as rubbish', () => {
    const text = ring.seal('code', '123456', 'vrf_1').reveal();
    for (let length = 0; length < text.length; length++) {
      expect(ring.open('code', sealed(text.slice(0, length)), 'vrf_1')).toBeNull();
    }
    for (const rubbish of [`${text}=`, `${text}A`, `${text}.`, ` ${text}`, `${text}\n`, '.', 'é.é', `${ring.kid}.`]) {
      expect(ring.open('code', sealed(rubbish), 'vrf_1')).toBeNull();
    }
  });
});

describe('rotation of sealed values', () => {
  const [first, second, third] = [freshSecret(), freshSecret(), freshSecret()];

  it('still reads what older keys sealed and writes under the newest', () => {
    const old = ringOf(first).seal('address', 'a@example.com', 'vrf_1');
    const ring = ringOf(third, second, first);
    expect(ring.open('address', old, 'vrf_1')).toBe('a@example.com');
    expect(ring.resealNeeded(old)).toBe(true);
    const anew = ring.seal('address', 'a@example.com', 'vrf_1');
    expect(ring.resealNeeded(anew)).toBe(false);
    expect(anew.reveal().startsWith(`${ringOf(third).kid}.`)).toBe(true);
  });

  it('no longer opens what a removed key sealed', () => {
    const old = ringOf(first).seal('address', 'a@example.com', 'vrf_1');
    expect(ringOf(third, second).open('address', old, 'vrf_1')).toBeNull();
  });

  it('does not open an old value relabelled with the newest key id', () => {
    const ring = ringOf(second, first);
    const relabelled = `${ring.kid}.${ringOf(first).seal('address', 'a', 'x').reveal().slice(9)}`;
    expect(ring.open('address', sealed(relabelled), 'x')).toBeNull();
  });

  it('sees that a value without a key id needs to be sealed anew', () => {
    expect(ringOf(first).resealNeeded(sealed('nothing'))).toBe(true);
  });
});
