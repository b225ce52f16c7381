import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { getRequestListener } from '@hono/node-server';
import type { Browser, BrowserContext, FrameLocator, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { selfSigned } from '../support/self-signed.ts';
import { createHostedWorld, type HostedWorld } from '../web/hosted/browser.ts';
import { canBrowse, launchChromium } from './chromium.ts';
import { complaintsOf } from './looks.ts';

/** Names of two sites that are strangers to each other and to ours, all on this machine; cookies of strangers are kept from frames. */
const ARGS = ['--host-resolver-rules=MAP *.example 127.0.0.1', '--test-third-party-cookie-phaseout'];

describe.skipIf(!canBrowse())('a hosted page in a frame of another site', { timeout: 120_000 }, () => {
  const tls = selfSigned();
  let browser: Browser;
  let ours: Server;
  let theirs: Server;
  let context: BrowserContext;
  let world: HostedWorld;
  let base: string;
  const site = (name: string): string => `https://${name}.example:${portOf(theirs)}`;

  beforeAll(async () => {
    ours = createServer(
      tls,
      getRequestListener((request) => world.pages.fetch(request)),
    );
    theirs = createServer(tls, (request, answer) => {
      answer.setHeader('content-type', 'text/html; charset=utf-8');
      const page = `<h1>A shop</h1><iframe title="Code" src="${base}/otp/request?channel=email" height="700"></iframe>`;
      answer.end(request.url?.startsWith('/back') === true ? '<h1>Back at the shop</h1>' : page);
    });
    for (const server of [ours, theirs])
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
    base = `https://verify.example:${portOf(ours)}`;
    browser = await launchChromium(ARGS);
  });

  afterAll(async () => {
    await browser?.close();
    for (const server of [ours, theirs]) {
      server?.closeAllConnections();
      server?.close();
    }
  });

  afterEach(async () => {
    await context?.close();
    await world?.close();
  });

  async function embed(name: string): Promise<{ page: Page; frame: FrameLocator; complaints: readonly string[] }> {
    world = await createHostedWorld({
      application: { frame_ancestors: [site('shop')], return_urls: [`${site('shop')}/back`] },
      pages: { publicUrl: base },
    });
    context = await browser.newContext({ ignoreHTTPSErrors: true, locale: 'en-AU' });
    const page = await context.newPage();
    const complaints = complaintsOf(page);
    await page.goto(`${site(name)}/`);
    return { page, frame: page.frameLocator('iframe'), complaints };
  }

  it('renders and works to the end where the site is listed, on cookies that live in that site alone', async () => {
    const { page, frame, complaints } = await embed('shop');
    await frame.getByLabel('E-mail address').fill('mara@bluegum.example');
    await frame.getByRole('button', { name: 'Send the code' }).click();
    await frame.getByLabel('6-digit code').fill(await codeOnceSent(frame));
    await frame.getByRole('button', { name: 'Confirm' }).click();
    await frame.getByText('Back at the shop').waitFor();
    expect(page.frames()[1]?.url()).toContain(`${site('shop')}/back?result=eyJ`);
    // A browser gives no focus to a frame of strangers by itself.
    expect(complaints.filter((text) => !text.startsWith('Blocked autofocusing'))).toEqual([]);
    const kept = (await context.cookies()).filter(({ name }) => name === '__Host-ww_otp');
    expect(kept).toMatchObject([
      { sameSite: 'None', secure: true, httpOnly: true, partitionKey: 'https://shop.example' },
    ]);
  });

  it('is refused by the browser where the site is not listed', async () => {
    const { page, frame, complaints } = await embed('elsewhere');
    await expect.poll(() => complaints.join('\n')).toContain('frame-ancestors');
    expect(await frame.getByLabel('E-mail address').count()).toBe(0);
    expect(page.frames()[1]?.url()).not.toContain(base);
    // The same address in a window of its own is there.
    await page.goto(`${base}/otp/request?channel=email`);
    await page.getByLabel('E-mail address').waitFor();
  });

  async function codeOnceSent(frame: FrameLocator): Promise<string> {
    await frame.getByLabel('6-digit code').waitFor();
    return world.code();
  }
});

function portOf(server: Server): number {
  return (server.address() as AddressInfo).port;
}
