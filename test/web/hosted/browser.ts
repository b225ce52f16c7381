import type { ApplicationInput } from '../../../src/service/api.ts';
import { createPages, type PagesOptions } from '../../../src/web/index.ts';
import { createWorld, type WorldOptions } from '../../support/world.ts';

export const BASE = 'https://verify.example';
export const RETURN = 'https://shop.example/back?from=verify';
export const OTHER_RETURN = 'https://shop.example/other';

export type HostedWorld = Awaited<ReturnType<typeof createHostedWorld>>;

/** The real use cases behind the real pages; browsers are jars of cookies. */
export async function createHostedWorld(
  options: WorldOptions & { application?: ApplicationInput; pages?: Partial<PagesOptions> } = {},
) {
  const world = await createWorld(options);
  const changed = await world.service.applications.update(world.caller(), world.application.id, {
    brand: 'Harbour',
    return_urls: [RETURN],
    default_country: 'AU',
    ...options.application,
  });
  if (!changed.ok) throw new Error(changed.problem.detail);
  world.clock.now += 1_000;
  const site = { mode: 'development' as const, publicUrl: BASE, basePath: '', version: '0.0.0' };
  world.service.hosted.servedAt(options.pages?.publicUrl ?? BASE);
  const ips = { current: '203.0.113.7' };
  const pages = createPages(world.service, {
    ...site,
    testKey: null,
    newToken: () => 'T'.repeat(26),
    openapi: () => ({}),
    now: () => world.clock.now,
    log: (event) => world.logs.push(event),
    browserIp: () => ips.current,
    ...options.pages,
  });

  /** A browser: keeps cookies, says where it comes from, follows redirects within the site. */
  function browser(extra: { cookies?: boolean; headers?: Record<string, string> } = {}) {
    const jar = new Map<string, string>();

    async function ask(path: string, body?: Record<string, string>, headers: Record<string, string> = {}) {
      const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join('; ');
      const response = await pages.request(new URL(path, BASE), {
        method: body === undefined ? 'GET' : 'POST',
        headers: {
          'sec-fetch-mode': 'navigate',
          'sec-fetch-site': body === undefined ? 'none' : 'same-origin',
          'accept-language': 'en-AU,en;q=0.9',
          ...(body === undefined ? {} : { origin: BASE, 'content-type': 'application/x-www-form-urlencoded' }),
          ...(cookie === '' ? {} : { cookie }),
          ...extra.headers,
          ...headers,
        },
        ...(body === undefined ? {} : { body: new URLSearchParams(body).toString() }),
      });
      if (extra.cookies !== false) keep(jar, response);
      return response;
    }

    /** Asks, and follows redirects as long as they stay on the site. */
    async function go(path: string, body?: Record<string, string>) {
      let response = await ask(path, body);
      let at = path;
      while (response.status === 303 && isOurs(response.headers.get('location') ?? '')) {
        at = response.headers.get('location') ?? '';
        response = await ask(at);
      }
      return { status: response.status, at, location: response.headers.get('location'), text: await response.text() };
    }

    return { jar, ask, go };
  }

  async function code(): Promise<string> {
    await world.service.worker.tick();
    return world.sink.last().code.reveal();
  }

  return { ...world, pages, browser, code, ips };
}

function keep(jar: Map<string, string>, response: Response): void {
  for (const line of response.headers.getSetCookie()) {
    const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
    if (/max-age=0/i.test(line)) jar.delete(name);
    else jar.set(name, value);
  }
}

function isOurs(location: string): boolean {
  return new URL(location, BASE).origin === BASE;
}
