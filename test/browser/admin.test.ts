import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { getRequestListener } from '@hono/node-server';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createDeskWorld, type DeskWorld } from '../support/desk.ts';
import { png } from '../web/hosted/png.ts';
import { canBrowse, launchChromium } from './chromium.ts';
import { expectCopied } from './copying.ts';
import { complaintsOf, faultsIn } from './looks.ts';

/** Below the application. */
const PAGES = [
  '',
  '/policies/caller_check',
  '/policies/caller_check/versions',
  '/limits',
  '/stop',
  '/providers',
  '/templates',
  '/templates/new',
  '/keys',
  '/webhooks',
  '/lists',
  '/suppressions',
  '/access',
];

describe.skipIf(!canBrowse())('administration in a browser', { timeout: 300_000 }, () => {
  let world: DeskWorld;
  let browser: Browser;
  let server: Server;
  let base: string;
  let application: string;
  let cookies: { readonly name: string; readonly value: string }[];

  beforeAll(async () => {
    world = await createDeskWorld({ policies: { caller_check: { preset: 'desk', override: 'with_review' } } });
    server = createServer(getRequestListener((request) => world.pages.fetch(request)));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    browser = await launchChromium();
    await world.hire('admin', { name: 'Noor Haddad' });
    const desk = world.browser();
    await desk.signIn('admin@acme.example');
    cookies = [...desk.cookies].map(([name, value]) => ({ name, value }));
    application = `/desk/applications/${world.application.id}`;
    await world.service.keys.create(world.application, {
      mode: 'live',
      scopes: ['send', 'check'],
      name: 'CRM connector',
    });
    await world.service.webhooks.create(world.caller(), { url: 'https://hooks.harbour.example/watchword' });
    await world.service.suppressions.add(world.caller(), { to: '+61491570156' });
    await world.service.templates.put(world.caller(), { channel: 'sms', text: '{brand} code: {code}', locale: 'en' });
    const late = await world.startAndRead('+61491570157', { purpose: 'caller_check' });
    world.clock.now += 150_000;
    await world.service.verify.check(world.caller(), late.id, { code: late.code });
    const policy = { preset: 'desk', override: 'with_review' } as const;
    await world.service.applications.putPolicy(world.caller(), 'caller_check', { ...policy, ttl_seconds: 240 });
    await world.service.applications.putPolicy(world.caller(), 'caller_check', { ...policy, max_checks: 4 });
  }, 120_000);

  afterAll(async () => {
    await browser?.close();
    server?.closeAllConnections();
    server?.close();
    await world?.close();
  });

  /** Somebody who is signed in. */
  async function visitor(look: { width: number; scripts?: boolean }): Promise<BrowserContext> {
    const { width, scripts = true } = look;
    const context = await browser.newContext({ viewport: { width, height: 900 }, javaScriptEnabled: scripts });
    await context.addCookies(cookies.map((cookie) => ({ ...cookie, url: base })));
    return context;
  }

  async function open(path: string, look: { width: number; scripts?: boolean }): Promise<Page> {
    const page = await (await visitor(look)).newPage();
    await page.goto(`${base}${path}`);
    return page;
  }

  describe('each page (S2.79)', () => {
    let page: Page;
    let complaints: string[];
    beforeAll(async () => {
      page = await (await visitor({ width: 390 })).newPage();
      complaints = complaintsOf(page);
    });
    afterAll(() => page?.context().close());

    it.each(['/desk/applications', '/desk/applications/new', ...PAGES.map((below) => `:app${below}`)])(
      '%s breaks no accessibility rule, complains of nothing and does not scroll sideways',
      async (path) => {
        const answer = await page.goto(`${base}${path.replace(':app', application)}`);
        expect(answer?.status()).toBe(200);
        expect(await page.locator('h1').count()).toBe(1);
        expect(await faultsIn(page, path.replace(/[^a-z]+/g, '-').replace(/^-/, ''))).toEqual([]);
        expect(complaints.splice(0)).toEqual([]);
      },
    );
  });

  it.each([true, false])(
    'makes a key that is shown once, and revokes it after a question (scripts: %s)',
    async (scripts) => {
      const page = await open(`${application}/keys`, { width: 1280, scripts });
      const name = scripts ? 'Billing' : 'Billing without scripts';
      await page.getByLabel('Name', { exact: true }).fill(name);
      await page.getByRole('button', { name: 'Create key' }).click();
      const key = await page.getByLabel('New API key').inputValue();
      expect(key).toMatch(/^ww_test_/);
      expect(page.url()).not.toContain(key);
      await expectCopied(page, { name: 'Copy New API key', text: key, scripts });
      if (scripts) expect(await faultsIn(page, 'key-made')).toEqual([]);
      await page.getByRole('link', { name: 'I have stored it' }).click();
      expect(await page.content()).not.toContain(key);
      await page.getByRole('link', { name: `Revoke ${name}`, exact: true }).click();
      await page.getByRole('button', { name: 'Revoke the key' }).click();
      expect(await page.getByRole('status').first().textContent()).toContain(`${name} is revoked.`);
      expect(await world.service.keys.authenticate(key)).toBeNull();
      await page.context().close();
    },
  );

  it.each([true, false])('stops all sends after a question, and says so everywhere (scripts: %s)', async (scripts) => {
    const page = await open(`${application}/limits`, { width: 390, scripts });
    await page.getByRole('link', { name: 'Stop all sends' }).click();
    await page.getByRole('button', { name: 'Stop all sends' }).click();
    await page.goto(`${base}/desk`);
    expect(await page.locator('main').textContent()).toContain('are stopped.');
    await page.getByRole('link', { name: 'Start them again' }).click();
    await page.getByRole('button', { name: 'Start sending again' }).click();
    await page.goto(`${base}/desk`);
    expect(await page.locator('main').textContent()).not.toContain('are stopped.');
    await page.context().close();
  });

  it.each([true, false])(
    'tries a policy on last week’s traffic, and brings an earlier version back (scripts: %s)',
    async (scripts) => {
      const page = await open(`${application}/policies/caller_check`, { width: 390, scripts });
      const complaints = complaintsOf(page);
      await page.getByLabel('Valid for, in seconds').fill('60');
      await page.getByRole('button', { name: 'Try on last week’s traffic' }).click();
      const trial = page.getByRole('region', { name: 'Tried on last week’s traffic' });
      expect(await trial.textContent()).toContain('Verified after the code would have ended');
      expect(await page.getByLabel('Valid for, in seconds').inputValue()).toBe('60');
      if (scripts) expect(await faultsIn(page, 'policy-trial')).toEqual([]);
      await page.getByRole('link', { name: 'Earlier versions' }).click();
      await page.getByRole('button', { name: 'Restore version 1', exact: true }).click();
      expect(await page.getByRole('status').first().textContent()).toContain('Version 1 is restored as version');
      await page.getByLabel('Valid for, in seconds').fill('250');
      await page.getByRole('button', { name: /^Save as version/ }).click();
      expect(await page.getByRole('status').first().textContent()).toContain('Saved as version');
      expect(complaints).toEqual([]);
      await page.context().close();
    },
  );

  it.each([true, false])('takes a logo as a file, and leads to one that it refuses (scripts: %s)', async (scripts) => {
    const page = await open(application, { width: scripts ? 390 : 1280, scripts });
    const complaints = complaintsOf(page);
    const choose = async (side: number): Promise<void> => {
      await page.getByLabel('Picture').setInputFiles({ name: 'logo.png', mimeType: 'image/png', buffer: png(side) });
      await page.getByRole('button', { name: 'Use this picture' }).click();
    };
    await choose(600);
    expect(await page.locator('#logo-error').textContent()).toContain('16 to 512 pixels');
    expect(await page.locator(':focus').getAttribute('id')).toBe('logo');
    if (scripts) expect(await faultsIn(page, 'logo-refused')).toEqual([]);
    await choose(64);
    expect(await page.getByRole('status').first().textContent()).toContain('The logo is saved.');
    const shown = page.getByAltText(/^Logo of /);
    expect(await shown.evaluate((image) => (image as HTMLImageElement).naturalWidth)).toBe(64);
    await page.getByRole('button', { name: 'Take it off' }).click();
    expect(await shown.count()).toBe(0);
    // The refused file answers 422, which Chromium notes.
    expect(complaints.filter((text) => !text.includes('422'))).toEqual([]);
    await page.context().close();
  });

  it('shows a message before it is saved, without scripts', async () => {
    const page = await open(`${application}/templates/new`, { width: 1280, scripts: false });
    await page.getByLabel('Text').fill('{brand}: {code} gilt {time}. Ü');
    await page.getByRole('button', { name: 'Look at it' }).click();
    expect(await page.getByRole('region', { name: 'The message' }).textContent()).toContain('gilt');
    expect(await page.getByLabel('Text').inputValue()).toContain('gilt');
    await page.context().close();
  });
});
