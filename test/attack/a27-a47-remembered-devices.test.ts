import { afterEach, describe, expect, it } from 'vitest';
import type { PolicyOverrides } from '../../src/core/policy.ts';
import { createHostedWorld, OTHER_RETURN, RETURN, type HostedWorld } from '../web/hosted/browser.ts';

const MARA = 'mara@bluegum.example';
const ANN = 'ann@bluegum.example';
const COOKIE = '__Host-ww_device';
const DAY = 86_400_000;
type Browser = ReturnType<HostedWorld['browser']>;

let world: HostedWorld;
afterEach(() => world.close());

async function open(policy: PolicyOverrides = {}, options: Parameters<typeof createHostedWorld>[0] = {}) {
  world = await createHostedWorld({ policies: { login: { remember_device_days: 30, ...policy } }, ...options });
  return world.browser();
}

async function ask(browser: Browser, email = MARA) {
  await browser.go('/otp/request');
  return browser.go('/otp/request', { email });
}

/** Signs in with a code, and wants to be remembered or not. */
async function signIn(browser: Browser, { email = MARA, remember = 'yes' } = {}) {
  const page = await ask(browser, email);
  return { page, done: await browser.go(page.at, { code: await world.code(), remember }) };
}

async function isAskedForCode(browser: Browser, email = MARA): Promise<boolean> {
  return (await ask(browser, email)).text.includes('one-time-code');
}

async function exchanged(location: string | null) {
  const receipt = new URL(location ?? '').searchParams.get('result') ?? '';
  return world.service.receipts.verify(world.caller(), receipt);
}

