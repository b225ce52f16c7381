import type { BrowserContext, Page } from 'playwright-core';
import { expect } from 'vitest';
import { tabTo } from './keyboard.ts';

interface Copying {
  /** Of the button. */
  readonly name: string;
  readonly text: string;
  readonly scripts: boolean;
}

/** Copies by the keyboard, and expects that this is said to everybody; without scripts no button offers it. */
export async function expectCopied(page: Page, { name, text, scripts }: Copying): Promise<void> {
  const button = page.getByRole('button', { name, exact: true });
  if (!scripts) {
    expect(await button.count()).toBe(0);
    return;
  }
  const context = page.context();
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await button.waitFor();
  await tabTo(page, name);
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: 'Copied', exact: true }).waitFor();
  expect(await page.getByRole('status').allTextContents()).toContain('Copied');
  expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('Copied');
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(text);
  await button.waitFor();
}

/** What was copied last, read by another page. */
export async function clipboardOf(context: BrowserContext, url: string): Promise<string> {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  const page = await context.newPage();
  await page.goto(url);
  await page.bringToFront();
  const text = await page.evaluate(() => navigator.clipboard.readText());
  await page.close();
  return text;
}
