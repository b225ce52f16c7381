import { existsSync } from 'node:fs';
import { chromium, type Browser } from 'playwright-core';

const PLACES = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

/** The browser to test with, or null when this machine has none. `CHROMIUM_PATH` names the only place to look. */
export function findChromium(): string | null {
  const named = process.env['CHROMIUM_PATH'];
  return (named === undefined ? PLACES : [named]).find((place) => existsSync(place)) ?? null;
}

/** Whether browser tests can run. Says why not; with `WATCHWORD_REQUIRE_BROWSER=1` a missing browser is a failure. */
export function canBrowse(): boolean {
  if (findChromium() !== null) return true;
  const reason = 'Browser tests need Chromium: install it or set CHROMIUM_PATH.';
  if (process.env['WATCHWORD_REQUIRE_BROWSER'] === '1') throw new Error(reason);
  console.warn(`Skipped. ${reason}`);
  return false;
}

/** One process fewer and nothing that paints by a graphics card: a quarter less of what a window costs. */
const ARGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-gpu-rasterization',
  '--in-process-gpu',
  '--disable-extensions',
];

/** A browser of our own; close it. */
export function launchChromium(args: readonly string[] = []): Promise<Browser> {
  const executablePath = findChromium();
  if (executablePath === null) throw new Error('There is no Chromium.');
  return chromium.launch({ executablePath, args: [...ARGS, ...args] });
}
