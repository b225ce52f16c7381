import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { canBrowse, launchChromium } from './chromium.ts';
import { faultsIn } from './looks.ts';

const PAGE = `<!doctype html><html lang="en"><title>Page</title><style>
  :root { color-scheme: light dark }
  p { color: #000; background: #fff }
  @media (prefers-color-scheme: dark) { p { color: #444; background: #333 } }
  @media (max-width: 600px) { div { width: 700px } }
  @media (min-width: 600px) { img { display: none } }
</style><main><h1>Page</h1><p>Text</p><div>Wide</div><img src="data:,"></main>`;

describe.skipIf(!canBrowse())('a page that is loaded once', { timeout: 120_000 }, () => {
  let browser: Browser;
  beforeAll(async () => void (browser = await launchChromium()));
  afterAll(() => browser?.close());

  it('shows the faults of each window in that window, and those that no theme can change once', async () => {
    const page = await browser.newPage();
    await page.setContent(PAGE);
    const faults = (await faultsIn(page, 'page')) as {
      width: number;
      theme: string;
      found: (string | { id: string })[];
    }[];
    const told = faults.map(({ width, theme, found }) => [
      `${width} ${theme}`,
      ...found.map((fault) => (typeof fault === 'string' ? 'wide' : fault.id)),
    ]);
    expect(told).toEqual([
      ['390 light', 'wide', 'image-alt'],
      ['390 dark', 'wide', 'color-contrast'],
      ['1280 dark', 'color-contrast'],
    ]);
  });
});
