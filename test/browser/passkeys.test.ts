import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { getRequestListener } from '@hono/node-server';
import type { Browser, BrowserContext, CDPSession, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createDeskWorld, type DeskWorld, PASSWORD } from '../support/desk.ts';
import { canBrowse, launchChromium } from './chromium.ts';
import { faultsIn } from './looks.ts';

const AGENT = 'priya@acme.example';

describe.skipIf(!canBrowse())('passkeys in a browser', { timeout: 300_000 }, () => {
  let browser: Browser;
  let world: DeskWorld;
  let server: Server;
  let base: string;
  let context: BrowserContext;
  let page: Page;
  let cdp: CDPSession;
  let authenticator: string;
  const complaints: string[] = [];

  beforeAll(async () => void (browser = await launchChromium()));
  afterAll(() => browser?.close());
  beforeEach(async () => {
    server = createServer(getRequestListener((request) => world.pages.fetch(request)));
    await new Promise<void>((resolve) => server.listen(0, 'localhost', resolve));
    base = `http://localhost:${(server.address() as AddressInfo).port}`;
    world = await createDeskWorld({ publicUrl: base });
    await world.hire('agent', { name: 'Priya Raman', email: AGENT });
    complaints.length = 0;
    await open();
  });
  afterEach(async () => {
    await context.close();
    server.closeAllConnections();
    server.close();
    await world.close();
  });

  /** A window of its own, with an authenticator that its holder unlocks at once. */
  async function open({ scripts = true }: { scripts?: boolean } = {}): Promise<void> {
    context = await browser.newContext({
      viewport: { width: 1280, height: 900 },
      javaScriptEnabled: scripts,
    });
    page = await context.newPage();
    page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
    page.on('pageerror', (error) => complaints.push(error.message));
    cdp = await context.newCDPSession(page);
    await cdp.send('WebAuthn.enable');
    const added = await cdp.send('WebAuthn.addVirtualAuthenticator', {
      options: {
        protocol: 'ctap2',
        transport: 'internal',
        hasResidentKey: true,
        hasUserVerification: true,
        isUserVerified: true,
        automaticPresenceSimulation: true,
      },
    });
    authenticator = added.authenticatorId;
  }

  async function signInByPassword(): Promise<void> {
    await page.goto(`${base}/desk/sign-in`);
    await page.getByLabel('Username').fill(AGENT);
    await page.getByLabel('Password').fill(PASSWORD);
    await page.getByRole('button', { name: 'Sign in', exact: true }).click();
    await page.waitForURL(/second-factor/);
    await world.service.worker.tick();
    await page.getByLabel('6-digit code').fill(world.sink.last().code.reveal());
    await page.getByRole('button', { name: 'Continue' }).click();
    await page.waitForURL(`${base}/desk`);
  }

  async function addPasskey(name: string): Promise<void> {
    await page.goto(`${base}/desk/account`);
    await page.getByLabel('Name of the new passkey').fill(name);
    await page.locator('#passkey_password').fill(PASSWORD);
    await page.getByRole('button', { name: 'Add a passkey' }).click();
  }

  const signOut = () => page.getByRole('button', { name: 'Sign out', exact: true }).click();

  async function signInByPasskey(): Promise<void> {
    await page.goto(`${base}/desk/sign-in?next=/desk/records`);
    await page.getByRole('button', { name: 'Sign in with a passkey' }).click();
  }

  it('adds one, signs in with it and no code, and removes it', async () => {
    await signInByPassword();
    await addPasskey('Work laptop');
    await page.getByText('Passkey added.').waitFor();
    const { credentials } = await cdp.send('WebAuthn.getCredentials', { authenticatorId: authenticator });
    expect(credentials).toMatchObject([{ isResidentCredential: true, rpId: 'localhost' }]);
    const messages = world.sink.messages.length;
    await signOut();
    await signInByPasskey();
    await page.waitForURL(`${base}/desk/records`);
    await world.service.worker.tick();
    expect(world.sink.messages.slice(messages).map(({ subject }) => subject)).toEqual([
      'A passkey was added to your account',
    ]);
    await page.goto(`${base}/desk/account`);
    await page.getByText('Work laptop').click();
    await page.locator('#remove_password').fill(PASSWORD);
    await page.getByRole('button', { name: 'Remove the chosen passkey' }).click();
    await page.getByText('Passkey removed.').waitFor();
    await signOut();
    await signInByPasskey();
    await page.getByText('That passkey was not accepted.').waitFor();
    expect(complaints).toEqual([]);
  });

  it('does not add a second one in the same authenticator, and says so', async () => {
    await signInByPassword();
    await addPasskey('Work laptop');
    await page.getByText('Passkey added.').waitFor();
    await addPasskey('Again');
    const said = page.locator('[data-passkey-said]');
    await expect.poll(() => said.textContent()).toBe('This device has a passkey for your account already.');
  });

  it('signs nobody in whom the authenticator does not verify, and lets them try again', async () => {
    await signInByPassword();
    await addPasskey('Work laptop');
    await page.getByText('Passkey added.').waitFor();
    await signOut();
    await cdp.send('WebAuthn.setUserVerified', { authenticatorId: authenticator, isUserVerified: false });
    await signInByPasskey();
    await page.getByText('That did not work, or it was canceled.').waitFor();
    await cdp.send('WebAuthn.setUserVerified', { authenticatorId: authenticator, isUserVerified: true });
    expect(new URL(page.url()).pathname).toBe('/desk/passkey');
    await page.getByRole('button', { name: 'Ask again' }).click();
    await page.waitForURL(`${base}/desk/records`);
  });

  it('says what is needed where no script runs', async () => {
    await context.close();
    await open({ scripts: false });
    await signInByPasskey();
    await page.getByText('This step needs JavaScript and a browser that knows passkeys.').waitFor();
    expect(await page.getByRole('button', { name: 'Ask again' }).isVisible()).toBe(false);
    await page.getByRole('link', { name: 'Sign in with your password' }).click();
    expect(await page.getByLabel('Username').isVisible()).toBe(true);
  });

  it('breaks no rule of accessibility and does not scroll sideways', async () => {
    await page.goto(`${base}/desk/sign-in`);
    expect(await faultsIn(page, 'passkey-sign-in')).toEqual([]);
    await cdp.send('WebAuthn.setAutomaticPresenceSimulation', { authenticatorId: authenticator, enabled: false });
    await page.getByRole('button', { name: 'Sign in with a passkey' }).click();
    await page.getByText('Your browser asks you now.').waitFor();
    expect(await faultsIn(page, 'passkey-ask')).toEqual([]);
    await cdp.send('WebAuthn.setAutomaticPresenceSimulation', { authenticatorId: authenticator, enabled: true });
    await signInByPassword();
    await addPasskey('Work laptop');
    await page.getByText('Passkey added.').waitFor();
    expect(await faultsIn(page, 'passkey-account')).toEqual([]);
    await page.locator('#passkey_password').fill('wrong');
    await page.locator('#passkey_name').fill('Phone');
    await page.getByRole('button', { name: 'Add a passkey' }).click();
    await page.getByText('That is not your password.').waitFor();
    expect(await page.locator('#passkey_name').inputValue()).toBe('Phone');
    expect(await faultsIn(page, 'passkey-error')).toEqual([]);
  });
});
