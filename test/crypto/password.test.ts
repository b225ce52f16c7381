import { hash } from '@node-rs/argon2';
import { describe, expect, it } from 'vitest';
import { checkPassword, hashPassword, newSecretToken } from '../../src/crypto/index.ts';

describe('a password', () => {
  it('is kept as Argon2id with its parameters and a salt of its own', async () => {
    const [one, two] = await Promise.all([hashPassword('violet kettle'), hashPassword('violet kettle')]);
    expect(one).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$[\w+/]{22}\$[\w+/]{43}$/);
    expect(one).not.toBe(two);
    expect(await checkPassword('violet kettle', one)).toEqual({ matches: true, weak: false });
    expect(await checkPassword('violet kettles', one)).toEqual({ matches: false, weak: false });
  });

  it('fits however its accents were typed', async () => {
    expect(await checkPassword('cafe\u0301 au lait', await hashPassword('caf\u00e9 au lait'))).toMatchObject({
      matches: true,
    });
  });

  it('is to be hashed anew when its hash cost less than today', async () => {
    const cheap = await hash('violet kettle', { memoryCost: 4096, timeCost: 2, parallelism: 1 });
    expect(await checkPassword('violet kettle', cheap)).toEqual({ matches: true, weak: true });
  });

  it('of nobody costs as much and fits nothing', async () => {
    expect(await checkPassword('nobody', null)).toEqual({ matches: false, weak: false });
  });

  it('waits its turn, and is refused when too many wait', async () => {
    const stored = await hashPassword('violet kettle');
    const all = await Promise.allSettled(Array.from({ length: 60 }, () => checkPassword('violet', stored)));
    const refused = all.filter(({ status }) => status === 'rejected');
    expect(refused.length).toBe(60 - 2 - 40);
    expect(await checkPassword('violet kettle', stored)).toMatchObject({ matches: true });
  });
});

it('a session token has 256 random bits', () => {
  const tokens = new Set(Array.from({ length: 100 }, newSecretToken));
  expect(tokens.size).toBe(100);
  for (const token of tokens) expect(Buffer.from(token, 'base64url')).toHaveLength(32);
});
