import type { AddressInfo } from 'node:net';
import { createServer, type Server } from 'node:http';
import { getRequestListener } from '@hono/node-server';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openApiDocument, ROUTES } from '../../src/http/index.ts';
import { createPages, renderErrorPage, type PagesOptions } from '../../src/web/index.ts';
import { EMAIL, fakeService, NOT_ME_VIEWS, pagesOptions, SMS, VOICE } from '../web/fake-service.ts';
import { canBrowse, launchChromium } from './chromium.ts';
import { complaintsOf, faultsIn, type Look, LOOKS, tooWide } from './looks.ts';

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

describe.skipIf(!canBrowse())('pages in a browser', { timeout: 600_000 }, () => {
  let browser: Browser;
  let server: Server;
  let base: string;
  let page: Page;
  let complaints: string[];

  beforeAll(async () => {
    server = createServer(getRequestListener((request) => site(request, base)));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    browser = await launchChromium();
    page = await browser.newPage();
    complaints = complaintsOf(page);
  });

  afterAll(async () => {
    await browser?.close();
    server?.closeAllConnections();
    server?.close();
  });

  it.each(PATHS)('%s breaks no accessibility rule, loads everything and does not scroll sideways', async (path) => {
    await page.setViewportSize({ width: 320, height: 900 });
    await page.goto(`${base}${path}`);
    expect(await tooWide(page)).toEqual([]);
    await page.evaluate(() => document.querySelectorAll('details').forEach((details) => (details.open = true)));
    expect(await faultsIn(page, nameOf(path), looksOf(path))).toEqual([]);
    expect(complaints.splice(0)).toEqual([]);
  });

  it('finds, shows and empties messages without scripts', async () => {
    const context = await browser.newContext({ javaScriptEnabled: false });
    const page = await context.newPage();
    await page.goto(`${base}/dev/inbox`);
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
    await context.close();
  });

  it('lets the keyboard reach the main content first', async () => {
    await page.goto(`${base}/docs`);
    await page.keyboard.press('Tab');
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('Skip to main content');
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

/** Of the one page with twenty thousand elements, which axe takes a quarter of a minute for: each width and each theme, once. */
function looksOf(path: string): readonly Look[] {
  if (path !== '/docs') return LOOKS;
  return LOOKS.filter(({ width, theme }) => (width === 390) === (theme === 'dark'));
}

function nameOf(path: string): string {
  return path === '/' ? 'welcome' : path.slice(1).replace(/[^a-z0-9]+/gi, '-');
}
