import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { getRequestListener } from '@hono/node-server';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { PolicyOverrides } from '../../src/core/policy.ts';
import type { ApplicationInput } from '../../src/service/api.ts';
import { wrongCode } from '../support/world.ts';
import { createHostedWorld, type HostedWorld } from '../web/hosted/browser.ts';
import { canBrowse, launchChromium } from './chromium.ts';
import { complaintsOf, faultsIn, LOOKS, tooWide } from './looks.ts';

/** Each way through the pages is gone with scripts and without, on a phone and on a desktop; each page looked at in two windows. */
const VIEWS = [
  { width: 390, scripts: true, looks: LOOKS.filter(({ width, theme }) => (width === 390) === (theme === 'light')) },
  { width: 1280, scripts: false, looks: LOOKS.filter(({ width, theme }) => (width === 390) === (theme === 'dark')) },
] as const;
type View = (typeof VIEWS)[number];

const EMAIL = 'mara@bluegum.example';

describe.skipIf(!canBrowse())('hosted pages in a browser', { timeout: 300_000 }, () => {
  let browser: Browser;
  let site: Server;
  let shop: Server;
  let base: string;
  let back: string;
  let world: HostedWorld;
  let context: BrowserContext;
  let copy: Page;
  let complaints: string[][];
  let current: View = VIEWS[0];

  beforeAll(async () => {
    site = createServer(getRequestListener((request) => world.pages.fetch(request)));
    shop = createServer((_, answer) => answer.end('<!doctype html><title>Shop</title><h1>Back at the shop</h1>'));
    base = await listen(site);
    back = `${await listen(shop)}/back`;
    browser = await launchChromium();
    copy = await browser.newPage();
  });

  afterAll(async () => {
    await browser?.close();
    for (const server of [site, shop]) {
      server?.closeAllConnections();
      server?.close();
    }
  });

  beforeEach(() => (complaints = []));

  afterEach(async () => {
    await context?.close();
    await world?.close();
    const said = complaints.flat();
    if (said.length > 0) throw new Error(`The browser complained:\n${said.join('\n')}`);
  });

  async function open(
    view: View,
    {
      policy,
      application,
      path = '/otp/request',
    }: { policy?: PolicyOverrides; application?: ApplicationInput; path?: string } = {},
  ): Promise<Page> {
    world = await createHostedWorld({
      ...(policy === undefined ? {} : { policies: { login: policy } }),
      application: { return_urls: [back], ...application },
      pages: { publicUrl: base },
    });
    current = view;
    context = await browser.newContext({
      viewport: { width: view.width, height: 900 },
      colorScheme: 'light',
      javaScriptEnabled: view.scripts,
      locale: 'en-AU',
    });
    return visit(path);
  }

  async function visit(path: string): Promise<Page> {
    const page = await context.newPage();
    complaints.push(complaintsOf(page));
    await page.goto(`${base}${path}`);
    return page;
  }

  /** No accessibility rule is broken, nothing scrolls sideways; pictures where they are wanted. */
  async function isFit(page: Page, name: string): Promise<void> {
    if (!current.scripts) await copyFrom(page);
    expect(await faultsIn(current.scripts ? page : copy, `hosted-${name}`, current.looks)).toEqual([]);
    // The copy hides what is for people without scripts.
    for (const { width } of current.scripts ? [] : current.looks) {
      await page.setViewportSize({ width, height: 900 });
      expect(await tooWide(page)).toEqual([]);
    }
    // The way goes on in the window in which it began.
    await page.setViewportSize({ width: current.width, height: 900 });
    await page.emulateMedia({ colorScheme: 'light' });
  }

  /** The examiner is a script itself: a page without scripts is shown to it again, as it stands, in a window that has them. */
  async function copyFrom(page: Page): Promise<void> {
    const body = (await page.content()).replaceAll(/<script[^>]*><\/script>/g, '');
    await copy.unrouteAll();
    await copy.route(page.url(), (route) => route.fulfill({ contentType: 'text/html; charset=utf-8', body }));
    await copy.goto(page.url());
  }

  async function askByEmail(page: Page, address = EMAIL): Promise<void> {
    await page.getByText('E-mail', { exact: true }).click();
    await page.getByLabel('E-mail address').fill(address);
    await page.getByRole('button', { name: 'Send the code' }).click();
  }

  async function enter(page: Page, code: string): Promise<void> {
    await page.getByLabel('6-digit code').fill(code);
    await page.getByRole('button', { name: 'Confirm' }).click();
  }

  describe.each(VIEWS)('S2.52: at $width px, scripts: $scripts', (view) => {
    it('S2.33, S2.35, S2.37: a code by e-mail, entered with blanks, leads back with the result', async () => {
      const page = await open(view, { path: '/otp/request?state=xyz' });
      await isFit(page, 'request');
      await askByEmail(page);
      await isFit(page, 'verify');
      expect(await page.locator('.mask').textContent()).toBe('ma•••@bluegum.example');
      const code = await world.code();
      await enter(page, `${code.slice(0, 3)} ${code.slice(3)}`);
      await page.waitForURL(`${back}?**`);
      const target = new URL(page.url());
      expect(target.searchParams.get('state')).toBe('xyz');
      expect(target.searchParams.get('result')).toMatch(/^eyJ/);
    });

    it('S1.8, S1.9, S2.29: a home page with the ways on, and how it works told there and beside the form', async () => {
      const page = await open(view, { path: '/otp?state=xyz' });
      await isFit(page, 'home');
      expect(await page.getByRole('link', { name: 'Enter your code' }).count()).toBe(0);
      await page.getByRole('link', { name: 'Continue' }).click();
      expect(new URL(page.url()).searchParams.get('state')).toBe('xyz');
      const steps = page.locator('details li');
      expect(await steps.first().isVisible()).toBe(false);
      await page.getByText('How this works').click();
      expect(await steps.allTextContents()).toEqual([
        'You choose where the code goes.',
        'We send it at once.',
        'You type it on the next page.',
        'You go back to Harbour, confirmed.',
      ]);
      expect(await steps.first().isVisible()).toBe(true);
      await askByEmail(page);
      await page.goto(`${base}/otp`);
      await page.getByRole('link', { name: 'Enter your code' }).click();
      await enter(page, await world.code());
      await page.waitForURL(`${back}?**`);
    });

    it('S2.34, S2.36: a code by text message to a number as people write it', async () => {
      const page = await open(view);
      expect(await page.getByLabel('Country').inputValue()).toBe('AU');
      await page.getByLabel('Mobile number').fill('0491 570 156');
      await page.getByRole('button', { name: 'Send the code' }).click();
      await enter(page, await world.code());
      await page.waitForURL(`${back}?**`);
      expect(world.sink.last().to).toBe('+61491570156');
    });

    it('S2.38, S2.40, S2.54, S2.60: wrong codes are told and counted; after the last one a page of its own', async () => {
      const page = await open(view);
      await askByEmail(page);
      const wrong = wrongCode(await world.code());
      await enter(page, wrong);
      expect(await page.locator('.error').textContent()).toContain('Tries left: 4');
      expect(await page.getByLabel('6-digit code').inputValue()).toBe('');
      expect(await page.title()).toBe('Error: Enter your code – Harbour');
      await isFit(page, 'wrong');
      for (let i = 0; i < 4; i++) await enter(page, wrong);
      expect(await page.getByRole('heading', { level: 1 }).textContent()).toBe('Too many wrong codes');
      await isFit(page, 'exhausted');
    });

    it('S2.39: an expired code, and a new one to the same address', async () => {
      const page = await open(view);
      await askByEmail(page);
      await world.code();
      world.clock.now += 601_000;
      await page.reload();
      expect(await page.getByRole('heading', { level: 1 }).textContent()).toBe('The code has expired');
      await isFit(page, 'expired');
      await page.getByRole('button', { name: 'Send a new code' }).click();
      await enter(page, await world.code());
      await page.waitForURL(`${back}?**`);
    });

    it('S2.44, S2.45, S2.53: bad addresses and numbers are told beside the field and kept', async () => {
      const page = await open(view);
      await askByEmail(page, 'mara@nowhere');
      expect(await page.locator('#email-error').textContent()).toContain('Enter the whole address');
      expect(await page.getByLabel('E-mail address').inputValue()).toBe('mara@nowhere');
      await isFit(page, 'bad-email');
      await page.getByText('Text message', { exact: true }).click();
      await page.getByLabel('Mobile number').fill('123');
      await page.getByRole('button', { name: 'Send the code' }).click();
      expect(await page.locator('#phone-error').textContent()).toContain('not a whole mobile number');
      await isFit(page, 'bad-number');
    });

    it('S2.43, S2.50, S2.54, S2.58: signed in where there is nowhere to return to, and out again', async () => {
      const page = await open(view, { application: { return_urls: [] } });
      await askByEmail(page);
      await enter(page, await world.code());
      expect(await page.getByRole('heading', { level: 1 }).textContent()).toBe('You are confirmed');
      await isFit(page, 'done');
      await page.getByRole('button', { name: 'Sign out' }).click();
      expect(await page.getByRole('heading', { level: 1 }).textContent()).toBe('You are signed out');
      await isFit(page, 'signed-out');
      await page.goto(`${base}/otp/verify`);
      expect(await page.getByRole('heading', { level: 1 }).textContent()).toBe('Your session is over');
      await isFit(page, 'over');
    });

    it('in Arabic, from right to left, with Arabic digits', async () => {
      const page = await open(view, { path: '/otp/request?lang=ar' });
      expect(await page.locator('html').getAttribute('dir')).toBe('rtl');
      await isFit(page, 'request-ar');
      await page.locator('[name=channel][value=email]').check();
      await page.locator('#email').fill(EMAIL);
      await page.locator('main button').click();
      await isFit(page, 'verify-ar');
      const code = await world.code();
      expect(world.sink.last().text).toContain('رمز');
      const arabic = [...code].map((digit) => String.fromCodePoint(0x660 + Number(digit))).join('');
      await page.locator('#code').fill(arabic);
      await page.locator('main button').first().click();
      await page.waitForURL(`${back}?**`);
    });

    it('in the application’s colour', async () => {
      const page = await open(view, { application: { accent: '#8a1c6b' } });
      await isFit(page, 'accent');
      const colour = () => page.locator('.btn-main').evaluate((button) => getComputedStyle(button).backgroundColor);
      expect(await colour()).toBe('rgb(138, 28, 107)');
      await page.emulateMedia({ colorScheme: 'dark' });
      expect(await colour()).not.toBe('rgb(122, 204, 216)');
    });

    it('S2.42: contact is changed, and where the flow is to end is kept', async () => {
      const page = await open(view, { path: '/otp/request?state=keep' });
      await askByEmail(page);
      await world.code();
      await page.getByRole('link', { name: 'Use another number or address' }).click();
      await askByEmail(page, 'noor@bluegum.example');
      expect(await page.locator('.mask').textContent()).toBe('no•••@bluegum.example');
      await enter(page, await world.code());
      await page.waitForURL(`${back}?**`);
      expect(new URL(page.url()).searchParams.get('state')).toBe('keep');
    });

    it('S2.46: an unknown person under a silent directory sees what a known one sees', async () => {
      const page = await open(view, { policy: { preset: 'customer-login' } });
      await askByEmail(page);
      expect(await page.getByRole('heading', { level: 1 }).textContent()).toBe('Enter your code');
      await world.service.worker.tick();
      expect(world.sink.messages).toEqual([]);
      await enter(page, '123456');
      expect(await page.locator('.error').textContent()).toContain('Tries left: 4');
    });

    it('S2.48: two tabs have a code each', async () => {
      const first = await open(view);
      await askByEmail(first);
      const firstCode = await world.code();
      const second = await visit('/otp/request');
      await askByEmail(second, 'noor@bluegum.example');
      const secondCode = await world.code();
      await enter(first, firstCode);
      await first.waitForURL(`${back}?**`);
      await enter(second, secondCode);
      await second.waitForURL(`${back}?**`);
      expect(new URL(second.url()).searchParams.get('result')).toMatch(/^eyJ/);
    });

    it('S2.49: Back shows the end again, never the form; the way on still works', async () => {
      const page = await open(view);
      await askByEmail(page);
      await enter(page, await world.code());
      await page.waitForURL(`${back}?**`);
      await page.goBack();
      expect(await page.getByRole('heading', { level: 1 }).textContent()).toBe('You are confirmed');
      await isFit(page, 'done-onward');
      await page.getByRole('link', { name: 'Continue to Harbour' }).click();
      await page.waitForURL(`${back}?**`);
    });

    it('S2.55: the code field has the focus, takes pastes with blanks, and is offered the code of the message', async () => {
      const page = await open(view);
      await askByEmail(page);
      await expect.poll(() => page.evaluate(() => document.activeElement?.id)).toBe('code');
      const field = page.getByLabel('6-digit code');
      expect(await field.getAttribute('autocomplete')).toBe('one-time-code');
      expect(await field.getAttribute('inputmode')).toBe('numeric');
      const code = await world.code();
      await field.focus();
      await page.keyboard.insertText(` ${code.slice(0, 3)}-${code.slice(3)}\u00a0`);
      await page.getByRole('button', { name: 'Confirm' }).click();
      await page.waitForURL(`${back}?**`);
    });

    it('S2.56: the choice shows the field that belongs to it', async () => {
      const page = await open(view);
      expect([await page.locator('#phone').isVisible(), await page.locator('#email').isVisible()]).toEqual([
        true,
        false,
      ]);
      await page.getByText('E-mail', { exact: true }).click();
      expect([await page.locator('#phone').isVisible(), await page.locator('#email').isVisible()]).toEqual([
        false,
        true,
      ]);
      expect(await page.locator('#email').getAttribute('placeholder')).toBe('you@example.com');
    });

    it('S2.51: SQL in a field is only a bad address', async () => {
      const page = await open(view);
      await askByEmail(page, "x'; DROP TABLE verifications;--@a.example");
      expect(await page.locator('#email-error').count()).toBe(1);
    });

    it('the language switch keeps where the flow is to end', async () => {
      const page = await open(view, { path: '/otp/request?state=s1' });
      await page.getByLabel('Language').selectOption('de');
      await page.locator('footer button').click();
      expect(await page.locator('html').getAttribute('lang')).toBe('de');
      expect(new URL(page.url()).searchParams.get('state')).toBe('s1');
      await page.goto(`${base}/otp/request`);
      expect(await page.locator('html').getAttribute('lang')).toBe('de');
      await isFit(page, 'request-de');
    });

    it('a page of the API’s own verification is claimed by a press and leads back', async () => {
      const page = await open(view);
      const started = await world.service.verify.start(world.caller(), { to: EMAIL, return_url: back });
      if (!started.ok) throw new Error('not started');
      const { hosted_url: url, id } = started.value.verification;
      await page.goto(url ?? '');
      await isFit(page, 'link');
      await page.getByRole('button', { name: 'Continue' }).click();
      await enter(page, await world.code());
      await page.waitForURL(`${back}?**`);
      expect(new URL(page.url()).searchParams.get('state')).toBe(id);
    });
  });

  // Where scripts run the button waits by the browser's own clock: S2.47 shows that.
  it('S2.41, S2.59: after a resend with a new code the old one no longer works', async () => {
    const page = await open(VIEWS[1], { policy: { resend_code: 'new' } });
    await askByEmail(page);
    const old = await world.code();
    world.clock.now += 31_000;
    await page.getByRole('button', { name: 'Send again' }).click();
    expect(await page.getByRole('status').first().textContent()).toContain('Sent again.');
    const fresh = await world.code();
    if (old !== fresh) {
      await enter(page, old);
      expect(await page.locator('.error').textContent()).toContain('That code is not right.');
    }
    await enter(page, fresh);
    await page.waitForURL(`${back}?**`);
  });

  it('S2.47, S2.57: too early for another message is said by the server, and shown by the button where scripts run', async () => {
    const page = await open(VIEWS[1]);
    await askByEmail(page);
    await page.getByRole('button', { name: 'Send again' }).click();
    expect(await page.getByRole('status').first().textContent()).toContain('Try again after');
    expect(await page.getByRole('button', { name: 'Send again' }).isEnabled()).toBe(true);
    const withScripts = await browser.newContext({ locale: 'en-AU' });
    const other = await withScripts.newPage();
    await other.goto(`${base}/otp/request`);
    await askByEmail(other, 'noor@bluegum.example');
    await other.locator('button[disabled]').waitFor();
    expect(await other.locator('button[disabled]').textContent()).toMatch(/^Send again 0:\d\d$/);
    await expect.poll(() => other.locator('[role=timer]').textContent(), { timeout: 10_000 }).toMatch(/^9:5/);
    await withScripts.close();
  });

  it('stays under 20 kB for each page, all files together', async () => {
    const page = await open(VIEWS[0]);
    const sizes: Record<string, number> = {};
    for (const [name, act] of [
      ['request', () => page.reload()],
      ['verify', () => askByEmail(page)],
    ] as const) {
      const session = await context.newCDPSession(page);
      await session.send('Network.enable');
      await session.send('Network.setCacheDisabled', { cacheDisabled: true });
      let bytes = 0;
      session.on('Network.loadingFinished', ({ encodedDataLength }) => (bytes += encodedDataLength));
      await act();
      await page.waitForLoadState('networkidle');
      sizes[name] = bytes;
      await session.detach();
    }
    console.info('bytes transferred, headers included:', sizes);
    expect(Math.max(...Object.values(sizes))).toBeLessThan(20_480);
    expect(Math.min(...Object.values(sizes))).toBeGreaterThan(2_000);
  });
});

async function listen(server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
