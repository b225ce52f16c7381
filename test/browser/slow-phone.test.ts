import type { CDPSession, Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { canBrowse } from './chromium.ts';
import { hostedVisits } from './hosted-site.ts';

/** A phone on slow 3G: 400 kbit/s, 400 ms to the first byte, a processor at a quarter of this machine's. */
const NETWORK = { offline: false, latency: 400, downloadThroughput: 50_000, uploadThroughput: 50_000 };
const SLOWER = 4;
const PHONE = { locale: 'en-AU', viewport: { width: 390, height: 800 }, isMobile: true, hasTouch: true };

/** What a page took, for people to read: a busy machine moves the times, so nothing is judged by them. */
interface Figures {
  readonly bytes: number;
  readonly requests: number;
  readonly paintMs: number;
}

describe.skipIf(!canBrowse())('a slow phone on a slow network', { timeout: 180_000 }, () => {
  const visit = hostedVisits();

  it('shows each page for less than 20 kB, works to the end, and gets later pages for less', async () => {
    const { site, context } = await visit({ application: { return_urls: [] } }, PHONE);
    const page = await context.newPage();
    const session = await context.newCDPSession(page);
    const figures = await throttled(session);
    await page.goto(`${site.base}/otp/request?channel=sms`);
    const asking = await figures(page);
    await page.getByLabel('Mobile number').fill('0491570156');
    await page.getByRole('button', { name: 'Send the code' }).tap();
    await page.getByLabel('6-digit code').waitFor();
    const entering = await figures(page);
    await page.getByLabel('6-digit code').fill(await site.world.code());
    await page.getByRole('button', { name: 'Confirm' }).tap();
    await page.getByText('You are confirmed').waitFor();
    const done = await figures(page);
    console.info('slow phone:', { asking, entering, done });
    expect(asking.bytes).toBeLessThan(20_000);
    expect(asking.requests).toBeLessThan(6);
    // The stylesheet and the mark stay.
    for (const later of [entering, done]) expect(later.bytes).toBeLessThan(asking.bytes / 2);
    for (const { paintMs } of [asking, entering, done]) expect(paintMs).toBeGreaterThan(NETWORK.latency);
  });
});

/** Slows a page down. What it returns tells what was transferred since it was last asked, and when the page it is asked of was painted. */
async function throttled(session: CDPSession): Promise<(page: Page) => Promise<Figures>> {
  const seen = { bytes: 0, requests: 0 };
  session.on('Network.loadingFinished', ({ encodedDataLength }) => {
    if (encodedDataLength === 0) return;
    seen.bytes += encodedDataLength;
    seen.requests++;
  });
  await session.send('Network.enable');
  await session.send('Network.emulateNetworkConditions', NETWORK);
  await session.send('Emulation.setCPUThrottlingRate', { rate: SLOWER });
  return async (page) => {
    await page.waitForLoadState('networkidle');
    const painted = page.waitForFunction(() => performance.getEntriesByName('first-contentful-paint')[0]?.startTime);
    const paintMs = Math.round(Number(await (await painted).jsonValue()));
    const figures = { ...seen, paintMs };
    Object.assign(seen, { bytes: 0, requests: 0 });
    return figures;
  };
}
