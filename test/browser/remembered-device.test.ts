import type { BrowserContext, Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { canBrowse } from './chromium.ts';
import { faultsOf, type HostedSite, hostedVisits } from './hosted-site.ts';

const EMAIL = 'mara@bluegum.example';
const WORDS = {
  en: { remember: 'Remember this device (30 days)', forget: 'Sign out and forget all my devices' },
  ar: { remember: 'تذكّر هذا الجهاز', forget: 'تسجيل الخروج ونسيان جميع أجهزتي' },
} as const;

describe.skipIf(!canBrowse())('a remembered device in a browser', { timeout: 60_000 }, () => {
  const visit = hostedVisits();
  let site: HostedSite;
  let context: BrowserContext;

  async function ask(lang: string): Promise<Page> {
    const page = await site.open(context, `/otp/request?channel=email&lang=${lang}`);
    await page.locator('input[name=email]').fill(EMAIL);
    await page.locator('form[method=post] button').first().click();
    return page;
  }

  it.each([
    { lang: 'en', width: 390, theme: 'dark', scripts: true },
    { lang: 'en', width: 1280, theme: 'light', scripts: false },
    { lang: 'ar', width: 390, theme: 'light', scripts: true },
  ] as const)('signs in without a code at $width px, $lang, $theme, scripts: $scripts', async (look) => {
    const { lang, width, theme, scripts } = look;
    ({ site, context } = await visit(
      { policies: { login: { remember_device_days: 30 } }, application: { return_urls: [] } },
      { viewport: { width, height: 800 }, colorScheme: theme, javaScriptEnabled: scripts, locale: lang },
    ));
    const name = `remember-${lang}-${width}-${theme}`;
    const page = await ask(lang);
    const tick = page.getByLabel(WORDS[lang].remember);
    expect(await tick.isChecked()).toBe(false);
    expect(await faultsOf(page, `${name}-code`, scripts)).toEqual([]);
    await tick.check();
    await page.locator('input[name=code]').fill(await site.world.code());
    await page.locator('form[method=post] button').first().click();
    await page.locator('.sign.is-good').waitFor();
    const again = await ask(lang);
    await again.locator('.sign.is-good').waitFor();
    expect(site.world.sink.messages).toHaveLength(1);
    const out = await site.open(context, `/otp/logout?lang=${lang}`);
    expect(await faultsOf(out, `${name}-out`, scripts)).toEqual([]);
    await out.getByRole('button', { name: WORDS[lang].forget }).click();
    await out.locator('.sign.is-good').waitFor();
    const last = await ask(lang);
    await last.locator('input[name=code]').waitFor();
  });
});
