import { hash } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { LimitSettings } from '../../../src/core/limits.ts';
import type { PolicyOverrides } from '../../../src/core/policy.ts';
import { no, SITE_KEY, SITE_SECRET, startCaptchaProvider, yes } from '../../support/captcha-provider.ts';
import { createHostedWorld, type HostedWorld } from './browser.ts';

const MARA = 'mara@bluegum.example';
const ANN = 'ann@bluegum.example';
type Browser = ReturnType<HostedWorld['browser']>;

let provider: Awaited<ReturnType<typeof startCaptchaProvider>>;
let world: HostedWorld;
beforeEach(async () => void (provider = await startCaptchaProvider('verify.example')));
afterEach(async () => {
  await world.close();
  await provider.close();
});

async function open(policy: PolicyOverrides = { challenge: 'always' }, limits: LimitSettings = {}): Promise<Browser> {
  world = await createHostedWorld({ policies: { login: policy }, limits, captcha: provider.captcha });
  const browser = world.browser();
  await browser.go('/otp/request');
  return browser;
}

interface Shown {
  readonly status: number;
  readonly text: string;
  readonly challenge: string;
  readonly mark: string;
}

/** What the page of a challenge asks for: a mark where it shows the widget, '' where it wants work. */
function shown({ status, text }: { readonly status: number; readonly text: string }): Shown {
  const read = (pattern: RegExp) => pattern.exec(text)?.[1] ?? '';
  return {
    status,
    text,
    challenge: read(/name="challenge" value="([^"]+)"/),
    mark: read(/data-cdata="([^"]+)"/),
  };
}

const ask = async (browser: Browser, email = MARA): Promise<Shown> =>
  shown(await browser.go('/otp/request', { email }));

function bring(browser: Browser, { challenge }: Pick<Shown, 'challenge'>, token: string, email = MARA) {
  return browser.go('/otp/request', { email, channel: 'email', challenge, nonce: '', 'cf-turnstile-response': token });
}

const tokenOf = ({ mark }: Shown, n = 1): string => `T-${mark}-${n}`;

async function starts(): Promise<number> {
  const found = await world.service.records.search(world.caller(), {});
  return found.ok ? found.value.data.length : -1;
}

const logged = (event: string) => world.logs.filter((line) => line.event === event);

