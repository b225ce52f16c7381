import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { getRequestListener } from '@hono/node-server';
import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll } from 'vitest';
import { createHostedWorld, type HostedWorld } from '../web/hosted/browser.ts';
import { launchChromium } from './chromium.ts';
import { broken, shoot, tooWide } from './looks.ts';

export interface HostedSite {
  readonly base: string;
  readonly world: HostedWorld;
  open(context: BrowserContext, path: string): Promise<Page>;
  /** Throws what the browser complained of on pages that were opened here. */
  close(): Promise<void>;
}

/** The hosted pages on a port of their own. */
export async function serveHosted(options: Parameters<typeof createHostedWorld>[0] = {}): Promise<HostedSite> {
  const served: { world?: HostedWorld } = {};
  const server = createServer(getRequestListener((request) => served.world?.pages.fetch(request) ?? new Response()));
  const base = await listen(server);
  const world = await createHostedWorld({
    ...options,
    pages: { publicUrl: base, ...options.pages },
  });
  served.world = world;
  const complaints: string[] = [];
  return {
    base,
    world,
    async open(context, path) {
      const page = await context.newPage();
      page.on('console', (message) => {
        if (message.type() === 'error' && !message.text().includes('Failed to load resource'))
          complaints.push(message.text());
      });
      page.on('pageerror', (error) => complaints.push(error.message));
      await page.goto(`${base}${path}`);
      return page;
    },
    async close() {
      server.closeAllConnections();
      server.close();
      await world.close();
      if (complaints.length > 0) throw new Error(`The browser complained:\n${complaints.join('\n')}`);
    },
  };
}

/** A site and somebody who looks at it; each test makes its own. */
export interface Visitor {
  readonly site: HostedSite;
  readonly context: BrowserContext;
}

/** One browser for the tests around it. What it returns makes the site and the visitor of a test, which end with it. */
export function hostedVisits(): (
  site: Parameters<typeof serveHosted>[0],
  look: BrowserContextOptions,
) => Promise<Visitor> {
  let browser: Browser;
  const made: Visitor[] = [];
  beforeAll(async () => void (browser = await launchChromium()));
  afterAll(() => browser?.close());
  afterEach(async () => {
    for (const { site, context } of made.splice(0)) {
      await context.close();
      await site.close();
    }
  });
  return async (options, look) => {
    const site = await serveHosted(options);
    const visitor = { site, context: await browser.newContext(look) };
    made.push(visitor);
    return visitor;
  };
}

/** What is wrong with the look of a page: it scrolls sideways, or breaks a rule of accessibility (`axe` needs scripts). Takes a picture where one is wanted. */
export async function faultsOf(page: Page, name: string, scripts = true): Promise<readonly unknown[]> {
  await shoot(page, name);
  return [...(await tooWide(page)), ...(scripts ? await broken(page) : [])];
}

async function listen(server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
