import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { canBrowse } from './chromium.ts';
import { faultsOf, type HostedSite, hostedVisits } from './hosted-site.ts';

const PHONE = '0491570156';

/** Stands in for the browser's own: a desktop has no SMS. What it was asked, and when it was given up, is kept in the window. */
const STUB = `
  window.OTPCredential = class {};
  window.asked = [];
  window.gaveUp = 0;
  navigator.credentials.get = (options) => new Promise((resolve, reject) => {
    window.asked.push(JSON.stringify(options.otp));
    window.arrive = (code) => resolve({ type: 'otp', code });
    options.signal.addEventListener('abort', () => { window.gaveUp++; reject(options.signal.reason); });
  });
`;

describe.skipIf(!canBrowse())('a code that the browser reads from the SMS (WebOTP)', { timeout: 60_000 }, () => {
  const visit = hostedVisits();
  let site: HostedSite;

  async function codePage(stub: string | null, channel: 'sms' | 'email' = 'sms'): Promise<Page> {
    const look = { locale: 'en-AU', viewport: { width: 390, height: 800 } };
    const visitor = await visit({ application: { return_urls: [] } }, look);
    const { context } = visitor;
    site = visitor.site;
    if (stub !== null) await context.addInitScript(stub);
    const page = await site.open(context, `/otp/request?channel=${channel}`);
    if (channel === 'sms') await page.getByLabel('Mobile number').fill(PHONE);
    else await page.getByLabel('E-mail address').fill('mara@bluegum.example');
    await page.getByRole('button', { name: 'Send the code' }).click();
    await page.getByLabel('6-digit code').waitFor();
    return page;
  }

  it('is filled in and sent, as the person agreed to', async () => {
    const page = await codePage(STUB);
    expect(await faultsOf(page, 'web-otp')).toEqual([]);
    expect(await page.evaluate('window.asked')).toEqual(['{"transport":["sms"]}']);
    await page.evaluate(`window.arrive(${JSON.stringify(await site.world.code())})`);
    await page.getByText('You are confirmed').waitFor();
  });

  it('gives way to what is typed: sending the form by hand ends the waiting', async () => {
    const page = await codePage(STUB);
    await page.evaluate(`document.querySelector('form').addEventListener('submit', (event) => event.preventDefault())`);
    await page.getByLabel('6-digit code').fill('12');
    await page.getByRole('button', { name: 'Confirm' }).click();
    expect(await page.evaluate('window.gaveUp')).toBe(1);
    await page.evaluate(`window.arrive('999999')`);
    expect(await page.getByLabel('6-digit code').inputValue()).toBe('12');
  });

  it('never replaces what was typed already', async () => {
    const page = await codePage(STUB);
    await page.getByLabel('6-digit code').fill('1234');
    await page.evaluate(`window.arrive('999999')`);
    expect(await page.getByLabel('6-digit code').inputValue()).toBe('1234');
    expect(new URL(page.url()).searchParams.get('e')).toBeNull();
  });

  it('is not waited for where the code came by e-mail, nor by a browser that has no such thing', async () => {
    const page = await codePage(STUB, 'email');
    expect(await page.evaluate('window.asked')).toEqual([]);
    const plain = await codePage('delete window.OTPCredential;');
    expect(await plain.getByLabel('6-digit code').getAttribute('autocomplete')).toBe('one-time-code');
    expect(await plain.getByLabel('6-digit code').getAttribute('inputmode')).toBe('numeric');
    await plain.getByLabel('6-digit code').fill(await site.world.code());
    await plain.getByRole('button', { name: 'Confirm' }).click();
    await plain.getByText('You are confirmed').waitFor();
  });
});
