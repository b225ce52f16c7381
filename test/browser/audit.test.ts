import type { AddressInfo } from 'node:net';
import { createServer, type Server } from 'node:http';
import { getRequestListener } from '@hono/node-server';
import axe from 'axe-core';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadDriver } from '../../src/stores/sqlite/driver.ts';
import { createDeskWorld, PASSWORD, type DeskWorld } from '../support/desk.ts';
import { canBrowse, launchChromium } from './chromium.ts';

const VIEWS = [390, 1280].flatMap((width) => (['light', 'dark'] as const).map((theme) => ({ width, theme })));
/** Where to put pictures for people to look at; nowhere by default. */
const SHOTS = process.env['WATCHWORD_SHOTS'];

describe.skipIf(!canBrowse())('the audit log and insights in a browser', { timeout: 120_000 }, () => {
  let browser: Browser;
  let server: Server;
  let world: DeskWorld;
  let base: string;

  beforeAll(async () => {
    world = await createDeskWorld();
    const listener = getRequestListener((request) => world.pages.fetch(request));
    server = createServer(listener);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    browser = await launchChromium();
    await world.hire('auditor', { name: 'Ana Duarte' });
    await traffic(world);
  });

  afterAll(async () => {
    await browser?.close();
    server?.closeAllConnections();
    server?.close();
    await world?.close();
  });

  async function signIn(view: { width: number; theme: 'light' | 'dark'; scripts?: boolean }) {
    const context = await browser.newContext({
      viewport: { width: view.width, height: 900 },
      colorScheme: view.theme,
      javaScriptEnabled: view.scripts ?? true,
    });
    const page = await context.newPage();
    await page.goto(`${base}/desk/sign-in`);
    await page.fill('#username', 'auditor@acme.example');
    await page.fill('input[type=password]', PASSWORD);
    await page.click('main button.btn-main');
    await world.service.worker.tick();
    await page.fill('#code', world.sink.last().code.reveal());
    await page.click('main button.btn-main');
    return { page, context };
  }

  /** What is wrong with the page as it stands: accessibility, and scrolling sideways. */
  async function faultsOf(page: Page, name: string): Promise<unknown[]> {
    await page.evaluate(() => document.querySelectorAll('details').forEach((details) => (details.open = true)));
    await page.evaluate(axe.source);
    const { violations } = await page.evaluate<axe.AxeResults>(`axe.run({ resultTypes: ['violations'] })`);
    const wide = await page.evaluate(() => document.documentElement.scrollWidth > window.innerWidth);
    if (SHOTS !== undefined) await page.screenshot({ path: `${SHOTS}/${name}.png`, fullPage: true });
    return [
      ...violations.map(({ id, nodes }) => ({ id, nodes: nodes.map((node) => node.html) })),
      ...(wide ? ['scrolls sideways'] : []),
    ];
  }

  describe.each(VIEWS)('at $width px, $theme', (view) => {
    it('breaks no accessibility rule and does not scroll sideways', async () => {
      const { page, context } = await signIn(view);
      for (const path of PATHS) {
        await page.goto(`${base}${path}`);
        const name = `${path.slice(6).replaceAll(/\W+/g, '-')}-${view.width}-${view.theme}`;
        expect([path, await faultsOf(page, name)]).toEqual([path, []]);
      }
      await context.close();
    });
  });

  it.each([true, false])(
    'is verified by a press, found broken after an edit, and exported (scripts: %s)',
    async (scripts) => {
      const { page, context } = await signIn({ width: 1280, theme: 'light', scripts });
      await page.goto(`${base}/desk/audit`);
      await page.click('text=Verify');
      await page.waitForSelector('.verdict.is-good');
      const [download] = await Promise.all([page.waitForEvent('download'), page.click('text=Export with proofs')]);
      expect(download.suggestedFilename()).toMatch(/^audit-\d{4}-\d\d-\d\d\.jsonl$/);
      const [first] = await world.store.documents.list({ kind: 'audit', limit: 1 });
      await edit(`UPDATE documents SET created_at = created_at + 1 WHERE id = ?`, first?.id ?? '');
      await page.click('text=Verify now');
      await page.waitForSelector('.verdict.is-bad');
      expect(await page.textContent('.verdict')).toContain(first?.id);
      if (scripts) expect(await faultsOf(page, 'audit-broken-1280')).toEqual([]);
      await edit(`UPDATE documents SET created_at = created_at - 1 WHERE id = ?`, first?.id ?? '');
      await page.click('text=Verify again');
      await page.waitForSelector('.verdict.is-good');
      await page.selectOption('#what', 'sign-ins');
      await page.click('main form.filters button');
      await page.waitForURL(/what=sign-ins/);
      expect(await page.textContent('table')).toContain('Signed in');
      expect(await page.textContent('table')).not.toContain('Verified this log');
      await context.close();
    },
  );

  async function edit(sql: string, id: string): Promise<void> {
    const { DatabaseSync } = await loadDriver();
    const file = new DatabaseSync(world.path);
    file.prepare(sql).run(id);
    file.close();
  }
});

const PATHS = [
  '/desk/audit',
  '/desk/audit?q=nothing-there',
  '/desk/insights',
  '/desk/insights?from=2020-01-01&until=2020-01-02',
];

async function traffic(world: DeskWorld): Promise<void> {
  const caller = world.caller();
  for (let made = 0; made < 30; made++) {
    const { id, code } = await world.startAndRead(`+1415555${2000 + made}`);
    world.clock.now += 20_000;
    if (made % 4 !== 0) await world.service.verify.check(caller, id, { code });
    world.clock.now += 60_000;
  }
  await world.service.keys.create(world.application, { mode: 'test', scopes: ['send'] }, caller.actor);
  await world.service.webhooks.create(caller, { url: 'https://example.com/hook' });
  await world.service.audit.verify(caller);
  await world.service.insights.count();
}
