import type { BrowserContext, Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { canBrowse } from './chromium.ts';
import { faultsOf, hostedVisits } from './hosted-site.ts';

/** "Slow 3G" of Chromium's developer tools: 50 kB/s, two seconds before each answer. */
const SLOW_3G = { offline: false, latency: 2_000, downloadThroughput: 50_000, uploadThroughput: 50_000 };
/** A sixth of the processor, whatever the machine's is. */
const SLOWER = 6;
/** As the issue has it: everything that a page brings along, headers included. */
const MOST_BYTES = 20_000;

/** What a page cost. Times are for people to read: a busy machine is slow on its own account. */
interface Cost {
  readonly bytes: number;
  readonly files: number;
  readonly firstPaintMs: number;
  /** What had to be there before anything was painted. */
  readonly awaited: readonly string[];
}

describe.skipIf(!canBrowse())('hosted pages on a slow phone', { timeout: 240_000 }, () => {
  const visit = hostedVisits();

  it.each([
    ['with scripts', true],
    ['without scripts', false],
  ])('%s: lead to the end, under 20 kB in all, and wait for a style sheet at most to show', async (how, scripts) => {
    const look = { locale: 'en-AU', viewport: { width: 390, height: 844 }, javaScriptEnabled: scripts };
    const { site, context } = await visit({ application: { return_urls: [] } }, look);
    const { page, spent } = await slowPage(context);
    await page.goto(`${site.base}/otp/request?channel=email`);
    const costs = [await spent()];
    await page.getByLabel('E-mail address').fill('mara@bluegum.example');
    await page.getByRole('button', { name: 'Send the code' }).click();
    await page.getByLabel('6-digit code').waitFor();
    costs.push(await spent());
    await page.getByLabel('6-digit code').fill(await site.world.code());
    await page.getByRole('button', { name: 'Confirm' }).click();
    await page.getByText('You are confirmed').waitFor();
    costs.push(await spent());
    expect(await faultsOf(page, 'slow-phone', false)).toEqual([]);
    console.info(`slow phone, ${how}: request, verify, end`, costs);
    expect(costs.flatMap(({ awaited }) => awaited).filter((file) => !file.endsWith('.css'))).toEqual([]);
    expect(Math.min(...costs.map(({ bytes }) => bytes))).toBeGreaterThan(1_000);
    expect(costs.reduce((sum, { bytes }) => sum + bytes, 0)).toBeLessThan(MOST_BYTES);
  });
});

/** A page behind a slow line on a slow processor; `spent` tells what it cost since it was asked last. */
async function slowPage(context: BrowserContext): Promise<{ page: Page; spent: () => Promise<Cost> }> {
  const page = await context.newPage();
  const tools = await context.newCDPSession(page);
  await tools.send('Network.enable');
  await tools.send('Network.emulateNetworkConditions', SLOW_3G);
  await tools.send('Emulation.setCPUThrottlingRate', { rate: SLOWER });
  const sizes: number[] = [];
  tools.on('Network.loadingFinished', ({ encodedDataLength }) => sizes.push(encodedDataLength));
  const spent = async (): Promise<Cost> => {
    await page.waitForLoadState('networkidle');
    const brought = sizes.splice(0).filter((size) => size > 0);
    const shown = await page.evaluate(shownAfter);
    return { bytes: brought.reduce((sum, size) => sum + size, 0), files: brought.length, ...shown };
  };
  return { page, spent };
}

/** Runs in the page. */
function shownAfter(): Pick<Cost, 'firstPaintMs' | 'awaited'> {
  const [painted] = performance.getEntriesByName('first-contentful-paint');
  const files = performance.getEntriesByType('resource') as (PerformanceResourceTiming & {
    renderBlockingStatus?: string;
  })[];
  return {
    firstPaintMs: Math.round(painted?.startTime ?? 0),
    awaited: files
      .filter(({ renderBlockingStatus }) => renderBlockingStatus === 'blocking')
      .map(({ name }) => new URL(name).pathname),
  };
}