describe('a remembered device', () => {
  it('needs no code the next time, and the result says so', async () => {
    const browser = await open();
    const first = await signIn(browser);
    expect(first.page.text).toContain('Remember this device (30 days)');
    const coded = await exchanged(first.done.location);
    expect(coded.ok && coded.value.claims?.['method']).toBeUndefined();
    world.clock.now += 1_000;
    const again = await ask(browser);
    expect(again.location).toMatch(new RegExp(`^${RETURN.replace('?', '\\?')}&result=`));
    const verdict = await exchanged(again.location);
    expect(verdict).toMatchObject({
      ok: true,
      value: { valid: true, claims: { purpose: 'login', method: 'remembered_device' } },
    });
    expect(world.sink.messages).toHaveLength(1);
    const found = await world.service.records.search(world.caller(), {});
    const rows = found.ok ? found.value.data : [];
    expect(rows.map(({ status, status_reason, sends, checks }) => [status, status_reason, sends, checks])).toEqual([
      ['approved', 'remembered_device', 0, 0],
      ['approved', null, 1, 1],
    ]);
    const events = await world.store.records.events(rows[0]?.id ?? '');
    expect(events.map(({ type, actor, data }) => [type, actor.type, data['method']])).toEqual([
      ['started', 'hosted', undefined],
      ['approved', 'hosted', 'remembered_device'],
    ]);
  });

  it('is off until the policy says for how long, and only remembered when the person ticks it', async () => {
    const off = await open({ remember_device_days: 0 });
    const { page } = await signIn(off);
    expect(page.text).not.toContain('Remember this device');
    expect([off.jar.has(COOKIE), await isAskedForCode(off)]).toEqual([false, true]);
    await world.close();
    const unticked = await open();
    await signIn(unticked, { remember: '' });
    expect([unticked.jar.has(COOKIE), await isAskedForCode(unticked)]).toEqual([false, true]);
  });

  it('keeps a token in the store only as a hash, and gives a browser a cookie that scripts do not see', async () => {
    const browser = await open();
    const page = await ask(browser);
    const answer = await browser.ask(page.at, { code: await world.code(), remember: 'yes' });
    const line = answer.headers.getSetCookie().find((text) => text.startsWith(COOKIE)) ?? '';
    expect(line).toMatch(/; Max-Age=2592000; Path=\/; HttpOnly; Secure; SameSite=Lax$/);
    const secret = browser.jar.get(COOKIE)?.split('.')[1] ?? '';
    expect(secret).toMatch(/^[0-9A-Z]{32}$/);
    const kept = await world.store.documents.list({ kind: 'remembered_device', limit: 10 });
    expect(kept).toHaveLength(1);
    expect(JSON.stringify(kept)).not.toContain(secret);
    expect(JSON.stringify(kept)).not.toContain(MARA);
  });

  it('is of this person, purpose and application alone', async () => {
    const browser = await open();
    await signIn(browser);
    expect(await isAskedForCode(browser, ANN)).toBe(true);
    const made = await world.service.applications.create(world.caller(), { name: 'shop', return_urls: [OTHER_RETURN] });
    if (!made.ok) throw new Error(made.problem.detail);
    const other = { ...world.caller(), application: { ...world.application, id: made.value.id } };
    await world.service.applications.putPolicy(other, 'login', { remember_device_days: 30 });
    world.clock.now += 1_000;
    expect((await browser.go('/otp/request?app=shop', { email: MARA })).text).toContain('one-time-code');
    // A start by API never asks a browser.
    const started = await world.service.verify.start(world.caller(), { to: MARA });
    expect(started.ok && started.value.verification.status).toBe('pending');
    const own = await browser.go('/otp/request?app=default', { email: MARA });
    expect(own.location).toContain('&result=');
  });

  it('ends after its days, from the code on and not from the last sign-in, and sooner when the policy says less', async () => {
    const browser = await open();
    await signIn(browser);
    world.clock.now += 20 * DAY;
    expect(await isAskedForCode(browser)).toBe(false);
    world.clock.now += 10 * DAY - 60_000;
    expect(await isAskedForCode(browser)).toBe(false);
    world.clock.now += 60_000;
    expect(await isAskedForCode(browser)).toBe(true);
    await signIn(browser);
    world.clock.now += 2 * DAY;
    await world.service.applications.putPolicy(world.caller(), 'login', { remember_device_days: 1 });
    world.clock.now += 1_000;
    expect(await isAskedForCode(browser)).toBe(true);
  });

  it('has a token that works once: a copy that comes later ends it for both', async () => {
    const browser = await open();
    await signIn(browser);
    const thief = world.browser();
    const stolen = browser.jar.get(COOKIE) ?? '';
    expect(await isAskedForCode(browser)).toBe(false);
    expect(browser.jar.get(COOKIE)).not.toBe(stolen);
    thief.jar.set(COOKIE, stolen);
    expect(await isAskedForCode(thief)).toBe(true);
    expect(await isAskedForCode(browser)).toBe(true);
    expect(world.logs).toContainEqual(expect.objectContaining({ event: 'remembered_device.replayed' }));
  });

  it('lets one in of eight that bring one token at the same time', async () => {
    const browser = await open();
    await signIn(browser);
    await browser.go('/otp/request');
    const answers = await Promise.all(Array.from({ length: 8 }, () => browser.ask('/otp/request', { email: MARA })));
    const locations = answers.map(({ headers }) => headers.get('location') ?? '');
    expect(locations.filter((location) => location.startsWith(RETURN))).toHaveLength(1);
  });

  it.each([
    ['made up', () => 'A'.repeat(20) + '.' + 'B'.repeat(32)],
    ['of another device', (own: string) => `${'A'.repeat(20)}.${own.split('.')[1] ?? ''}`],
    ['a thousand of them', (own: string) => `${'x~'.repeat(1_000)}${own}`],
    ['no token at all', () => '../..~%00~'],
  ] as const)('takes no token that is %s', async (_what, make) => {
    const browser = await open();
    await signIn(browser);
    const stranger = world.browser();
    stranger.jar.set(COOKIE, make(browser.jar.get(COOKIE) ?? ''));
    expect(await isAskedForCode(stranger)).toBe(true);
    // Nor does it cost the owner anything.
    expect(await isAskedForCode(browser)).toBe(false);
  });

  it('never spares the code where a challenge is asked for, or was shown', async () => {
    const browser = await open();
    await signIn(browser);
    await world.service.applications.putPolicy(world.caller(), 'login', {
      remember_device_days: 30,
      challenge: 'always',
    });
    world.clock.now += 1_000;
    const page = await browser.go('/otp/request', { email: MARA });
    expect(page.status).toBe(403);
    const challenge = /name="challenge" value="([^"]+)"/.exec(page.text)?.[1] ?? '';
    world.clock.now += 60_000;
    const waited = await browser.go('/otp/request', { email: MARA, challenge, nonce: '' });
    expect(waited.text).toContain('one-time-code');
  });

  it.each(['challenge', 'deny'] as const)('never spares the code where the risk hook says %s', async (decision) => {
    const answer = { decision: 'allow' as 'allow' | 'challenge' | 'deny' };
    const browser = await open(
      {},
      {
        riskHook: {
          onFailure: 'challenge',
          facts: 'masked',
          ask: async () => ({ type: 'decided', decision: answer.decision, reason: null }),
        },
      },
    );
    await signIn(browser);
    expect(await isAskedForCode(browser)).toBe(false);
    answer.decision = decision;
    const page = await ask(browser);
    expect([page.location, page.text.includes('You are confirmed')]).toEqual([null, false]);
  });

  it('is stopped by the block list like anybody', async () => {
    const browser = await open();
    await signIn(browser);
    await world.service.listRules.add(world.caller(), { list: 'block', type: 'destination', value: MARA });
    expect((await ask(browser)).text).toContain('This code no longer works');
  });

  it('still counts as a start of its address', async () => {
    const browser = await open({}, { limits: { hosted_ip: { max: 3 } } });
    await signIn(browser);
    expect([await isAskedForCode(browser), await isAskedForCode(browser)]).toEqual([false, false]);
    expect((await ask(browser)).status).toBe(429);
    // What was refused did not spend the token.
    world.ips.current = '203.0.113.8';
    expect(await isAskedForCode(browser)).toBe(false);
  });

  it.each([
    ['a sign-out', async (browser: Browser) => void (await browser.go('/otp/logout', {}))],
    ['the suppression list', async () => void (await world.service.suppressions.add(world.caller(), { to: MARA }))],
    [
      'the directory, when the address leaves it',
      async () => void (await world.service.directory.remove(world.caller(), MARA)),
    ],
    [
      'the application, for all of them',
      async () => void (await world.service.directory.forgetDevices(world.caller(), MARA)),
    ],
    ['an erasure', async () => void (await world.service.records.erase(world.caller(), MARA))],
  ] as const)('is ended by %s', async (_what, end) => {
    const browser = await open();
    await signIn(browser);
    await end(browser);
    await world.service.suppressions.remove(world.caller(), MARA);
    world.clock.now += 2_000;
    expect(await world.store.documents.list({ kind: 'remembered_device', limit: 10 })).toEqual([]);
    expect(await isAskedForCode(browser)).toBe(true);
  });

  it('is ended by “this was not me”', async () => {
    const browser = await open({ not_me_link: 'email' });
    await signIn(browser);
    await ask(world.browser());
    await world.code();
    const link = /\/not-me\/([\w.-]+)/.exec(world.sink.last().text)?.[1] ?? '';
    expect(await isAskedForCode(browser)).toBe(false);
    expect(await world.service.notMe.report(link, 'cancel')).toMatchObject({ state: 'reported' });
    expect(await isAskedForCode(browser)).toBe(true);
  });

  it('is ended on every device by the person who is signed in, and by nobody else', async () => {
    const browser = await open({}, { application: { return_urls: [] } });
    const phone = world.browser();
    await signIn(browser);
    await signIn(phone);
    await world.browser().go('/otp/logout', { devices: 'all' });
    expect(await isAskedForCode(phone)).toBe(false);
    const session = await browser.ask('/otp/session');
    expect(await session.json()).toMatchObject({ active: true, method: 'code' });
    const seen = await phone.ask('/otp/session');
    expect(await seen.json()).toMatchObject({ active: true, method: 'remembered_device' });
    const page = await browser.go('/otp/logout');
    expect(page.text).toContain('Sign out and forget all my devices');
    await browser.go('/otp/logout', { devices: 'all' });
    expect([await isAskedForCode(browser), await isAskedForCode(phone)]).toEqual([true, true]);
  });

  it('lets nobody in who left a directory that tells nothing, with the same page as a stranger', async () => {
    const browser = await open({ preset: 'customer-login' });
    await world.service.directory.put(world.caller(), { to: MARA });
    await signIn(browser);
    expect(await isAskedForCode(browser)).toBe(false);
    await world.service.directory.remove(world.caller(), MARA);
    expect(await isAskedForCode(browser)).toBe(true);
    expect(await isAskedForCode(browser, 'nobody@bluegum.example')).toBe(true);
  });
});
