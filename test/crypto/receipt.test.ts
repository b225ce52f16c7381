import { createPublicKey, generateKeyPairSync, sign } from 'node:crypto';
import { createLocalJWKSet, importJWK, jwtVerify, SignJWT, UnsecuredJWT, type JSONWebKeySet } from 'jose';
import { describe, expect, it } from 'vitest';
import type { KeyRing, ReceiptClaims } from '../../src/crypto/index.ts';
import { receiptKey, receiptVerdict } from '../../src/crypto/receipt.ts';
import { freshSecret, ringOf } from './rings.ts';

const now = Math.floor(Date.now() / 1000);
const CLAIMS: ReceiptClaims = {
  aud: 'app_1',
  sub: 'vrf_1',
  jti: 'rcp_1',
  iat: now,
  exp: now + 300,
  purpose: 'login',
  test: false,
};
const HEADER = { alg: 'EdDSA', typ: 'receipt+jwt' };

function joseKeys(ring: KeyRing): JSONWebKeySet {
  return JSON.parse(JSON.stringify(ring.jwks()));
}

function part(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}

describe('receipts', () => {
  const root = freshSecret();
  const ring = ringOf(root);

  it.each([CLAIMS, { ...CLAIMS, to: '+61491570156' }, { ...CLAIMS, test: true, purpose: 'Überweisung ✓' }])(
    'are accepted by jose against the key set (%#)',
    async (claims) => {
      const { payload, protectedHeader } = await jwtVerify(
        ring.signReceipt(claims),
        createLocalJWKSet(joseKeys(ring)),
        {
          algorithms: ['EdDSA'],
          audience: 'app_1',
          typ: 'receipt+jwt',
        },
      );
      expect(payload).toEqual(claims);
      expect(protectedHeader).toEqual({ ...HEADER, kid: ring.kid });
    },
  );

  it('give their claims back', () => {
    expect(ring.verifyReceipt(ring.signReceipt(CLAIMS))).toEqual({ ok: true, claims: CLAIMS });
  });

  it('carry no claim that is not of a receipt', () => {
    const receipt = ring.signReceipt({ ...CLAIMS, code: '042137' } as ReceiptClaims);
    expect(Buffer.from(receipt.split('.')[1] ?? '', 'base64url').toString()).not.toContain('042137');
  });

  it('are not judged by time: an expired one still verifies', () => {
    expect(ring.verifyReceipt(ring.signReceipt({ ...CLAIMS, iat: 1, exp: 2 })).ok).toBe(true);
  });

  it('fail once any character is changed', () => {
    const receipt = ring.signReceipt(CLAIMS);
    for (let at = 0; at < receipt.length; at++) {
      for (const character of 'Aw.=') {
        if (character === receipt[at]) continue;
        expect(ring.verifyReceipt(receipt.slice(0, at) + character + receipt.slice(at + 1)).ok).toBe(false);
      }
    }
    const last = receipt.slice(-1);
    for (const character of 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_') {
      expect(ring.verifyReceipt(receipt.slice(0, -1) + character).ok).toBe(character === last);
    }
  });

  it.each([
    '',
    '.',
    '..',
    '...',
    'x',
    'e30.e30.e30',
    'é.é.é',
    '\u0000',
    'a'.repeat(1_000_000),
    `${part(HEADER)}.e30`,
    `${part([])}..`,
    `${part(null)}..`,
  ])('are malformed when they are no receipts (%#)', (text) =>
    expect(ring.verifyReceipt(text)).toEqual({ ok: false, reason: 'malformed' }),
  );

  it('name no key that is not in the ring', () => {
    const receipt = ringOf(freshSecret()).signReceipt(CLAIMS);
    expect(ring.verifyReceipt(receipt)).toEqual({ ok: false, reason: 'unknown_key' });
  });

  it('of an older key verify until it is removed; the key set follows', async () => {
    const receipt = ring.signReceipt(CLAIMS);
    const second = freshSecret();
    const rotated = ringOf(second, root);
    expect(rotated.verifyReceipt(receipt).ok).toBe(true);
    expect(rotated.jwks().keys.map((key) => key['kid'])).toEqual([rotated.kid, ring.kid]);
    await expect(jwtVerify(receipt, createLocalJWKSet(joseKeys(rotated)))).resolves.toBeDefined();
    expect(ringOf(second).verifyReceipt(receipt)).toEqual({ ok: false, reason: 'unknown_key' });
    await expect(jwtVerify(receipt, createLocalJWKSet(joseKeys(ringOf(second))))).rejects.toThrow();
  });
});

