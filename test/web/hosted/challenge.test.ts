import { hash } from 'node:crypto';
import { afterEach, describe, expect, it } from 'vitest';
import type { LimitSettings } from '../../../src/core/limits.ts';
import type { PolicyOverrides } from '../../../src/core/policy.ts';
import { createFacades } from '../../compat/facades.ts';
import { createHostedWorld, type HostedWorld } from './browser.ts';

const MARA = 'mara@bluegum.example';
type Browser = ReturnType<HostedWorld['browser']>;
type Task = Readonly<Record<'challenge' | 'salt' | 'bits', string>>;

let world: HostedWorld;
afterEach(() => world.close());

async function open(policy: PolicyOverrides, limits: LimitSettings = {}): Promise<Browser> {
  world = await createHostedWorld({ policies: { login: policy }, limits });
  const browser = world.browser();
  await browser.go('/otp/request');
  return browser;
}

async function taskOf(browser: Browser, email = MARA): Promise<Task> {
  const page = await browser.go('/otp/request', { email });
  expect(page.status).toBe(403);
  const read = (pattern: RegExp) => pattern.exec(page.text)?.[1] ?? '';
  return {
    challenge: read(/name="challenge" value="([^"]+)"/),
    salt: read(/data-proof="([^"]+)"/),
    bits: read(/data-bits="([^"]+)"/),
  };
}

function zeroBits(salt: string, nonce: number): number {
  return Math.clz32(hash('sha256', `${salt}:${nonce}`, 'buffer').readUInt32BE(0));
}

/** The first number that is good enough, or good enough for `bits` and for no more. */
function nonceFor({ salt, bits }: Task, exactly?: number): string {
  const least = exactly ?? Number(bits);
  for (let nonce = 0; ; nonce++) {
    const found = zeroBits(salt, nonce);
    if (exactly === undefined ? found >= least : found === exactly) return String(nonce);
  }
}

function answer(browser: Browser, { challenge }: Task, nonce: string, email = MARA) {
  return browser.go('/otp/request', { email, channel: 'email', challenge, nonce });
}

async function starts(): Promise<number> {
  const found = await world.service.records.search(world.caller(), {});
  return found.ok ? found.value.data.length : -1;
}

