import type { AddressInfo } from 'node:net';
import { createServer, type Server } from 'node:http';
import { getRequestListener } from '@hono/node-server';
import type { Browser, BrowserContext } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createDeskWorld, type DeskBrowser, type DeskWorld, ORIGIN } from '../support/desk.ts';
import { wrongCode } from '../support/world.ts';
import { canBrowse, launchChromium } from './chromium.ts';
import { clipboardOf, expectCopied } from './copying.ts';
import { awaitFocus, choose, tabTo, typeInto } from './keyboard.ts';
import { complaintsOf, faultsIn, tooWide } from './looks.ts';

const FORM = { channel: 'sms', to: '+61 491 570 156', country: 'AU', reason: 'SIM swap', reference: 'HM-48219' };

describe.skipIf(!canBrowse())('the desk in a browser', { timeout: 300_000 }, () => {
  let browser: Browser;
  let world: DeskWorld;
  let server: Server;
  let base: string;
  let priya: DeskBrowser;
  const contexts: BrowserContext[] = [];

  beforeAll(async () => void (browser = await launchChromium()));
  afterAll(() => browser?.close());
  beforeEach(async () => {
    world = await createDeskWorld({
      policies: { caller_check: { preset: 'desk', override: 'with_review' } },
      publicUrl: ORIGIN,
    });
    await world.service.applications.update(world.caller(), world.application.id, {
      brand: 'Harbour Mobile',
      default_country: 'AU',
    });
    world.clock.now += 1000;
    server = createServer(getRequestListener((request) => world.pages.fetch(request)));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    await world.hire('agent', { name: 'Priya Raman' });
    await world.hire('supervisor', { name: 'Sam Whitlock' });
    priya = await signedIn('agent');
  });
  afterEach(async () => {
    await Promise.all(contexts.splice(0).map((context) => context.close()));
    server.closeAllConnections();
    server.close();
    await world.close();
  });

  async function signedIn(role: string): Promise<DeskBrowser> {
    const opened = world.browser();
    await opened.signIn(`${role}@acme.example`);
    return opened;
  }

  async function visit({ scripts = true }: { scripts?: boolean }, by = priya) {
    const context = await browser.newContext({
      viewport: { width: 1280, height: 900 },
      javaScriptEnabled: scripts,
    });
    contexts.push(context);
    await context.addCookies([...by.cookies].map(([name, value]) => ({ name, value, url: base })));
    const page = await context.newPage();
    return { page, complaints: complaintsOf(page) };
  }

  async function started(typed: Record<string, string> = {}): Promise<{ path: string; code: string }> {
    world.clock.now += 1;
    const { location } = await priya.post('/desk', { ...FORM, once: world.env.randomText(26), ...typed });
    if (!location.startsWith('/desk/verifications/')) throw new Error('nothing was sent');
    await world.service.worker.tick();
    return { path: location, code: world.sink.last().code.reveal() };
  }

  const act = (path: string, name: string, fields: Record<string, string> = {}) =>
    priya.post(`${path}/${name}`, { once: world.env.randomText(26), ...fields });

  /** A day at the desk: every state a page can be in, by name. */
  async function states(): Promise<Record<string, string>> {
    const approved = await started({ to: '+61 491 570 110', reference: 'HM-48216' });
    await act(approved.path, 'check', { code: approved.code });
    const failed = await started({ to: '+44 7400 123456', country: 'GB', reference: 'HM-48214' });
    for (let times = 0; times < 3; times++) await act(failed.path, 'check', { code: wrongCode(failed.code) });
    const canceled = await started({ to: '+61 491 570 157' });
    await act(canceled.path, 'cancel');
    const skipped = await started({ to: '+61 491 570 158', reason: 'Cancel a service' });
    await act(skipped.path, 'skip', {
      cause: 'in_store',
      confirmation: 'photo_identity',
      note: 'Passport seen, Lena Vogt',
    });
    const expired = await started({ to: 'mara@bluegum.example', reason: 'Activation' });
    world.clock.now += 301_000;
    world.sink.answer = () => ({ type: 'failure', kind: 'rejected', retry: 'final', detail: 'unknown subscriber' });
    const undelivered = await started({ to: '+61 491 570 159' });
    world.sink.answer = () => ({ type: 'accepted', messageId: 'm1', segments: 1 });
    const wrong = await started({ to: '+61 491 570 110', reason: 'Activation' });
    world.sink.answer = () => ({ type: 'accepted', messageId: 'm2', segments: 1 });
    const open = await started();
    const linked = await started({ reference: 'HM-48220' });
    await act(linked.path, 'link');
    return {
      desk: '/desk',
      verify: open.path,
      linked: linked.path,
      wrong: wrong.path,
      skip: `${open.path}/skip`,
      'skip-unsent': '/desk/skip',
      approved: approved.path,
      exhausted: failed.path,
      expired: expired.path,
      canceled: canceled.path,
      skipped: skipped.path,
      undelivered: undelivered.path,
    };
  }

  it('breaks no rule of accessibility and does not scroll sideways in any state (S0.45, S2.9)', async () => {
    const pages = await states();
    const supervisor = await signedIn('supervisor');
    const { page, complaints } = await visit({});
    const led = await visit({}, supervisor);
    for (const [name, path] of Object.entries({ ...pages, 'desk-supervisor': '/desk' })) {
      const shown = name === 'desk-supervisor' ? led.page : page;
      await shown.goto(`${base}${path}`);
      expect(await faultsIn(shown, name)).toEqual([]);
    }
    await page.goto(`${base}/desk`);
    await page.getByRole('button', { name: 'Send code' }).click();
    expect(await page.title()).toBe('Error: Desk – Watchword');
    expect(await faultsIn(page, 'errors')).toEqual([]);
    await page.setViewportSize({ width: 320, height: 700 });
    for (const path of [pages['desk'], pages['verify'], pages['undelivered']]) {
      await page.goto(`${base}${path}`);
      expect([path, await tooWide(page)]).toEqual([path, []]);
    }
    expect([...complaints, ...led.complaints]).toEqual([]);
  });

  it.each([{ scripts: true }, { scripts: false }])(
    'verifies a caller from the form to the result, %o',
    async (view) => {
      const { page, complaints } = await visit(view);
      await page.goto(`${base}/desk`);
      await page.getByLabel('Mobile number or e-mail address').fill('0491 570 156');
      await page.getByLabel('Reason').selectOption('SIM swap');
      await page.getByRole('button', { name: 'Send code' }).click();
      await page.waitForURL(/\/desk\/verifications\/vrf_/);
      expect(await page.getByText('Code on its way').first().isVisible()).toBe(true);
      await world.service.worker.tick();
      const code = world.sink.last().code.reveal();
      await page.getByLabel('One-time passcode').fill(wrongCode(code));
      await page.getByRole('button', { name: 'Verify code' }).click();
      await page.getByText('That is not the code. 2 attempts left.').waitFor();
      await page.reload();
      expect(await page.getByText('2 of 3').first().isVisible()).toBe(true);
      expect(await page.content()).not.toContain(code);
      await page.getByLabel('One-time passcode').fill(code);
      await page.getByRole('button', { name: 'Verify code' }).click();
      await page.getByRole('heading', { name: 'Caller verified' }).waitFor();
      expect(await page.content()).not.toContain(code);
      await page.goBack();
      await page.getByRole('heading', { name: 'Caller verified' }).waitFor();
      await page.goto(`${base}/desk`);
      expect(await page.getByRole('rowheader').first().textContent()).toContain('+61 491 ••• ••56');
      expect(complaints).toEqual([]);
    },
  );

  it('takes the keyboard alone from one caller to the next', async () => {
    const { page } = await visit({});
    await page.goto(`${base}/desk`);
    await typeInto(page, 'Mobile number', '0491 570 156');
    await tabTo(page, 'Reason');
    await choose(page, 'SIM swap');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await page.waitForURL(/\/desk\/verifications\/vrf_/);
    await world.service.worker.tick();
    await typeInto(page, 'One-time passcode', world.sink.last().code.reveal());
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Caller verified' }).waitFor();
    await awaitFocus(page, 'Next caller');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Send a code' }).waitFor();
    expect(page.url()).toBe(`${base}/desk`);
  });

  it.each([true, false])('copies the link of the caller by one press of a key (scripts: %s)', async (scripts) => {
    const { path } = await started();
    await act(path, 'link');
    const { page, complaints } = await visit({ scripts });
    await page.goto(`${base}${path}`);
    const link = await page.getByLabel('Link', { exact: true }).inputValue();
    expect(link).toContain('/v/');
    await expectCopied(page, { name: 'Copy the link', text: link, scripts });
    expect(complaints).toEqual([]);
  });

  it('copies where a page has no clipboard, and leaves the text selected where it may not copy at all', async () => {
    const { path } = await started();
    await act(path, 'link');
    const { page } = await visit({});
    await page.addInitScript(() => Object.defineProperty(navigator, 'clipboard', { value: undefined }));
    await page.goto(`${base}${path}`);
    const link = page.getByLabel('Link', { exact: true });
    await page.getByRole('button', { name: 'Copy the link' }).click();
    await page.getByRole('button', { name: 'Copied' }).waitFor();
    expect(await clipboardOf(page.context(), base)).toBe(await link.inputValue());
    await page.reload();
    await page.evaluate(() => Object.assign(document, { execCommand: () => false }));
    await page.getByRole('button', { name: 'Copy the link' }).click();
    await page.getByRole('button', { name: 'Selected, not copied' }).waitFor();
    expect(await page.evaluate(() => getSelection()?.toString())).toBe(await link.inputValue());
  });

  it('shows the message on its way and the end of the code without being read again by hand', async () => {
    const { path, code } = await started();
    const { page } = await visit({});
    await page.goto(`${base}${path}`);
    await page.locator('[data-live-mark]', { hasText: 'Live' }).waitFor();
    await page.getByLabel('One-time passcode').fill('12');
    await act(path, 'check', { code: wrongCode(code) });
    await world.service.desk.live.look();
    await page.getByText('2 of 3').first().waitFor();
    expect(await page.getByLabel('One-time passcode').inputValue()).toBe('12');
    await act(path, 'check', { code });
    await world.service.desk.live.look();
    await page.getByRole('heading', { name: 'Caller verified' }).waitFor();
  });

  it('listens to nothing while its tab is hidden', async () => {
    const { path } = await started();
    const { page } = await visit({});
    const closed: string[] = [];
    page.on('requestfailed', (request) => closed.push(new URL(request.url()).pathname));
    await page.goto(`${base}${path}`);
    await page.locator('[data-live-mark]', { hasText: 'Live' }).waitFor();
    await page.evaluate(() => {
      Object.defineProperty(document, 'hidden', { configurable: true, value: true });
      document.dispatchEvent(new Event('visibilitychange'));
    });
    await expect.poll(() => closed).toEqual([`${path}/events`]);
  });
});
