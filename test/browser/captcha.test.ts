import type { BrowserContextOptions, Page } from 'playwright-core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { no, startCaptchaProvider } from '../support/captcha-provider.ts';
import { canBrowse } from './chromium.ts';
import { faultsOf, type HostedSite, hostedVisits } from './hosted-site.ts';

const LOOKS = [
  { width: 390, theme: 'dark' },
  { width: 390, theme: 'light' },
  { width: 1280, theme: 'dark' },
  { width: 1280, theme: 'light' },
] as const;

describe.skipIf(!canBrowse())('a CAPTCHA on the hosted pages', { timeout: 60_000 }, () => {
  const visit = hostedVisits();
  let provider: Awaited<ReturnType<typeof startCaptchaProvider>>;
  let site: HostedSite;
  beforeEach(async () => void (provider = await startCaptchaProvider('127.0.0.1')));
  afterEach(() => provider.close());

  /** The page of the challenge, as somebody comes to it; the provider's script is a stand-in of the tests. */
  async function asked(options: BrowserContextOptions, before?: (page: Page) => Promise<unknown>): Promise<Page> {
    const visitor = await visit(
      {
        policies: { login: { challenge: 'always' } },
        application: { return_urls: [] },
        captcha: provider.captcha,
      },
      { locale: 'en-AU', ...options },
    );
    site = visitor.site;
    const page = await site.open(visitor.context, '/otp/request?channel=email');
    await page.locator('input[name=email]').fill('mara@bluegum.example');
    await before?.(page);
    await page.locator('form[method=post] button').click();
    await page.locator('form[data-captcha]').waitFor();
    return page;
  }

  it('goes on by itself once it is solved, and the person types the code', async () => {
    const page = await asked({ viewport: { width: 390, height: 800 } });
    await page.getByRole('button', { name: 'I am a person' }).click();
    await page.getByLabel('6-digit code').fill(await site.world.code());
    await page.getByRole('button', { name: 'Confirm' }).click();
    await page.getByText('You are confirmed').waitFor();
    expect(provider.asked).toHaveLength(1);
  });

  it.each(LOOKS)('looks right at $width px, $theme', async ({ width, theme }) => {
    const page = await asked({ viewport: { width, height: 800 }, colorScheme: theme });
    await page.getByRole('button', { name: 'I am a person' }).waitFor();
    expect(await page.getByRole('button', { name: 'Continue' }).isVisible()).toBe(false);
    expect(await faultsOf(page, `captcha-${width}-${theme}`)).toEqual([]);
  });

  it('looks right from right to left', async () => {
    const page = await asked({ viewport: { width: 390, height: 800 }, locale: 'ar' });
    expect(await page.locator('html').getAttribute('dir')).toBe('rtl');
    expect(await faultsOf(page, 'captcha-390-ar')).toEqual([]);
  });

  it('goes on with a task of ours where the provider is away', async () => {
    const page = await asked({ viewport: { width: 390, height: 800 } });
    provider.reply = () => ({ status: 503, body: '' });
    await page.getByRole('button', { name: 'I am a person' }).click();
    await page.getByLabel('6-digit code').waitFor({ timeout: 30_000 });
    expect(site.world.logs.filter(({ event }) => event === 'captcha.failed')).toHaveLength(1);
  });

  it('goes on by itself no second time, so that a widget that solves itself cannot send the page round and round', async () => {
    const page = await asked({ viewport: { width: 390, height: 800 } });
    provider.reply = () => no('timeout-or-duplicate');
    await page.getByRole('button', { name: 'I am a person' }).click();
    await page.locator('form[data-captcha=again]').waitFor();
    await page.getByRole('button', { name: 'I am a person' }).click();
    await page.getByRole('button', { name: 'Continue' }).waitFor();
    expect(provider.asked).toHaveLength(1);
    expect(await faultsOf(page, 'captcha-again')).toEqual([]);
    provider.reply = null;
    await page.getByRole('button', { name: 'Continue' }).click();
    await page.getByLabel('6-digit code').waitFor();
  });

  it('shows the way on where the widget does not come', async () => {
    const page = await asked({ viewport: { width: 390, height: 800 } }, (opened) =>
      opened.route(`${provider.base}/**`, (route) => route.abort()),
    );
    await page.getByText('Continue after').waitFor();
    expect(await page.getByText('This browser runs no scripts.').count()).toBe(0);
    expect(await faultsOf(page, 'captcha-blocked')).toEqual([]);
    site.world.clock.now += 60_000;
    await page.getByRole('button', { name: 'Continue' }).click();
    await page.getByLabel('6-digit code').waitFor();
  });

  it('says without scripts when to go on, and goes on then', async () => {
    const page = await asked({ viewport: { width: 390, height: 800 }, javaScriptEnabled: false });
    await page.getByText('This browser runs no scripts. Continue after').waitFor();
    expect(await faultsOf(page, 'captcha-no-scripts', false)).toEqual([]);
    site.world.clock.now += 60_000;
    await page.getByRole('button', { name: 'Continue' }).click();
    await page.getByLabel('6-digit code').waitFor();
  });
});
