import type { AddressInfo } from 'node:net';
import { createServer, type Server } from 'node:http';
import { getRequestListener } from '@hono/node-server';
import type { Browser, BrowserContext } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createPages } from '../../src/web/index.ts';
import { createDeskWorld, PASSWORD, type DeskWorld } from '../support/desk.ts';
import { wrongCode } from '../support/world.ts';
import { canBrowse, launchChromium } from './chromium.ts';
import { complaintsOf, faultsIn, shoot } from './looks.ts';

const CSV =
  'company,country,first name,last name,mobile\nSaltmarsh,AU,Ruth,Calder,0491 570 156\nSaltmarsh,AU,Ann,Bo,12\n';

describe.skipIf(!canBrowse())('records and people in a browser', { timeout: 600_000 }, () => {
  let world: DeskWorld;
  let browser: Browser;
  let server: Server;
  let base: string;
  let paths: Readonly<Record<string, string>>;

  beforeAll(async () => {
    world = await createDeskWorld({ policies: { caller_check: { override: 'with_note' } } });
    let fetch: (request: Request) => Response | Promise<Response> = () => new Response('early', { status: 503 });
    server = createServer(getRequestListener((request) => fetch(request)));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const pages = createPages(world.service, {
      mode: 'development',
      publicUrl: base,
      basePath: '',
      version: '0.0.0',
      testKey: null,
      openapi: () => ({}),
      now: () => world.clock.now,
      newToken: () => world.env.randomText(26),
      browserIp: () => '203.0.113.7',
      log: () => undefined,
    });
    fetch = (request) => pages.fetch(request);
    browser = await launchChromium();
    await world.hire('admin', { name: 'Sam Whitlock' });
    paths = await fill(world);
  }, 120_000);

  afterAll(async () => {
    await browser?.close();
    server?.closeAllConnections();
    server?.close();
    await world?.close();
  });

  async function signedIn({ scripts = true }: { scripts?: boolean } = {}): Promise<BrowserContext> {
    const viewport = { width: 1280, height: 900 };
    const context = await browser.newContext({ viewport, javaScriptEnabled: scripts });
    // What is still to be sent goes first, so that the newest message is the code to sign in with.
    await world.service.worker.tick();
    const page = await context.newPage();
    await page.goto(`${base}/desk/sign-in`);
    await page.locator('[name=username]').fill('admin@acme.example');
    await page.locator('[name=password]').fill(PASSWORD);
    await page.locator('[name=password]').press('Enter');
    await page.waitForURL(/second-factor/);
    await world.service.worker.tick();
    await page.locator('[name=code]').fill(world.sink.last().code.reveal());
    await page.locator('[name=code]').press('Enter');
    await page.waitForURL(/\/desk$/);
    await page.close();
    return context;
  }

  it('break no accessibility rule and do not scroll sideways', async () => {
    const context = await signedIn();
    const page = await context.newPage();
    const complaints = complaintsOf(page);
    for (const [name, path] of Object.entries(paths)) {
      await page.goto(`${base}${path}`);
      expect(await faultsIn(page, name)).toEqual([]);
    }
    await page.goto(`${base}/desk/people/import`);
    await page.locator('#csv').fill(CSV);
    await page.getByRole('button', { name: 'Look through it' }).click();
    await page.getByText('1 line to correct').waitFor();
    expect(await faultsIn(page, 'import-faulty')).toEqual([]);
    expect(complaints).toEqual([]);
    await context.close();
  });

  it.each([true, false])('find, note, uncover, add and send (scripts %s)', async (scripts) => {
    // Codes for signing in have a limit of their own.
    world.clock.now += 3_600_000;
    const context = await signedIn({ scripts });
    const page = await context.newPage();
    await page.goto(`${base}/desk/records`);
    await page.getByRole('searchbox', { name: 'Search' }).fill('+61 491 570 110');
    await page.getByRole('searchbox', { name: 'Search' }).press('Enter');
    await page.getByRole('link', { name: '+61 491 ••• ••10' }).first().click();
    await page.getByLabel('Add a note').fill(`Seen with scripts ${scripts}.`);
    await page.getByRole('button', { name: 'Add note' }).click();
    await page.getByText('Note added.').waitFor();
    await page.getByRole('link', { name: 'Reveal' }).click();
    await page.getByLabel('Why you need it').fill('The caller disputes the number.');
    await page.getByRole('button', { name: 'Reveal the destination' }).click();
    await page.getByText('+61491570110').waitFor();
    await page.goto(`${base}/desk/people/new`);
    await page.getByLabel('Company').fill(`Company ${scripts}`);
    await page.keyboard.press('Enter');
    await page.getByText('Client added.').waitFor();
    await page.getByRole('link', { name: 'Add a representative' }).click();
    await page.getByLabel('First name').fill('Kit');
    await page.getByLabel('Last name').fill('Aldous');
    await page.getByLabel('E-mail address').fill(`kit${scripts}@kestrel.example`);
    await page.getByRole('button', { name: 'Save representative' }).click();
    await page.getByText('Kit Aldous added.').waitFor();
    await page.getByLabel('E-mail').check();
    await page.getByLabel('Reason').selectOption('SIM swap');
    await page.getByRole('button', { name: 'Send code' }).click();
    await page.getByText('Code on its way').first().waitFor();
    expect(await page.content()).not.toContain(`kit${scripts}@`);
    await context.close();
  });

  it('print as evidence without the menu', async () => {
    const context = await signedIn();
    const page = await context.newPage();
    await page.goto(`${base}${paths['evidence']}`);
    await page.emulateMedia({ media: 'print' });
    expect(await page.locator('.side').isVisible()).toBe(false);
    expect(await page.locator('#receipt').isVisible()).toBe(true);
    expect(await page.getByText('All in the audit log').isVisible()).toBe(false);
    // Paper is white, whatever the screen was.
    const colours = () =>
      page.locator('.verdict').evaluate((verdict) => {
        const parts = [document.documentElement, verdict, ...verdict.querySelectorAll('h2, p')];
        return parts.map((part) => [getComputedStyle(part).backgroundColor, getComputedStyle(part).color]);
      });
    await page.emulateMedia({ media: 'print', colorScheme: 'light' });
    const light = await colours();
    await page.emulateMedia({ media: 'print', colorScheme: 'dark' });
    expect(await colours()).toEqual(light);
    await shoot(page, 'evidence-print');
    await context.close();
  });
});

