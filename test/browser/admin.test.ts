import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { getRequestListener } from '@hono/node-server';
import axe from 'axe-core';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createDeskWorld, type DeskWorld } from '../support/desk.ts';
import { canBrowse, launchChromium } from './chromium.ts';

const VIEWS = [390, 1280].flatMap((width) => (['light', 'dark'] as const).map((theme) => ({ width, theme })));
/** Below the application. */
const PAGES = [
  '',
  '/policies/caller_check',
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
/** Where to put pictures of every page for people to look at; nowhere by default. */
const SHOTS = process.env['WATCHWORD_SHOTS'];

describe.skipIf(!canBrowse())('administration in a browser', { timeout: 240_000 }, () => {
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
  }, 120_000);

  afterAll(async () => {
    await browser?.close();
    server?.closeAllConnections();
    server?.close();
    await world?.close();
  });

  async function open(path: string, view: { width: number; theme: 'light' | 'dark'; scripts?: boolean }) {
    const context = await browser.newContext({
      viewport: { width: view.width, height: 900 },
      colorScheme: view.theme,
      javaScriptEnabled: view.scripts ?? true,
    });
    await context.addCookies(cookies.map((cookie) => ({ ...cookie, url: base })));
    const page = await context.newPage();
    const complaints: string[] = [];
    page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
    page.on('pageerror', (error) => complaints.push(error.message));
    await page.goto(`${base}${path}`);
    return { page, complaints, close: () => context.close() };
  }

  describe.each(VIEWS)('at $width px, $theme', (view) => {
    it.each(['/desk/applications', '/desk/applications/new', ...PAGES.map((below) => `:app${below}`)])(
      '%s breaks no accessibility rule, complains of nothing and does not scroll sideways',
      async (path) => {
        const { page, complaints, close } = await open(path.replace(':app', application), view);
        expect(await page.locator('h1').count()).toBe(1);
        await page.evaluate(axe.source);
        const { violations } = await page.evaluate<axe.AxeResults>(`axe.run({ resultTypes: ['violations'] })`);
        expect(violations.map(({ id, nodes }) => ({ id, nodes: nodes.map((node) => node.html) }))).toEqual([]);
        expect(complaints).toEqual([]);
        const sideways = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
        expect(sideways).toBeLessThanOrEqual(0);
        const name = path.replace(/[^a-z]+/g, '-').replace(/^-/, '');
        if (SHOTS !== undefined)
          await page.screenshot({ path: `${SHOTS}/${name}-${view.width}-${view.theme}.png`, fullPage: true });
        await close();
      },
    );
  });

  it.each([true, false])(
    'makes a key that is shown once, and revokes it after a question (scripts: %s)',
    async (scripts) => {
      const { page, close } = await open(`${application}/keys`, { width: 1280, theme: 'light', scripts });
      const name = scripts ? 'Billing' : 'Billing without scripts';
      await page.getByLabel('Name', { exact: true }).fill(name);
      await page.getByRole('button', { name: 'Create key' }).click();
      const key = await page.getByLabel('New API key').inputValue();
      expect(key).toMatch(/^ww_test_/);
      expect(page.url()).not.toContain(key);
      await page.getByRole('link', { name: 'I have stored it' }).click();
      expect(await page.content()).not.toContain(key);
      await page.getByRole('link', { name: `Revoke ${name}`, exact: true }).click();
      await page.getByRole('button', { name: 'Revoke the key' }).click();
      expect(await page.getByRole('status').first().textContent()).toContain(`${name} is revoked.`);
      expect(await world.service.keys.authenticate(key)).toBeNull();
      await close();
    },
  );

  it.each([true, false])('stops all sends after a question, and says so everywhere (scripts: %s)', async (scripts) => {
    const { page, close } = await open(`${application}/limits`, { width: 390, theme: 'dark', scripts });
    await page.getByRole('link', { name: 'Stop all sends' }).click();
    await page.getByRole('button', { name: 'Stop all sends' }).click();
    await page.goto(`${base}/desk`);
    expect(await page.locator('main').textContent()).toContain('are stopped.');
    await page.getByRole('link', { name: 'Start them again' }).click();
    await page.getByRole('button', { name: 'Start sending again' }).click();
    await page.goto(`${base}/desk`);
    expect(await page.locator('main').textContent()).not.toContain('are stopped.');
    await close();
  });

  it('shows a message before it is saved, without scripts', async () => {
    const view = { width: 1280, theme: 'light', scripts: false } as const;
    const { page, close } = await open(`${application}/templates/new`, view);
    await page.getByLabel('Text').fill('{brand}: {code} gilt {time}. Ü');
    await page.getByRole('button', { name: 'Look at it' }).click();
    expect(await page.getByRole('region', { name: 'The message' }).textContent()).toContain('gilt');
    expect(await page.getByLabel('Text').inputValue()).toContain('gilt');
    await close();
  });
});
