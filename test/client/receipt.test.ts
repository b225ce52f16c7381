import fc from 'fast-check';
import { generateKeyPairSync, sign } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { type ReceiptOptions, verifyReceipt } from '../../src/client/index.ts';
import { secret } from '../../src/core/redacted.ts';
import { createKeyRing, destinationHash } from '../../src/crypto/index.ts';
import { CONTEXT_BOUNDS, contextSchema, receiptInputSchema } from '../../src/schema/requests.ts';
import { json, scripted } from './world.ts';

const NOW = 1_800_000_000_000;
const CLAIMS = {
  aud: 'app_1',
  sub: 'vrf_1',
  jti: 'rct_1',
  iat: NOW / 1000,
  exp: NOW / 1000 + 600,
  purpose: 'payment',
  test: false,
  to: '+14155552671',
};
const ring = createKeyRing({ current: secret('pX7vQ2mL9rT4wK8zB1nD6hJ3sF5gY0cA'), previous: [] });
const other = createKeyRing({ current: secret('aB3dE6fG9hJ2kL5mN8pQ1rS4tU7vW0xY'), previous: [] });
const receipt = ring.signReceipt(CLAIMS);
const verify = (text: string, options: Partial<ReceiptOptions> = {}) =>
  verifyReceipt(text, { jwks: ring.jwks(), audience: 'app_1', now: NOW, ...options } as ReceiptOptions);
const reasonOf = async (text: string, options: Partial<ReceiptOptions> = {}): Promise<string> => {
  const result = await verify(text, options);
  return result.valid ? 'valid' : result.reason;
};

const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');
/** A receipt with a header and claims of one’s own, under a key of one’s own. */
function forged(header: object, claims: unknown = CLAIMS) {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  const content = `${part({ alg: 'EdDSA', kid: 'k1', typ: 'receipt+jwt', ...header })}.${part(claims)}`;
  const jwk = { ...(publicKey.export({ format: 'jwk' }) as Record<string, string>), kid: 'k1' };
  return {
    text: `${content}.${sign(null, Buffer.from(content), privateKey).toString('base64url')}`,
    jwks: { keys: [jwk] },
  };
}