/** Plausible people and records; the paths of the pages to look at. */
async function fill(world: DeskWorld): Promise<Readonly<Record<string, string>>> {
  const priya = await world.hire('agent', { name: 'Priya Raman', email: 'priya@acme.example' });
  const caller = { ...world.caller(), actor: { type: 'agent', id: priya.id } as const };
  const { people, verify, desk } = world.service;
  const client = await people.add(caller, {
    company: 'Bluegum Logistics',
    country: 'AU',
    reference: 'Account 30-118842',
  });
  const long = 'Rheinblick Gebäudereinigung und Hausmeisterdienste GmbH';
  const other = await people.add(caller, { company: long, country: 'DE' });
  if (!client.ok || !other.ok) throw new Error('no client');
  const mara = { first_name: 'Mara', last_name: 'Ellison', role: 'Director', country: 'AU' };
  const added = await people.addRepresentative(caller, client.value.id, {
    ...mara,
    mobile: '+61491570110',
    email: 'mara@bluegum.example',
  });
  const gone = await people.addRepresentative(caller, client.value.id, {
    first_name: 'Ruth',
    last_name: 'Calder',
    role: 'Accounts',
    mobile: '+61491570157',
  });
  if (!added.ok || !gone.ok) throw new Error('no representative');
  await people.changeRepresentative(caller, gone.value.id, { active: false });
  const start = async (to: string, reason: string, reference: string) => {
    const started = await verify.start(caller, { to, purpose: 'caller_check', reason, reference });
    if (!started.ok) throw new Error(started.problem.detail);
    await world.service.worker.tick();
    return { id: started.value.verification.id, code: world.sink.last().code.reveal() };
  };
  const right = await start('+61491570110', 'SIM swap', 'HM-48216');
  world.clock.now += 41_000;
  await verify.check(caller, right.id, { code: wrongCode(right.code) });
  world.clock.now += 9000;
  await verify.check(caller, right.id, { code: right.code });
  await desk.addNote(caller, right.id, 'Caller asked to move the number to a business plan.');
  const failed = await start('+61491570156', 'Change of ownership', 'HM-48214');
  for (let tries = 0; tries < 6; tries++) await verify.check(caller, failed.id, { code: wrongCode(failed.code) });
  const pending = await start(
    'dora.with.a.very.long.address@tidewater-dental-group.example',
    'Add a service',
    'HM-48217',
  );
  const skipped = await desk.skipWithoutSending(caller, {
    to: '+61491570158',
    purpose: 'caller_check',
    reason: 'Cancel a service',
    reference: 'HM-48208',
    cause: 'in_store',
    confirmation: 'photo_identity',
    note: 'Driving licence seen at the Docklands store, name and photo match the account.',
  });
  if (!skipped.ok) throw new Error(skipped.problem.detail);
  const record = `/desk/records/${right.id}`;
  return {
    records: '/desk/records',
    'records-filtered': '/desk/records?status=approved&period=7d',
    'records-empty': '/desk/records?q=%2B61491570110&status=failed&country=DE',
    record,
    evidence: `${record}/evidence`,
    reveal: `${record}/reveal`,
    erase: `${record}/erase`,
    'record-failed': `/desk/records/${failed.id}`,
    'record-pending': `/desk/records/${pending.id}`,
    'record-skipped': `/desk/records/${skipped.value.id}`,
    people: '/desk/people',
    'people-none': '/desk/people?q=nobody',
    client: `/desk/people/${client.value.id}`,
    'client-bare': `/desk/people/${other.value.id}`,
    'client-edit': `/desk/people/${client.value.id}/edit`,
    'client-remove': `/desk/people/${client.value.id}/remove`,
    'representative-new': `/desk/people/${client.value.id}/representatives/new`,
    representative: `/desk/people/${client.value.id}/representatives/${added.value.id}`,
    'representative-erase': `/desk/people/${client.value.id}/representatives/${added.value.id}/erase`,
    import: '/desk/people/import',
  };
}
