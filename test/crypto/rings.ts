import { secret, type Secret } from '../../src/core/redacted.ts';
import { createKeyRing, generateSecret, type CodeBinding, type KeyRing } from '../../src/crypto/index.ts';

export function freshSecret(): Secret {
  return secret(generateSecret());
}

export function ringOf(current: Secret, ...previous: readonly Secret[]): KeyRing {
  return createKeyRing({ current, previous });
}

export const BINDING: CodeBinding = {
  application: 'app_0123456789ABCDEFGHJKMNPQRSTVWX',
  verification: 'vrf_0123456789ABCDEFGHJKMNPQRSTVWX',
  generation: 1,
  to: 'abcdefghijklmnop',
  purpose: 'payment',
  context: { amount: '12.00', payee: 'Acme' },
};