describe('the key set', () => {
  it('holds public members only', () => {
    const [key] = ringOf(freshSecret()).jwks().keys;
    expect(Object.keys(key ?? {}).sort()).toEqual(['alg', 'crv', 'kid', 'kty', 'use', 'x']);
    expect(key).toMatchObject({ kty: 'OKP', crv: 'Ed25519', use: 'sig', alg: 'EdDSA' });
  });

  it('gives the public key of RFC 8037 appendix A.2 for the seed of A.1', () => {
    const seed = Buffer.from('nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A', 'base64url');
    const key = receiptKey({ kid: 'rfc8037a', bytes: () => seed, key: () => expect.unreachable() });
    expect(key.jwk['x']).toBe('11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo');
    // Appendix A.4: the signature of its example.
    const signed = 'eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc';
    expect(sign(null, Buffer.from(signed), key.privateKey).toString('base64url')).toBe(
      'hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg',
    );
  });
});

describe('forged receipts', () => {
  const ring = ringOf(freshSecret());
  const [jwk] = joseKeys(ring).keys;
  const publicPem = createPublicKey({ key: { ...jwk }, format: 'jwk' }).export({ type: 'spki', format: 'pem' });
  const kid = ring.kid;
  const stranger = generateKeyPairSync('ed25519');
  const jwt = (): SignJWT => new SignJWT({ ...CLAIMS });

  it.each<{ name: string; forge: () => string | Promise<string>; reason: string }>([
    {
      name: 'without a signature (alg none)',
      forge: () => new UnsecuredJWT({ ...CLAIMS }).encode(),
      reason: 'malformed',
    },
    {
      name: 'alg none with our key id',
      forge: () => `${part({ alg: 'none', kid, typ: 'receipt+jwt' })}.${part(CLAIMS)}.`,
      reason: 'malformed',
    },
    {
      name: 'HS256 with the public key as PEM',
      forge: () => jwt().setProtectedHeader({ alg: 'HS256', kid, typ: 'receipt+jwt' }).sign(Buffer.from(publicPem)),
      reason: 'malformed',
    },
    {
      name: 'HS256 with the bytes of the public key',
      forge: () =>
        jwt()
          .setProtectedHeader({ alg: 'HS256', kid, typ: 'receipt+jwt' })
          .sign(Buffer.from(jwk?.x ?? '', 'base64url')),
      reason: 'malformed',
    },
    {
      name: 'our header, another key',
      forge: () => jwt().setProtectedHeader({ alg: 'EdDSA', kid, typ: 'receipt+jwt' }).sign(stranger.privateKey),
      reason: 'bad_signature',
    },
    {
      name: 'another key, embedded in the header',
      forge: () =>
        jwt()
          .setProtectedHeader({ ...HEADER, kid, jwk: stranger.publicKey.export({ format: 'jwk' }) })
          .sign(stranger.privateKey),
      reason: 'unknown_key',
    },
    {
      name: 'a plain JWT type',
      forge: () => jwt().setProtectedHeader({ alg: 'EdDSA', kid, typ: 'JWT' }).sign(stranger.privateKey),
      reason: 'malformed',
    },
    {
      name: 'our header without a signature',
      forge: () => `${part({ alg: 'EdDSA', kid, typ: 'receipt+jwt' })}.${part(CLAIMS)}.`,
      reason: 'bad_signature',
    },
    {
      name: 'the signature of another receipt',
      forge: () => {
        const [header, payload] = ring.signReceipt({ ...CLAIMS, sub: 'vrf_2' }).split('.');
        return `${header}.${payload}.${ring.signReceipt(CLAIMS).split('.')[2]}`;
      },
      reason: 'bad_signature',
    },
  ])('are refused: $name', async ({ forge, reason }) => {
    expect(ring.verifyReceipt(await forge())).toEqual({ ok: false, reason });
  });

  it('are malformed when signed by us over something that is no receipt', async () => {
    const seed = Buffer.alloc(32, 7);
    const key = receiptKey({ kid: 'kidkidki', bytes: () => seed, key: () => expect.unreachable() });
    const importable = { ...key.jwk, kty: 'OKP', d: seed.toString('base64url') };
    const signer = await importJWK(importable, 'EdDSA');
    const signed = (claims: Record<string, unknown>): Promise<string> =>
      new SignJWT(claims).setProtectedHeader({ alg: 'EdDSA', kid: 'kidkidki', typ: 'receipt+jwt' }).sign(signer);
    expect(receiptVerdict([key], await signed({ ...CLAIMS }))).toEqual({ ok: true, claims: CLAIMS });
    for (const field of ['aud', 'sub', 'jti', 'iat', 'exp', 'purpose', 'test']) {
      const { [field]: _, ...rest } = { ...CLAIMS } as Record<string, unknown>;
      expect(receiptVerdict([key], await signed(rest))).toEqual({ ok: false, reason: 'malformed' });
    }
    expect(receiptVerdict([key], await signed({ ...CLAIMS, to: 7 }))).toEqual({ ok: false, reason: 'malformed' });
  });
});
