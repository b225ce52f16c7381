import axe from 'axe-core';
import type { Page } from 'playwright-core';

/** Where to put pictures of every page for people to look at; nowhere by default. */
const SHOTS = process.env['WATCHWORD_SHOTS'];
/** In pixels; no page that is longer needs to be seen to its end. */
const TALLEST_SHOT = 3000;

/** A window as somebody has it. */
export interface Look {
  readonly width: number;
  readonly theme: 'light' | 'dark';
}

/** On a phone and on a desk, by day and by night. */
export const LOOKS: readonly Look[] = [390, 1280].flatMap((width) =>
  (['light', 'dark'] as const).map((theme) => ({ width, theme })),
);

/** The rules of accessibility that colours alone can break. */
const OF_COLOURS = ['color-contrast', 'link-in-text-block'];

/**
 * What is wrong with a page as it stands, in each of these windows: it scrolls sideways, or breaks a rule of accessibility.
 * A theme sets colours and nothing else (`test/structure/themes.test.ts`): in the second one of a width only their rules are asked for.
 * The page is loaded once and its window changed: no script of ours asks for width or theme (`test/structure/scripts.test.ts`),
 * so that only the style sheet can tell the windows apart. Takes a picture in each, where pictures are wanted.
 */
export async function faultsIn(page: Page, name: string, looks = LOOKS): Promise<readonly unknown[]> {
  const faults: unknown[] = [];
  const widths = new Set<number>();
  for (const { width, theme } of looks) {
    await page.setViewportSize({ width, height: 900 });
    await page.emulateMedia({ colorScheme: theme });
    const found = [...(await tooWide(page)), ...(await broken(page, widths.has(width) ? OF_COLOURS : null))];
    widths.add(width);
    if (found.length > 0) faults.push({ page: name, width, theme, found });
    await shoot(page, `${name}-${width}-${theme}`);
  }
  return faults;
}

/** Whether a page scrolls sideways in the window it is in; needs no scripts of the page. */
export async function tooWide(page: Page): Promise<readonly string[]> {
  const { scrollWidth, clientWidth } = await page.evaluate(() => ({
    scrollWidth: document.documentElement.scrollWidth,
    clientWidth: document.documentElement.clientWidth,
  }));
  return scrollWidth > clientWidth ? [`scrolls sideways: ${scrollWidth} px`] : [];
}

/** The rules of accessibility, all or these, that a page breaks as it stands. Where it runs no scripts this needs a copy of it that does. */
export async function broken(page: Page, rules: readonly string[] | null = null): Promise<readonly unknown[]> {
  // To read half a megabyte of it takes longer than what it does.
  if (!(await page.evaluate<boolean>(`'axe' in window`))) await page.evaluate(axe.source);
  const options = { resultTypes: ['violations'], ...(rules === null ? {} : { runOnly: rules }) };
  const violations = await page.evaluate<axe.AxeResults['violations']>(
    `axe.run(${JSON.stringify(options)}).then(({ violations }) => violations)`,
  );
  return violations.map(({ id, nodes }) => ({ id, nodes: nodes.map((node) => node.html) }));
}

/** Takes a picture of a page, where pictures are wanted. */
export async function shoot(page: Page, name: string): Promise<void> {
  if (SHOTS === undefined) return;
  const height = await page.evaluate(() => document.documentElement.scrollHeight);
  const clip = { x: 0, y: 0, width: page.viewportSize()?.width ?? 0, height: Math.min(height, TALLEST_SHOT) };
  await page.screenshot({ path: `${SHOTS}/${name}.png`, fullPage: true, clip });
}

/** Everything the browser reports about a page from now on, from failed files to breaches of its policy. */
export function complaintsOf(page: Page): string[] {
  const complaints: string[] = [];
  page.on('console', (message) => {
    // The page itself may be a 404 or a 500: that is what it is for.
    if (message.type() === 'error' && !message.text().includes('Failed to load resource'))
      complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('response', (answer) => {
    if (answer.request().resourceType() !== 'document' && answer.status() >= 400) complaints.push(answer.url());
  });
  return complaints;
}
