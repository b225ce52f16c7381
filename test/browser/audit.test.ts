import type { AddressInfo } from 'node:net';
import { createServer, type Server } from 'node:http';
import { getRequestListener } from '@hono/node-server';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadDriver } from '../../src/stores/sqlite/driver.ts';
import { createDeskWorld, PASSWORD, type DeskWorld } from '../support/desk.ts';
import { canBrowse, launchChromium } from './chromium.ts';
import { faultsIn } from './looks.ts';

describe.skipIf(!canBrowse())('the audit log and insights in a browser', { timeout: 300_000 }, () => {
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

  async function signIn(scripts = true) {
    const context = await browser.newContext({
      viewport: { width: 1280, height: 900 },
      javaScriptEnabled: scripts,
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

  it('breaks no accessibility rule and does not scroll sideways', async () => {
    const { page, context } = await signIn();
    for (const path of PATHS) {
      await page.goto(`${base}${path}`);
      await page.evaluate(() => document.querySelectorAll('details').forEach((details) => (details.open = true)));
      expect(await faultsIn(page, path.slice(6).replaceAll(/\W+/g, '-'))).toEqual([]);
    }
    await context.close();
  });

  it.each([true, false])(
    'is verified by a press, found broken after an edit, and exported (scripts: %s)',
    async (scripts) => {
      const { page, context } = await signIn(scripts);
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
      if (scripts) expect(await faultsIn(page, 'audit-broken')).toEqual([]);
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
  await world.service.keys.create(world.application, { mode: 'test', scopes: ['send'] }, caller);
  await world.service.webhooks.create(caller, { url: 'https://example.com/hook' });
  await world.service.audit.verify(caller);
  await world.service.insights.count();
}