describe('a CAPTCHA before a code goes out', () => {
  it('lets a start go that its provider says yes to', async () => {
    const browser = await open();
    const page = await ask(browser);
    expect([page.status, await starts()]).toEqual([403, 0]);
    expect((await bring(browser, page, tokenOf(page))).at).toContain('/otp/verify');
    expect([await starts(), provider.asked.length]).toEqual([1, 1]);
  });

  it('shows the widget on that page alone, and allows there what it needs and no more', async () => {
    const browser = await open();
    const policyOf = async (path: string, body?: Record<string, string>) => {
      const response = await browser.ask(path, body);
      return { policy: response.headers.get('content-security-policy') ?? '', text: await response.text() };
    };
    const before = await policyOf('/otp/request');
    expect(before.policy + before.text).not.toContain(provider.base);
    const { policy, text } = await policyOf('/otp/request', { email: MARA });
    const nonce = /<script src="([^"]+)" nonce="([^"]+)" defer[^>]*data-widget/.exec(text);
    expect(nonce?.[1]).toBe(`${provider.base}/turnstile/v0/api.js`);
    expect(policy.split('; ')).toEqual([
      "default-src 'self'",
      `script-src 'self' 'nonce-${nonce?.[2]}' ${provider.base}`,
      "style-src 'self'",
      "img-src 'self'",
      `frame-src ${provider.base}`,
      "object-src 'none'",
      "frame-ancestors 'none'",
      "base-uri 'none'",
      "form-action 'self'",
    ]);
    expect(text).toContain(`class="cf-turnstile" data-sitekey="${SITE_KEY}" data-action="hosted_start"`);
    expect(text).not.toContain(SITE_SECRET);
    expect(text).not.toContain('data-proof');
  });

  it('is not shown where nothing asks for it', async () => {
    const browser = await open({});
    expect((await browser.go('/otp/request', { email: MARA })).at).toContain('/otp/verify');
    expect(provider.asked).toHaveLength(0);
  });

  it('is good once: not again, not for another start, not of many at the same time', async () => {
    const browser = await open();
    const page = await ask(browser);
    const answers = await Promise.all(Array.from({ length: 8 }, () => bring(browser, page, tokenOf(page))));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    // One challenge is one question, however often it comes.
    expect(provider.asked).toHaveLength(1);
    const next = await ask(browser, ANN);
    expect((await bring(browser, next, tokenOf(page), ANN)).status).toBe(403);
    expect(await starts()).toBe(1);
  });

  it('is good once even where the provider says yes again', async () => {
    const browser = await open();
    const page = await ask(browser);
    const next = await ask(browser, ANN);
    const marks = [page.mark, next.mark];
    provider.reply = () =>
      yes({ hostname: 'verify.example', action: 'hosted_start', cdata: marks[provider.asked.length - 1] ?? '' });
    expect((await bring(browser, page, 'one-token')).status).toBe(200);
    expect((await bring(browser, next, 'one-token', ANN)).status).toBe(403);
    expect(await starts()).toBe(1);
  });

  it.each([
    ['refused', async (browser: Browser, page: Shown) => bring(browser, page, 'made-up')],
    ['of another visit', async (browser: Browser, page: Shown) => bring(browser, page, tokenOf(await ask(browser)))],
    ['for somebody else', async (browser: Browser, page: Shown) => bring(browser, page, tokenOf(page), ANN)],
    [
      'of another host',
      async (browser: Browser, page: Shown) => {
        provider.reply = () => yes({ hostname: 'evil.example', action: 'hosted_start', cdata: page.mark });
        return bring(browser, page, tokenOf(page));
      },
    ],
    [
      'too late',
      async (browser: Browser, page: Shown) => {
        world.clock.now += 600_000;
        return bring(browser, page, tokenOf(page));
      },
    ],
    ['no token at all', async (browser: Browser, page: Shown) => bring(browser, page, `${tokenOf(page)} `)],
    [
      'work in its place',
      async (browser: Browser, page: Shown) => {
        const nonce = solve(page.mark, 18);
        return browser.go('/otp/request', { email: MARA, channel: 'email', challenge: page.challenge, nonce });
      },
    ],
    [
      'a task made of it',
      async (browser: Browser, page: Shown) => {
        const challenge = page.challenge.replace('.c16.', '.16.');
        return browser.go('/otp/request', { email: MARA, channel: 'email', challenge, nonce: solve(page.mark, 16) });
      },
    ],
  ] as const)('refuses an answer that is %s, and says no more than that', async (_what, act) => {
    const browser = await open();
    const page = await ask(browser);
    const again = shown(await act(browser, page));
    expect([again.status, again.mark === '', await starts()]).toEqual([403, false, 0]);
    const bare = (one: Shown) =>
      one.text
        .replaceAll(one.challenge, '')
        .replaceAll(one.mark, '')
        .replaceAll(ANN, MARA)
        // After an answer that did not count the page no longer goes on by itself.
        .replace(/data-captcha="(?:first|again)"/, '')
        .replace(/\d\d:\d\d:\d\d/, '');
    expect(bare(again)).toBe(bare(page));
    expect(logged('captcha.failed')).toEqual([]);
  });

  it.each([
    ['is silent', 'silent'],
    ['breaks off', 'reset'],
    ['is out of order', { status: 503, body: '' }],
    ['says something else', { status: 200, body: 'ok' }],
    ['does not know our secret', no('invalid-input-secret')],
  ] as const)('falls back to work where the provider %s, openly, and never to nothing', async (_what, reply) => {
    const browser = await open();
    const page = await ask(browser);
    provider.reply = () => reply;
    const task = shown(await bring(browser, page, tokenOf(page)));
    expect([task.status, task.mark, task.text.includes('data-bits="16"')]).toEqual([403, '', true]);
    expect(await starts()).toBe(0);
    expect(logged('captcha.failed')).toMatchObject([{ level: 'error', decision: 'proof_of_work' }]);
    expect(JSON.stringify(world.logs)).not.toMatch(/secret\/key|T-[0-9A-Z]{20}/);
    const salt = /data-proof="([^"]+)"/.exec(task.text)?.[1] ?? '';
    const fields = { email: MARA, channel: 'email', challenge: task.challenge, nonce: solve(salt, 16) };
    expect((await browser.go('/otp/request', fields)).at).toContain('/otp/verify');
    // The next start is asked as before.
    expect((await ask(browser, ANN)).mark).not.toBe('');
  });

  it('gives who runs no scripts the way on that a proof of work has', async () => {
    const browser = await open();
    const page = await ask(browser);
    expect(page.text).toMatch(/This browser runs no scripts\.<\/span> Continue after /);
    const early = shown(await bring(browser, page, ''));
    // The very same, so that nobody has to wait anew.
    expect([early.status, early.challenge]).toEqual([403, page.challenge]);
    world.clock.now += 60_000;
    expect((await bring(browser, page, '')).status).toBe(200);
    expect(provider.asked).toHaveLength(0);
  });

  it('is asked for by the risk hook, too', async () => {
    world = await createHostedWorld({
      captcha: provider.captcha,
      riskHook: {
        onFailure: 'challenge',
        facts: 'masked',
        ask: async () => ({ type: 'decided', decision: 'challenge', reason: null }),
      },
    });
    const browser = world.browser();
    await browser.go('/otp/request');
    const page = await ask(browser);
    expect((await bring(browser, page, tokenOf(page))).at).toContain('/otp/verify');
  });
});

describe('A47: nobody makes us ask the provider without end', () => {
  it('one address has so many questions an hour, and is refused unasked then', async () => {
    const browser = await open({ challenge: 'always' }, { captcha_ip: { max: 3 } });
    const statuses: number[] = [];
    for (let i = 0; i < 5; i++) statuses.push((await bring(browser, await ask(browser), `made-up-${i}`)).status);
    expect([statuses, provider.asked.length]).toEqual([[403, 403, 403, 429, 429], 3]);
    world.ips.current = '203.0.113.8';
    const page = await ask(browser);
    expect((await bring(browser, page, tokenOf(page))).status).toBe(200);
  });

  it('text that cannot be a token is not asked about', async () => {
    const browser = await open();
    for (const token of ['a b', '<x>', 'a'.repeat(7_001)]) await bring(browser, await ask(browser), token);
    expect(provider.asked).toHaveLength(0);
  });
});

function solve(salt: string, bits: number): string {
  for (let nonce = 0; ; nonce++)
    if (Math.clz32(hash('sha256', `${salt}:${nonce}`, 'buffer').readUInt32BE(0)) >= bits) return String(nonce);
}
