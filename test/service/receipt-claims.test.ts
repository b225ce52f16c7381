import { createHash } from 'node:crypto';
import { createLocalJWKSet, type JSONWebKeySet, jwtVerify } from 'jose';
import { afterEach, describe, expect, it } from 'vitest';
import { secret } from '../../src/core/redacted.ts';
import type { Policy } from '../../src/core/policy.ts';
import { createKeyRing } from '../../src/crypto/index.ts';
import { createWorld, type World } from '../support/world.ts';

const OLD = secret('kQ2zV8mB4xT6rN1cL9sW3hF7dJ5gY0pA');
const NEW = secret('Zt5bG8nK1vR7qX3mD9wC6jS4hL2fP0yE');

let world: World;
afterEach(() => world.close());

async function receiptOf(receipt?: Policy['receipt'], context?: Record<string, string>): Promise<string> {
  const bound = context === undefined ? {} : { context };
  const { id, code } = await world.startAndRead('+14155552671', { purpose: receipt ?? 'login', ...bound });
  const checked = await world.service.verify.check(world.caller(), id, { code, receipt: true, ...bound });
  if (!checked.ok || checked.value.receipt === null) throw new Error('no receipt');
  return checked.value.receipt;
}

function keySet(jwks: object): ReturnType<typeof createLocalJWKSet> {
  return createLocalJWKSet(JSON.parse(JSON.stringify(jwks)) as JSONWebKeySet);
}

describe('what a receipt says, read by jose without a network', () => {
  it.each([
    ['on_request', null, false],
    ['always_with_destination', '+14155552671', false],
    ['always_with_hash', null, true],
  ] as const)('under %s', async (mode, to, hashed) => {
    world = await createWorld({ policies: { [mode]: { receipt: mode } } });
    const context = { payee: 'Ümläut ✓'.repeat(15), amount: '1' };
    const receipt = await receiptOf(mode, context);
    const { payload } = await jwtVerify(receipt, keySet(world.service.receipts.jwks()), {
      algorithms: ['EdDSA'],
      audience: world.application.id,
      typ: 'receipt+jwt',
      currentDate: new Date(world.clock.now),
    });
    expect(payload['to'] ?? null).toBe(to);
    expect(payload['context']).toEqual(context);
    const salted = createHash('sha256').update(`${payload.jti}|+14155552671`).digest('base64url');
    expect(payload['to_hash'] ?? null).toBe(hashed ? salted : null);
  });

  it('an altered, expired or foreign one is refused there too', async () => {
    world = await createWorld();
    const receipt = await receiptOf();
    const keys = keySet(world.service.receipts.jwks());
    const options = { audience: world.application.id, currentDate: new Date(world.clock.now) };
    const [head = '', claims = '', signature = ''] = receipt.split('.');
    const forged = Buffer.from(Buffer.from(claims, 'base64url').toString().replace('login', 'admin')).toString(
      'base64url',
    );
    await expect(jwtVerify(`${head}.${forged}.${signature}`, keys, options)).rejects.toThrow('signature');
    await expect(jwtVerify(receipt, keys, { ...options, audience: 'app_other' })).rejects.toThrow('aud');
    const late = new Date(world.clock.now + 601_000);
    await expect(jwtVerify(receipt, keys, { ...options, currentDate: late })).rejects.toThrow('exp');
    const strangers = createKeyRing({ current: NEW, previous: [] }).jwks();
    await expect(jwtVerify(receipt, keySet(strangers), options)).rejects.toThrow();
  });

  it('one signed before a rotation verifies while the old secret is listed, and new ones carry the new key', async () => {
    world = await createWorld({ ring: createKeyRing({ current: OLD, previous: [] }) });
    const receipt = await receiptOf();
    const { clock, path } = world;
    const rotated = await createWorld({ path, clock, ring: createKeyRing({ current: NEW, previous: [OLD] }) });
    const jwks = rotated.service.receipts.jwks();
    expect(jwks.keys.map(({ kid }) => kid)).toHaveLength(2);
    const options = { audience: world.application.id, currentDate: new Date(clock.now) };
    await expect(jwtVerify(receipt, keySet(jwks), options)).resolves.toMatchObject({ payload: { purpose: 'login' } });
    const first = await rotated.service.receipts.verify(rotated.caller(), receipt);
    const second = await world.service.receipts.verify(world.caller(), receipt);
    expect([first.ok && first.value.valid, second.ok && second.value]).toEqual([
      true,
      { valid: false, reason: 'already_used' },
    ]);
    const gone = await createWorld({ path, clock, ring: createKeyRing({ current: NEW, previous: [] }) });
    const after = await gone.service.receipts.verify(gone.caller(), receipt);
    expect(after.ok && after.value).toEqual({ valid: false, reason: 'unknown_key' });
    await rotated.real.close();
    await gone.real.close();
  });
});
