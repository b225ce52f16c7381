import { createHmac, generateKeyPairSync, sign } from 'node:crypto';
import { afterEach, describe, expect, it } from 'vitest';
import { verifyReceipt } from '../../src/client/index.ts';
import { wrongCode } from '../support/world.ts';
import { createHostedWorld, type HostedWorld, RETURN } from '../web/hosted/browser.ts';

const EMAIL = 'mara@bluegum.example';
const DAY_MS = 86_400_000;
let world: HostedWorld;
afterEach(() => world.close());

const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');
const read = (text = ''): Record<string, unknown> => JSON.parse(Buffer.from(text, 'base64url').toString());

/** Asks for a code; the address of the page on which it is entered. */
async function asked(browser: ReturnType<HostedWorld['browser']>): Promise<string> {
  await browser.go('/otp/request');
  return (await browser.go('/otp/request', { channel: 'email', email: EMAIL })).at;
}

/** A result as a browser brings it back after a right code. */
async function earned(): Promise<string> {
  const browser = world.browser();
  const done = await browser.go(await asked(browser), { code: await world.code() });
  return new URL(done.location ?? '').searchParams.get('result') ?? '';
}

/** What the application's server concludes from a result, asking us and by itself. */
async function believed(result: string): Promise<readonly boolean[]> {
  const { service, application, clock } = world;
  const told = await service.receipts.verify(world.caller(), result);
  const jwks = JSON.parse(JSON.stringify(service.receipts.jwks()));
  const alone = await verifyReceipt(result, { jwks, audience: application.id, now: clock.now });
  return [told.ok && told.value.valid, alone.valid];
}

describe('A18: a browser that says it succeeded', () => {
  it('is shown nothing that counts before the right code, whatever it answers itself', async () => {
    world = await createHostedWorld();
    const browser = world.browser();
    const at = await asked(browser);
    const answer = await browser.ask(at, { code: wrongCode(await world.code()) });
    const seen = [...answer.headers].join('\n') + (await answer.text());
    expect(seen).not.toMatch(/eyJ[\w-]+\.eyJ/);
    expect(seen).not.toContain(RETURN);
    const id = /vrf_[0-9A-Z]+/.exec(at)?.[0] ?? '';
    for (const claim of ['approved', 'true', id]) expect(await believed(claim)).toEqual([false, false]);
  });

  it('is not believed with a result it made: no algorithm, our public key as a secret, a key of its own, other claims', async () => {
    world = await createHostedWorld();
    const genuine = await earned();
    const [head = '', body = '', signature = ''] = genuine.split('.');
    const claims = read(body);
    const [jwk] = world.service.receipts.jwks().keys;
    const publicKey = Buffer.from(String(jwk?.['x']), 'base64url');
    const own = generateKeyPairSync('ed25519').privateKey;
    const made = (header: object, signer: (content: string) => Buffer): string => {
      const content = `${part({ ...read(head), ...header })}.${body}`;
      return `${content}.${signer(content).toString('base64url')}`;
    };
    const forgeries = [
      `${part({ ...read(head), alg: 'none' })}.${body}.`,
      made({ alg: 'HS256' }, (content) => createHmac('sha256', publicKey).update(content).digest()),
      made({ alg: 'HS256' }, (content) => createHmac('sha256', JSON.stringify(jwk)).update(content).digest()),
      made({}, (content) => sign(null, Buffer.from(content), own)),
      ...[{ purpose: 'payment' }, { sub: 'vrf_1' }, { jti: 'rct_1' }, { exp: 9_999_999_999 }].map(
        (other) => `${head}.${part({ ...claims, ...other })}.${signature}`,
      ),
    ];
    for (const forgery of forgeries) expect([forgery, ...(await believed(forgery))]).toEqual([forgery, false, false]);
    expect(await believed(genuine)).toEqual([true, true]);
  });

  it('is not believed twice, late, or by another application', async () => {
    world = await createHostedWorld();
    const once = await earned();
    expect((await believed(once))[0]).toBe(true);
    expect((await believed(once))[0]).toBe(false);
    const late = await earned();
    const { service, clock } = world;
    const jwks = JSON.parse(JSON.stringify(service.receipts.jwks()));
    expect((await verifyReceipt(late, { jwks, audience: 'app_other', now: clock.now })).valid).toBe(false);
    clock.now += DAY_MS;
    expect(await believed(late)).toEqual([false, false]);
  });
});
