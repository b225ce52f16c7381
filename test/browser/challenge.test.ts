import type { BrowserContextOptions } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { canBrowse } from './chromium.ts';
import { faultsOf, type HostedSite, hostedVisits } from './hosted-site.ts';

const EMAIL = 'mara@bluegum.example';

describe.skipIf(!canBrowse())('a proof of work on the hosted pages', { timeout: 60_000 }, () => {
  const visit = hostedVisits();
  let site: HostedSite;

  async function ask(options: BrowserContextOptions) {
    const visitor = await visit(
      { policies: { login: { challenge: 'always' } }, application: { return_urls: [] } },
      { locale: 'en-AU', ...options },
    );
    site = visitor.site;
    const page = await site.open(visitor.context, '/otp/request?channel=email');
    await page.getByLabel('E-mail address').fill(EMAIL);
    return page;
  }

  it('is solved by the page itself, and the person types the code', async () => {
    const page = await ask({ viewport: { width: 390, height: 800 }, colorScheme: 'dark' });
    await page.getByRole('button', { name: 'Send the code' }).click();
    await page.getByLabel('6-digit code').waitFor();
    await page.getByLabel('6-digit code').fill(await site.world.code());
    await page.getByRole('button', { name: 'Confirm' }).click();
    await page.getByText('You are confirmed').waitFor();
    expect(site.world.sink.messages).toHaveLength(1);
  });

  it.each([
    { width: 390, theme: 'dark' },
    { width: 1280, theme: 'light' },
  ] as const)('looks right while it works at $width px, $theme', async ({ width, theme }) => {
    const page = await ask({ viewport: { width, height: 800 }, colorScheme: theme });
    // The task never ends, so that there is something to look at.
    await page.route('**/assets/proof.js*', async (route) => {
      const answer = await route.fetch();
      await route.fulfill({ response: answer, body: (await answer.text()).replace(/form\.submit\(\)/, '0') });
    });
    await page.getByRole('button', { name: 'Send the code' }).click();
    await page.getByRole('heading', { name: 'One moment' }).waitFor();
    // By the script, which comes after the heading; nothing makes it work again.
    await expect.poll(() => page.getByRole('button', { name: 'Continue' }).isDisabled()).toBe(true);
    expect(await faultsOf(page, `challenge-${width}-${theme}`)).toEqual([]);
  });

  it('says without scripts when to go on, and goes on then', async () => {
    const page = await ask({ viewport: { width: 390, height: 800 }, javaScriptEnabled: false });
    await page.getByRole('button', { name: 'Send the code' }).click();
    await page.getByText('This browser runs no scripts. Continue after').waitFor();
    expect(await faultsOf(page, 'challenge-no-scripts', false)).toEqual([]);
    site.world.clock.now += 60_000;
    await page.getByRole('button', { name: 'Continue' }).click();
    await page.getByLabel('6-digit code').waitFor();
  });
});
