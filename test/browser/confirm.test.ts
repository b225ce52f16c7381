import { describe, expect, it } from 'vitest';
import { canBrowse } from './chromium.ts';
import { faultsOf, hostedVisits } from './hosted-site.ts';

const EMAIL = 'mara@bluegum.example';

describe.skipIf(!canBrowse())('the link of an e-mail in a browser', { timeout: 60_000 }, () => {
  const visit = hostedVisits();

  it.each([
    { width: 390, theme: 'dark', scripts: true },
    { width: 1280, theme: 'light', scripts: false },
  ] as const)('confirms with one press at $width px, $theme, scripts: $scripts', async ({ width, theme, scripts }) => {
    const { site, context } = await visit(
      { policies: { login: { confirm_link: 'email' } }, application: { return_urls: [] } },
      { viewport: { width, height: 800 }, colorScheme: theme, javaScriptEnabled: scripts, locale: 'en-AU' },
    );
    const { message } = await site.world.startAndRead(EMAIL);
    const [, path = ''] = /(\/confirm\/[A-Za-z]+)/.exec(message.text) ?? [];
    const page = await site.open(context, path);
    expect(await faultsOf(page, `confirm-${width}-${theme}`, scripts)).toEqual([]);
    await page.getByRole('button', { name: 'Confirm' }).click();
    await page.getByText('You are confirmed').waitFor();
    await page.goBack();
    await page.reload();
    await page.getByText('You are confirmed').waitFor();
  });
});
