import axe from 'axe-core';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { renderMessage } from '../../src/core/message.ts';
import { canBrowse, launchChromium } from './chromium.ts';

/** Rules of WCAG; the others are about pages, whose landmarks and headings a mail program has around the message. */
const WCAG = ['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa'];
/** axe takes the canvas for white, also where the browser paints it dark: the colours there are looked at below. */
const IN_THE_DARK = { 'color-contrast': { enabled: false } };

/** The longest that an e-mail in our own words gets: a payment with both links. */
function mail(locale: string): string {
  const token = 't'.repeat(64);
  const { html } = renderMessage({
    channel: 'email',
    purpose: 'payment',
    locale,
    brand: 'Bluegum Pay',
    code: '0491536827',
    minutes: 10,
    origin: null,
    details: { amount: 'EUR 1 249.90', payee: 'Harbour Books & Maps of the Northern' },
    notMeUrl: `https://verify.bluegum.example/not-me/${token}`,
    confirmUrl: `https://verify.bluegum.example/confirm/${token}`,
  });
  if (html === null) throw new Error('an e-mail without HTML');
  return html;
}

describe.skipIf(!canBrowse())('an e-mail in a browser', { timeout: 60_000 }, () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launchChromium();
  });
  afterAll(() => browser?.close());

  it.each([
    { locale: 'en', width: 320, theme: 'light' },
    { locale: 'ar', width: 390, theme: 'dark' },
    { locale: 'ja', width: 1280, theme: 'light' },
  ] as const)(
    'in $locale at $width px, $theme, breaks no rule of WCAG, does not scroll sideways and asks for nothing',
    async ({ locale, width, theme }) => {
      const context = await browser.newContext({ viewport: { width, height: 800 }, colorScheme: theme });
      const page = await context.newPage();
      const asked: string[] = [];
      page.on('request', (request) => asked.push(request.url()));
      await page.setContent(mail(locale));
      await page.evaluate(axe.source);
      const options = {
        runOnly: WCAG,
        resultTypes: ['violations'],
        ...(theme === 'dark' ? { rules: IN_THE_DARK } : {}),
      };
      const { violations } = await page.evaluate<axe.AxeResults>(`axe.run(${JSON.stringify(options)})`);
      expect(violations.map(({ id, nodes }) => ({ id, nodes: nodes.map((node) => node.html) }))).toEqual([]);
      const { scrollWidth, clientWidth } = await page.evaluate(() => {
        const root = document.documentElement;
        return { scrollWidth: root.scrollWidth, clientWidth: root.clientWidth };
      });
      expect(scrollWidth).toBeLessThanOrEqual(clientWidth);
      expect(asked).toEqual([]);
      await context.close();
    },
  );

  it('has the letters of its mail program, light on dark and dark on light', async () => {
    for (const [theme, colour] of [
      ['light', 'rgb(0, 0, 0)'],
      ['dark', 'rgb(255, 255, 255)'],
    ] as const) {
      const page = await browser.newPage({ colorScheme: theme });
      await page.setContent(mail('en'));
      const colours = await page.evaluate(() =>
        Array.from(document.querySelectorAll('p'), (one) => getComputedStyle(one).color),
      );
      expect(new Set(colours)).toEqual(new Set([colour]));
      await page.close();
    }
  });
});