describe('a challenge before a code goes out', () => {
  it('is not asked for by default', async () => {
    const browser = await open({});
    expect((await browser.go('/otp/request', { email: MARA })).at).toContain('/otp/verify');
  });

  it('stops a start that shows nothing, counts the refusal, and lets the one go that worked for it', async () => {
    const browser = await open({ challenge: 'always' });
    const task = await taskOf(browser);
    expect(task.bits).toBe('16');
    expect(await starts()).toBe(0);
    expect((await answer(browser, task, nonceFor(task))).at).toContain('/otp/verify');
    expect(await starts()).toBe(1);
    const day = new Date(world.clock.now).toISOString().slice(0, 10);
    const totals = await world.store.records.stats(world.application.id, day, day);
    expect(totals.find(({ kind }) => kind === 'refused:challenge_required')?.count).toBe(1);
  });

  it.each([
    ['too easy', async (browser: Browser, task: Task) => answer(browser, task, nonceFor(task, Number(task.bits) - 1))],
    ['no number', async (browser: Browser, task: Task) => answer(browser, task, `${nonceFor(task)} `)],
    [
      'for somebody else',
      async (browser: Browser, task: Task) => answer(browser, task, nonceFor(task), 'ann@bluegum.example'),
    ],
    [
      'made easier',
      async (browser: Browser, task: Task) => {
        const easy = { ...task, challenge: task.challenge.replace('.16.', '.1.'), bits: '1' };
        return answer(browser, easy, nonceFor(easy));
      },
    ],
    [
      'made by nobody',
      async (browser: Browser, task: Task) =>
        answer(browser, { ...task, challenge: `${task.challenge.slice(0, -2)}AA` }, nonceFor(task)),
    ],
    [
      'too late',
      async (browser: Browser, task: Task) => {
        world.clock.now += 600_000;
        return answer(browser, task, nonceFor(task));
      },
    ],
    [
      'of another application',
      async (browser: Browser, task: Task) => {
        const made = await world.service.applications.create(world.caller(), { name: 'shop', return_urls: [] });
        if (!made.ok) throw new Error(made.problem.detail);
        const other = { ...world.caller(), application: { ...world.application, id: made.value.id } };
        await world.service.applications.putPolicy(other, 'login', { challenge: 'always' });
        world.clock.now += 1_000;
        const fields = { email: MARA, channel: 'email', challenge: task.challenge, nonce: nonceFor(task) };
        return browser.go('/otp/request?app=shop', fields);
      },
    ],
  ] as const)('refuses an answer that is %s', async (_what, act) => {
    const browser = await open({ challenge: 'always' });
    const task = await taskOf(browser);
    const page = await act(browser, task);
    expect([page.status, page.text.includes('data-proof')]).toEqual([403, true]);
    expect(await starts()).toBe(0);
  });

  it('takes one answer once, also of many at the same time', async () => {
    const browser = await open({ challenge: 'always' });
    const task = await taskOf(browser);
    const nonce = nonceFor(task);
    const pages = await Promise.all(Array.from({ length: 8 }, () => answer(browser, task, nonce)));
    expect(pages.filter(({ status }) => status === 200)).toHaveLength(1);
    expect((await answer(browser, task, nonce)).status).toBe(403);
    expect(await starts()).toBe(1);
  });

  it('may be waited for instead, a minute each, and one address gets one start in a minute by that', async () => {
    const browser = await open({ challenge: 'always' });
    const [mara, ann] = [await taskOf(browser), await taskOf(browser, 'ann@bluegum.example')];
    world.clock.now += 59_000;
    const early = await answer(browser, mara, '');
    // The very same task again, so that nobody has to wait anew.
    expect([early.status, early.text.includes(mara.challenge)]).toEqual([403, true]);
    expect(early.text).toMatch(
      /<p data-idle="(?:true)?"><span[^>]*>This browser runs no scripts\.<\/span> Continue after /,
    );
    world.clock.now += 1_000;
    expect((await answer(browser, mara, '')).status).toBe(200);
    expect((await answer(browser, ann, '', 'ann@bluegum.example')).status).toBe(403);
    world.ips.current = '203.0.113.8';
    expect((await answer(browser, ann, '', 'ann@bluegum.example')).status).toBe(200);
    expect((await answer(browser, mara, '')).status).toBe(403);
  });

  it('is asked for where something is suspicious: a number from abroad, or half the allowance of an address gone', async () => {
    const browser = await open({ challenge: 'suspicious' }, { hosted_ip: { max: 4 } });
    const abroad = await browser.go('/otp/request', { phone: '4155552671', country: 'US', channel: 'sms' });
    expect([abroad.status, /data-bits="(\d+)"/.exec(abroad.text)?.[1]]).toEqual([403, '18']);
    const ask = async (email: string) => (await browser.go('/otp/request', { email })).status;
    expect([await ask('a@b.example'), await ask('b@b.example'), await ask('c@b.example')]).toEqual([200, 200, 403]);
    const proven = async (email: string) => {
      const task = await taskOf(browser, email);
      return (await answer(browser, task, nonceFor(task), email)).status;
    };
    // What is proven counts like any start, against the whole allowance.
    expect([await proven('c@b.example'), await proven('d@b.example'), await proven('e@b.example')]).toEqual([
      200, 200, 429,
    ]);
  }, 60_000);

  it('stands before a new code after the old one ended, too', async () => {
    const browser = await open({ challenge: 'always', ttl_seconds: 30 });
    const task = await taskOf(browser);
    await answer(browser, task, nonceFor(task));
    world.clock.now += 31_000;
    const page = await browser.go('/otp/resend', {});
    expect([page.at, page.status]).toEqual([expect.stringMatching(/^\/otp\/request/), 200]);
    expect(await starts()).toBe(1);
  });

  it('tells the same of known and unknown people', async () => {
    const browser = await open({ preset: 'customer-login', challenge: 'always' });
    await world.service.directory.put(world.caller(), { to: MARA });
    for (const email of [MARA, 'nobody@bluegum.example']) {
      const task = await taskOf(browser, email);
      expect((await answer(browser, task, nonceFor(task), email)).at).toContain('/otp/verify');
    }
  });

  it('refuses what a public façade starts, whose callers have no page for it, in its own words', async () => {
    const one = await createFacades(['otp:public', 'twilio']);
    await one.setPolicy('otp', { preset: 'ephemeral', challenge: 'always' });
    const browser = { authorization: null, 'sec-fetch-site': 'same-origin' };
    const refused = await one.send('POST', '/otp/send', { destination: MARA }, browser);
    expect([refused.status, refused.body['code']]).toEqual([403, 'challenge_required']);
    // Whoever holds a key is a program, and known.
    expect((await one.send('POST', '/otp/send', { destination: MARA })).status).toBe(200);
    world = await createHostedWorld();
    await one.close();
  });
});
