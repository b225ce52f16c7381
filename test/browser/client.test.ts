import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as Client from '../../src/client/index.ts';
import { codeIn } from '../support/messages.ts';
import { serveBuilt, type Served, waitFor } from '../system/server.ts';
import { canBrowse, launchChromium } from './chromium.ts';

const BUILT = join(import.meta.dirname, '../../dist/client');
const PAGE = `<!doctype html><title>Shop</title>
<script type="module">import * as client from '/client/index.js'; globalThis.client = client;</script>`;
const TO = 'mara@bluegum.example';

describe.skipIf(!canBrowse())('the client in a browser', () => {
  let browser: Browser;
  let served: Served;
  let site: Server;
  let base: string;
  let keys: string;

  beforeAll(async () => {
    served = await serveBuilt();
    keys = await (await fetch(`${served.url}/.well-known/jwks.json`)).text();
    // A site of its own with the client's files as they are in the package, and the keys it once fetched.
    site = createServer(({ url = '/' }, response) => {
      if (url.startsWith('/client/')) response.setHeader('content-type', 'text/javascript').end(fileOf(url));
      else if (url === '/keys.json') response.setHeader('content-type', 'application/json').end(keys);
      else response.setHeader('content-type', 'text/html').end(PAGE);
    });
    await new Promise<void>((resolve) => site.listen(0, '127.0.0.1', resolve));
    base = `http://127.0.0.1:${(site.address() as AddressInfo).port}`;
    browser = await launchChromium();
  });
  afterAll(async () => {
    await browser?.close();
    site?.close();
    await served?.stop();
  });

  it('checks a receipt against the keys of the service, and nothing but that receipt', async () => {
    const { receipt, application, id } = await approvedReceipt();
    const page = await browser.newPage();
    await page.goto(base);
    const verdicts = await page.evaluate(
      async ({ receipt, application, id }) => {
        const { verifyReceipt } = (globalThis as unknown as { client: typeof Client }).client;
        const jwksUrl = new URL('/keys.json', location.href).href;
        const expected = { jwksUrl, audience: application, purpose: 'login', subject: id, acceptTest: true };
        const [head = '', body = '', signature = ''] = receipt.split('.');
        const altered = [head, body, signature.replace(/^./, (first) => (first === 'A' ? 'B' : 'A'))].join('.');
        const all = [
          await verifyReceipt(receipt, expected),
          await verifyReceipt(altered, expected),
          await verifyReceipt(receipt, { ...expected, audience: 'app_other' }),
        ];
        return all.map(({ valid }) => valid);
      },
      { receipt, application, id },
    );
    expect(verdicts).toEqual([true, false, false]);
  });

  async function approvedReceipt(): Promise<{ receipt: string; application: string; id: string }> {
    const client = Client.createClient({ url: served.url, key: served.testKey });
    const { id, application } = await client.verifications.start({ to: TO });
    const text = await waitFor(async () => (await client.testing.inbox(TO)).data[0]?.text ?? null);
    const { receipt } = await client.verifications.check(id, { code: codeIn(text ?? ''), receipt: true });
    return { receipt: receipt ?? '', application, id };
  }
});

function fileOf(url: string): string {
  return readFileSync(join(BUILT, url.replace('/client/', '')), 'utf8');
}
