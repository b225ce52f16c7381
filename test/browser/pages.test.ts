import type { AddressInfo } from 'node:net';
import { createServer, type Server } from 'node:http';
import { getRequestListener } from '@hono/node-server';
import axe from 'axe-core';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openApiDocument, ROUTES } from '../../src/http/index.ts';
import { createPages, renderErrorPage, type PagesOptions } from '../../src/web/index.ts';
import { EMAIL, fakeService, NOT_ME_VIEWS, pagesOptions, SMS, VOICE } from '../web/fake-service.ts';
import { canBrowse, launchChromium } from './chromium.ts';

const VIEWS = [390, 1280].flatMap((width) => (['light', 'dark'] as const).map((theme) => ({ width, theme })));

const PATHS = [
  '/',
  '/dev/inbox',
  '/dev/inbox?message=snd_01EMAIL',
  '/dev/inbox?to=nobody@bluegum.example',
  '/docs',
  '/docs/errors',
  '/docs/policies',
  '/nowhere',
  '/fails/500',
  '/fails/503',
  '/empty/dev/inbox',
  ...Object.keys(NOT_ME_VIEWS).map((name) => `/not-me/${name}`),
  '/not-me/gone',
];

/** Where to put pictures of every page for people to look at; nowhere by default. */
const SHOTS = process.env['WATCHWORD_SHOTS'];

describe.skipIf(!canBrowse())('pages in a browser', { timeout: 60_000 }, () => {
  let browser: Browser;
  let server: Server;
  let base: string;

  beforeAll(async () => {
    server = createServer(getRequestListener((request) => site(request, base)));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    browser = await launchChromium();
  });

  afterAll(async () => {
    await browser?.close();
    server?.closeAllConnections();
    server?.close();
  });

  async function visit(path: string, view: { width: number; theme: 'light' | 'dark'; scripts?: boolean }) {
    const context = await browser.newContext({
      viewport: { width: view.width, height: 900 },
      colorScheme: view.theme,
      javaScriptEnabled: view.scripts ?? true,
    });
    const page = await context.newPage();
    const complaints = complaintsOf(page);
    await page.goto(`${base}${path}`);
    return { page, complaints, close: () => context.close() };
  }

  describe.each(VIEWS)('at $width px, $theme', (view) => {
    it.each(PATHS)('%s breaks no accessibility rule, loads everything and does not scroll sideways', async (path) => {
      const { page, complaints, close } = await visit(path, view);
      await page.evaluate(() => document.querySelectorAll('details').forEach((details) => (details.open = true)));
      await page.evaluate(axe.source);
      const { violations } = await page.evaluate<axe.AxeResults>(`axe.run({ resultTypes: ['violations'] })`);
      expect(violations.map(({ id, nodes }) => ({ id, nodes: nodes.map((node) => node.html) }))).toEqual([]);
      expect(complaints).toEqual([]);
      expect(await overflow(page)).toBe(0);
      if (SHOTS !== undefined) await shoot(page, `${SHOTS}/${nameOf(path)}-${view.width}-${view.theme}.png`);
      await close();
    });
  });

  it.each(PATHS)('%s fits a window of 320 px', async (path) => {
    const { page, close } = await visit(path, { width: 320, theme: 'light' });
    expect(await overflow(page)).toBe(0);
    await close();
  });

  it('finds, shows and empties messages without scripts', async () => {
    const { page, close } = await visit('/dev/inbox', { width: 1280, theme: 'light', scripts: false });
    await page.getByLabel('To', { exact: true }).fill('mara@bluegum.example');
    await page.getByRole('button', { name: 'Find' }).click();
    expect(await page.locator('.pick li').count()).toBe(1);
    expect(await page.locator('mark').allTextContents()).toEqual(['771902']);
    await page.goto(`${base}/dev/inbox`);
    await page.getByRole('link', { name: /61491570156/ }).click();
    expect(await page.locator('.pick [aria-current]').textContent()).toContain('+61491570156');
    await page.getByRole('button', { name: 'Empty the inbox' }).click();
    expect(page.url()).toBe(`${base}/dev/inbox?emptied=1`);
    expect(await page.getByRole('status').first().textContent()).toContain('Inbox emptied.');
    await close();
  });

  it('lets the keyboard reach the main content first', async () => {
    const { page, close } = await visit('/docs', { width: 1280, theme: 'light' });
    await page.keyboard.press('Tab');
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('Skip to main content');
    await close();
  });
});

/** The pages with plausible data; `/fails/<status>` shows an error page, `/empty` a service that sent nothing yet. */
async function site(request: Request, base: string): Promise<Response> {
  const options: PagesOptions = pagesOptions({
    publicUrl: base,
    openapi: () => openApiDocument(ROUTES, { version: '0.1.0', publicUrl: base }),
    randomId: () => 'req_01JD4Z6F2M',
  });
  const { pathname } = new URL(request.url);
  const status = /^\/fails\/(500|503)$/.exec(pathname)?.[1];
  if (status !== undefined) return renderErrorPage(Number(status) as 500 | 503, 'req_01JD4Z6F2M', options);
  const empty = pathname.startsWith('/empty');
  const pages = createPages(fakeService(empty ? [] : [SMS, EMAIL, VOICE]).service, options);
  return pages.request(empty ? pathname.slice('/empty'.length) : request);
}

/** Everything the browser reports about a page, from failed files to breaches of its policy. */
function complaintsOf(page: Page): string[] {
  const complaints: string[] = [];
  page.on('console', (message) => {
    // The page itself may be a 404 or a 500: that is what it is for.
    if (message.type() === 'error' && !message.text().includes('Failed to load resource'))
      complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('response', (answer) => {
    if (answer.request().resourceType() !== 'document' && answer.status() >= 400) complaints.push(answer.url());
  });
  return complaints;
}

function overflow(page: Page): Promise<number> {
  return page.evaluate(() => Math.max(0, document.documentElement.scrollWidth - document.documentElement.clientWidth));
}

async function shoot(page: Page, path: string): Promise<void> {
  await page.evaluate(() => document.querySelectorAll('details').forEach((details) => (details.open = false)));
  const height = await page.evaluate(() => document.documentElement.scrollHeight);
  const width = page.viewportSize()?.width ?? 0;
  await page.screenshot({ path, fullPage: true, clip: { x: 0, y: 0, width, height: Math.min(height, 3000) } });
}

function nameOf(path: string): string {
  return path === '/' ? 'welcome' : path.slice(1).replace(/[^a-z0-9]+/gi, '-');
}
