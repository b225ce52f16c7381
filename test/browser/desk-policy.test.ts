import type { AddressInfo } from 'node:net';
import { createServer, type Server } from 'node:http';
import { getRequestListener } from '@hono/node-server';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { PORTAL_ROUTES } from '../../src/web/portal/routes.ts';
import { createDeskWorld, type DeskWorld, PASSWORD } from '../support/desk.ts';
import { fillDesk, pathsOf } from '../support/full-desk.ts';
import { canBrowse, launchChromium } from './chromium.ts';
import { choose, tabTo, typeInto } from './keyboard.ts';

const PLANTED = [
  '<script>window.ran = true</script>',
  '<p style="color: red" onclick="alert(1)">planted</p>',
  '<img src="https://evil.example/x.png" alt="">',
].join('');

describe.skipIf(!canBrowse())('the desk in a browser', { timeout: 300_000 }, () => {
  let browser: Browser;
  let world: DeskWorld;
  let server: Server;
  let base: string;
  let paths: readonly string[];
  const contexts: BrowserContext[] = [];

  beforeAll(async () => {
    browser = await launchChromium();
    server = createServer(getRequestListener((request) => world.pages.fetch(request)));
    await new Promise<void>((resolve) => server.listen(0, 'localhost', resolve));
    base = `http://localhost:${(server.address() as AddressInfo).port}`;
    // With a public address that has passkeys, so that their pages are looked at too.
    world = await createDeskWorld({
      publicUrl: base,
      policies: { caller_check: { preset: 'desk', override: 'with_note' } },
    });
    paths = pathsOf(await fillDesk(world));
    await world.hire('admin', { name: 'Noor Haddad' });
    await world.service.applications.update(world.caller(), world.application.id, { default_country: 'AU' });
    world.clock.now += 1_000;
  }, 120_000);
  afterEach(async () => void (await Promise.all(contexts.splice(0).map((context) => context.close()))));
  afterAll(async () => {
    await browser?.close();
    server?.closeAllConnections();
    server?.close();
    await world?.close();
  });

  /** A page with what its browser reports: breaches of the policy of contents, and faults of scripts. */
  async function open(role: string | null, scripts = true): Promise<{ page: Page; reports: string[] }> {
    const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, javaScriptEnabled: scripts });
    contexts.push(context);
    if (role !== null) {
      await world.service.worker.tick();
      const desk = world.browser();
      await desk.signIn(`${role}@acme.example`);
      await context.addCookies([...desk.cookies].map(([name, value]) => ({ name, value, url: base })));
    }
    const page = await context.newPage();
    const reports: string[] = [];
    const cdp = await context.newCDPSession(page);
    await cdp.send('Log.enable');
    cdp.on('Log.entryAdded', ({ entry }) => {
      if (entry.source === 'security' || /Content Security Policy/i.test(entry.text)) reports.push(entry.text);
    });
    await page.exposeFunction('noteBreach', (text: string) => void reports.push(text));
    await page.addInitScript(`document.addEventListener('securitypolicyviolation', (event) =>
      noteBreach(event.effectiveDirective + ' ' + event.blockedURI))`);
    page.on('console', (message) => {
      if (/Content Security Policy|Refused to/i.test(message.text())) reports.push(message.text());
    });
    page.on('pageerror', (error) => reports.push(error.message));
    return { page, reports };
  }

  describe('reports no breach of its policy of contents', () => {
    it.each([{ scripts: true }, { scripts: false }])('on every page of an administrator, %o', async ({ scripts }) => {
      const { page, reports } = await open('admin', scripts);
      expect(paths.length).toBeGreaterThan(40);
      for (const path of paths) {
        await page.goto(`${base}${path}`);
        expect([path, reports]).toEqual([path, []]);
      }
    });

    it('on the pages of an auditor, of signing in, and of what is not there', async () => {
      const { page, reports } = await open('auditor');
      for (const path of ['/desk', '/desk/audit', '/desk/records', '/desk/insights', '/desk/agents', '/desk/nowhere']) {
        await page.goto(`${base}${path}`);
        expect([path, reports]).toEqual([path, []]);
      }
      const strange = await open(null);
      const welcome = PORTAL_ROUTES.filter(({ method, right }) => method === 'GET' && right === 'public');
      expect(welcome.length).toBeGreaterThan(5);
      for (const { path } of welcome) {
        await strange.page.goto(`${base}${path.replace(':token', 'x.y')}`);
        expect([path, strange.reports]).toEqual([path, []]);
      }
    });

    it('on a page that is followed while it is open', async () => {
      const { page, reports } = await open('admin');
      const live = paths.find((path) => /\/verifications\/vrf_\w+$/.test(path)) ?? '';
      await page.goto(`${base}${live}`);
      await world.service.desk.live.look();
      await page.reload();
      expect(reports).toEqual([]);
    });
  });

  it.each([{ scripts: true }, { scripts: false }])(
    'reports what somebody planted in a page, and runs none of it, %o',
    async ({ scripts }) => {
      const { page, reports } = await open('admin', scripts);
      await page.route('**/desk/agents', async (route) => {
        const response = await route.fetch();
        const body = (await response.text()).replace('</main>', `${PLANTED}</main>`);
        await route.fulfill({ response, body });
      });
      await page.goto(`${base}/desk/agents`);
      await expect.poll(() => reports.join('\n')).toMatch(/style-src/);
      expect(reports.join('\n')).toMatch(/img-src/);
      if (!scripts) return;
      expect(reports.join('\n')).toMatch(/script-src-elem inline/);
      expect(reports.join('\n')).toMatch(/script-src-attr inline/);
      expect(await page.evaluate(() => 'ran' in window)).toBe(false);
      expect(
        await page.evaluate(`getComputedStyle(document.querySelector('main > p:last-of-type') ?? document.body).color`),
      ).not.toBe('rgb(255, 0, 0)');
    },
  );

  describe('takes the keyboard alone', () => {
    async function signIn(page: Page): Promise<void> {
      await world.service.worker.tick();
      await page.goto(`${base}/desk/sign-in`);
      await typeInto(page, 'Username', 'agent@acme.example');
      await page.keyboard.press('Tab');
      await page.keyboard.type(PASSWORD);
      await page.keyboard.press('Enter');
      await page.waitForURL(/second-factor/);
      await world.service.worker.tick();
      await typeInto(page, '6-digit code', world.sink.last().code.reveal());
      await page.keyboard.press('Enter');
      await page.waitForURL(`${base}/desk`);
    }

    async function send(page: Page): Promise<void> {
      await page.goto(`${base}/desk`);
      await typeInto(page, 'Mobile number', '0491 579 999');
      await tabTo(page, 'Reason');
      await choose(page, 'SIM swap');
      await tabTo(page, 'Send code');
      await page.keyboard.press('Enter');
      await page.waitForURL(/\/desk\/verifications\/vrf_/);
      await world.service.worker.tick();
    }

    it.each([{ scripts: true }, { scripts: false }])(
      'from signing in to a caller who is verified, %o',
      async ({ scripts }) => {
        world.clock.now += 3_600_000;
        const { page, reports } = await open(null, scripts);
        await signIn(page);
        await send(page);
        await typeInto(page, 'One-time passcode', world.sink.last().code.reveal());
        await page.keyboard.press('Enter');
        await page.getByRole('heading', { name: 'Caller verified' }).waitFor();
        expect(reports).toEqual([]);
      },
    );

    it('to a skip with its reasons, and out of the desk', async () => {
      world.clock.now += 3_600_000;
      const { page, reports } = await open(null);
      await signIn(page);
      await send(page);
      await tabTo(page, 'Skip with a reason');
      await page.keyboard.press('Enter');
      await page.waitForURL(/\/skip$/);
      await tabTo(page, 'Why no code was used');
      await page.keyboard.press('ArrowDown');
      await tabTo(page, 'How you confirmed who it is');
      await page.keyboard.press('ArrowDown');
      await page.keyboard.press('Tab');
      await page.keyboard.type('Passport seen in the shop.');
      await tabTo(page, 'Record the skip');
      await page.keyboard.press('Enter');
      await page.waitForURL(/\/desk\/verifications\/vrf_\w+$/);
      const id = page.url().split('/').at(-1) ?? '';
      expect(await world.service.verify.get(world.caller(), id)).toMatchObject({ value: { status: 'skipped' } });
      await tabTo(page, 'Sign out');
      await page.keyboard.press('Enter');
      await page.waitForURL(/sign-in\?said=signed_out/);
      expect(reports).toEqual([]);
    });
  });
});
