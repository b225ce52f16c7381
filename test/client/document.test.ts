import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, expect, it } from 'vitest';
import { Webhook } from 'standardwebhooks';
import * as client from '../../src/client/index.ts';
import { blocksOf } from '../system/snippets.ts';
import { clientWorld, URL_OF_SERVICE } from './world.ts';

const SECRET = `whsec_${Buffer.from('0123456789abcdef0123456789abcdef').toString('base64')}`;
const realFetch = globalThis.fetch;
const folder = mkdtempSync(join(tmpdir(), 'watchword-client-'));
afterEach(() => {
  globalThis.fetch = realFetch;
  rmSync(folder, { recursive: true });
});

/** All snippets of the page as one program, in order. `codeFromTheForm` is what the person read. */
function program(): string {
  const blocks = blocksOf('docs/client.md').filter(({ language }) => language === 'js');
  expect(blocks.length).toBeGreaterThanOrEqual(5);
  const text = blocks.map((block) => block.text).join('\n');
  const bound = text.replace(/^import \{ (.+) \} from 'watchword\/client';$/gm, 'const { $1 } = library;');
  expect(bound).not.toMatch(/^import /m);
  const body = bound.replace('codeFromTheForm', 'await read(started.id)');
  return `export default async (library, process, console, read) => {\n${body}\nreturn onWebhook;\n};\n`;
}

type Program = (...given: readonly unknown[]) => Promise<(request: Request) => Promise<Response>>;

async function loaded(text: string): Promise<Program> {
  const file = join(folder, 'program.mjs');
  writeFileSync(file, text);
  return ((await import(pathToFileURL(file).href)) as { readonly default: Program }).default;
}

it('the page about the client runs as it is written', async () => {
  const world = await clientWorld();
  globalThis.fetch = world.ask;
  const said: unknown[][] = [];
  const shop = await world.clientOf({ key: world.keys.live }).applications.create({ name: 'shop' });
  const env = {
    WATCHWORD_URL: URL_OF_SERVICE,
    WATCHWORD_KEY: world.keys.test,
    WATCHWORD_ADMIN_KEY: world.keys.live,
    WATCHWORD_WEBHOOK_SECRET: SECRET,
    SHOP_ID: shop.id,
  };
  const read = async (id: string): Promise<string> => {
    await world.service.worker.tick();
    return world.inbox.messages.find(({ verification }) => verification === id)?.code.reveal() ?? '';
  };
  // The receipt is of the test world's time, which the page's program does not know.
  const library = {
    ...client,
    verifyReceipt: (text: string, options: client.ReceiptOptions) =>
      client.verifyReceipt(text, { ...options, now: world.clock.now }),
  };
  const run = await loaded(program());
  const onWebhook = await run(library, { env }, { log: (...words: unknown[]) => said.push(words) }, read);
  const approvedAt = said[0]?.[0];
  expect(approvedAt).toMatch(/^\d{4}-/);
  expect(said.some(([, status]) => status === 'approved')).toBe(true);
  expect(said.some(([code]) => code === 'verification_closed')).toBe(true);
  expect(said.some(([jti]) => String(jti).startsWith('rct_'))).toBe(true);
  const inShop = world.clientOf({ key: world.keys.live, application: shop.id });
  expect((await inShop.policies.get('login')).ttl_seconds).toBe(300);
  const body = JSON.stringify({
    type: 'verification.approved',
    timestamp: approvedAt,
    data: { reference: 'order-17' },
  });
  const now = new Date();
  const headers = {
    'webhook-id': 'evt_1',
    'webhook-timestamp': String(Math.floor(now.getTime() / 1000)),
    'webhook-signature': new Webhook(SECRET).sign('evt_1', now, body),
  };
  const post = (text: string) =>
    onWebhook(new Request('https://shop.example/hooks', { method: 'POST', body: text, headers }));
  expect((await post(body)).status).toBe(204);
  expect(said.at(-1)).toEqual(['evt_1', 'order-17']);
  expect((await post(body.replace('order-17', 'order-18'))).status).toBe(401);
  await world.close();
});
