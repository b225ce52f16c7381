import type { Page } from 'playwright-core';
import { expect } from 'vitest';

/** What has the focus, by its label or its words; runs in the page. */
function focused(): string {
  const element = document.activeElement as HTMLInputElement | null;
  return (element?.labels?.[0] ?? element)?.textContent.trim() ?? '';
}

/** Waits until the page has put the focus on what has this name: a browser does that some time after it has loaded the page. */
export async function awaitFocus(page: Page, name: string): Promise<void> {
  await expect.poll(() => page.evaluate(focused), { timeout: 30_000 }).toMatch(new RegExp(`^${name}`, 'u'));
}

/** Types into the field that the page has chosen, as a person who looks where the cursor is. */
export async function typeInto(page: Page, name: string, text: string): Promise<void> {
  await awaitFocus(page, name);
  await page.keyboard.type(text);
}

/** Goes on by the Tab key to what has this name. */
export async function tabTo(page: Page, name: string): Promise<void> {
  const seen: string[] = [];
  for (let press = 0; press < 60; press++) {
    await page.keyboard.press('Tab');
    const there = await page.evaluate(focused);
    if (there.startsWith(name)) return;
    seen.push(there);
  }
  throw new Error(`Tab does not reach “${name}”, only ${seen.join(' | ')}`);
}

/** Chooses from the list with the focus by the arrow key: typed letters count as one word for a second only. */
export async function choose(page: Page, option: string): Promise<void> {
  for (let press = 0; press < 60; press++) {
    const chosen = await page.evaluate(
      () => (document.activeElement as HTMLSelectElement | null)?.selectedOptions[0]?.textContent,
    );
    if (chosen === option) return;
    await page.keyboard.press('ArrowDown');
  }
  throw new Error(`The arrow key does not reach “${option}”.`);
}