describe('a receipt, offline', () => {
  it('is valid with its claims', async () => {
    expect(await verify(receipt)).toEqual({ valid: true, claims: CLAIMS });
    expect(await verify(receipt, { purpose: 'payment', subject: 'vrf_1', to: '+14155552671' })).toMatchObject({
      valid: true,
    });
  });

  it.each<[string, Partial<ReceiptOptions>]>([
    ['wrong_audience', { audience: 'app_2' }],
    ['wrong_purpose', { purpose: 'login' }],
    ['wrong_subject', { subject: 'vrf_2' }],
    ['wrong_destination', { to: '+14155552672' }],
    ['expired', { now: NOW + 600_000 }],
    ['expired', { now: NOW + 605_000, toleranceSeconds: 5 }],
    ['valid', { now: NOW + 604_999, toleranceSeconds: 5 }],
    ['valid', { now: NOW + 599_999 }],
    ['unknown_key', { jwks: { keys: [] } }],
    ['unknown_key', { jwks: other.jwks() }],
  ])('is %s under %j', async (reason, options) => {
    expect(await reasonOf(receipt, options)).toBe(reason);
  });

  it('of a test key counts only where that is asked for', async () => {
    const text = ring.signReceipt({ ...CLAIMS, test: true });
    expect(await reasonOf(text)).toBe('test_receipt');
    expect(await reasonOf(text, { acceptTest: true })).toBe('valid');
  });

  it('that names no destination does not pass for one that must', async () => {
    const { to: _to, ...rest } = CLAIMS;
    expect(await reasonOf(ring.signReceipt(rest), { to: '+14155552671' })).toBe('wrong_destination');
  });

  it('that names its destination by a hash passes for that destination, and for no other', async () => {
    const { to, ...rest } = CLAIMS;
    const hashed = ring.signReceipt({ ...rest, to_hash: destinationHash(CLAIMS.jti, to) });
    expect(await verify(hashed, { to })).toMatchObject({ valid: true });
    for (const other of ['+14155552672', '']) expect(await reasonOf(hashed, { to: other })).toBe('wrong_destination');
    // Nor for a receipt of the same person with another jti: the hash is salted with it.
    const moved = ring.signReceipt({ ...rest, jti: 'rct_2', to_hash: destinationHash(CLAIMS.jti, to) });
    expect(await reasonOf(moved, { to })).toBe('wrong_destination');
  });

  it('says what the code was bound to, up to the largest context there can be', async () => {
    const names = Array.from({ length: CONTEXT_BOUNDS.entries }, (_, i) => `${i}${'🎫'.repeat(39)}`);
    const context = Object.fromEntries(names.map((name) => [name, '￦'.repeat(CONTEXT_BOUNDS.length)]));
    expect(contextSchema.safeParse(context).success).toBe(true);
    const to = `${'é'.repeat(32)}@${'b'.repeat(185)}.example`;
    const text = ring.signReceipt({ ...CLAIMS, to, purpose: 'p'.repeat(40), context });
    const result = await verify(text);
    expect(result.valid && result.claims.context).toEqual(context);
    expect(ring.verifyReceipt(text).ok).toBe(true);
    expect(receiptInputSchema.safeParse({ receipt: text }).success).toBe(true);
  });

  it('of another key under the same name, or with the claims of another, has a bad signature', async () => {
    const kid = ring.jwks().keys[0]?.['kid'] ?? '';
    expect(await reasonOf(forged({ kid }).text)).toBe('bad_signature');
    const [header, , signature] = receipt.split('.');
    expect(await reasonOf(`${header}.${part({ ...CLAIMS, sub: 'vrf_9' })}.${signature}`)).toBe('bad_signature');
  });

  it.each([
    ['algorithm none', { alg: 'none' }],
    ['another algorithm', { alg: 'HS256' }],
    ['another type of token', { typ: 'JWT' }],
    ['critical extensions', { crit: ['b64'], b64: false }],
    ['no key name', { kid: 7 }],
  ])('with %s in its header is malformed', async (_name, header) => {
    const { text, jwks } = forged(header);
    expect(await reasonOf(text, { jwks })).toBe('malformed');
  });

  it.each([[{}], [[]], ['x'], [null], [{ ...CLAIMS, exp: '9' }], [{ ...CLAIMS, test: 'no' }]])(
    'that says %j is malformed',
    async (claims) => {
      const { text, jwks } = forged({}, claims);
      expect(await reasonOf(text, { jwks })).toBe('malformed');
    },
  );

  it('changed in any one character is not valid, as for the service itself', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(receipt.length - 1), fc.constantFrom(...'AZaz09-_.=+/ \n'), async (at, character) => {
        fc.pre(receipt[at] !== character);
        const text = receipt.slice(0, at) + character + receipt.slice(at + 1);
        expect([text, await reasonOf(text)]).not.toEqual([text, 'valid']);
        expect(ring.verifyReceipt(text).ok).toBe(false);
      }),
      { numRuns: 300 },
    );
  });

  it('that is no receipt at all is malformed, at once', async () => {
    for (const text of ['', '.', '..', 'a.b.c', 'a.b.c.d', `${receipt}.x`, 'x'.repeat(1_000_000)])
      expect(await reasonOf(text)).toBe('malformed');
    // What JavaScript hands over of a check that was not approved.
    for (const nothing of [null, undefined, 7]) expect(await reasonOf(nothing as never)).toBe('malformed');
  });
});

describe('keys from an address', () => {
  let addresses = 0;
  const nextAddress = (): string => `https://otp.acme.example/${++addresses}/.well-known/jwks.json`;

  it('are fetched once, and again only for a key they do not have', async () => {
    const { ask, asked } = scripted(json(200, ring.jwks()));
    const jwksUrl = nextAddress();
    const from = { jwksUrl, fetch: ask, audience: 'app_1', now: NOW };
    const all = await Promise.all([1, 2, 3].map(() => verifyReceipt(receipt, from)));
    expect(all.every(({ valid }) => valid)).toBe(true);
    expect(await verifyReceipt(receipt, from)).toMatchObject({ valid: true });
    expect(asked.map(({ path }) => path)).toEqual([new URL(jwksUrl).pathname]);
    const stranger = other.signReceipt(CLAIMS);
    for (let i = 0; i < 3; i++)
      expect(await verifyReceipt(stranger, from)).toEqual({ valid: false, reason: 'unknown_key' });
    expect(asked).toHaveLength(1);
  });

  it('that cannot be had are an error, and asked for again next time', async () => {
    const { ask } = scripted(new Response('no', { status: 404 }), json(200, ring.jwks()));
    const from = { jwksUrl: nextAddress(), fetch: ask, audience: 'app_1', now: NOW };
    await expect(verifyReceipt(receipt, from)).rejects.toMatchObject({ code: 'bad_answer', status: 404 });
    expect(await verifyReceipt(receipt, from)).toMatchObject({ valid: true });
  });
});
