import { Hono } from 'hono';
import { describe, expect, it } from 'vitest';
import { WatchwordError } from '../../src/core/errors.ts';
import { createPages, renderErrorPage, type PageLogEvent } from '../../src/web/index.ts';
import { fakeService, pagesOptions, SMS } from './fake-service.ts';

const DEVELOPMENT_PATHS = ['/', '/dev/inbox', '/docs', '/docs/errors', '/docs/policies'];

function request(path: string, overrides: Parameters<typeof pagesOptions>[0] = {}) {
  return createPages(fakeService([SMS]).service, pagesOptions(overrides)).request(path);
}

describe('every page', () => {
  it.each([...DEVELOPMENT_PATHS, '/nowhere'])('%s sends the headers that keep other sites out', async (path) => {
    const { headers } = await request(path);
    const policy = headers.get('content-security-policy') ?? '';
    expect(policy).toContain("default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self'");
    expect(policy).toContain("frame-ancestors 'none'; base-uri 'none'; form-action 'self'");
    expect(policy).not.toContain('unsafe');
    expect(headers.get('referrer-policy')).toBe('same-origin');
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('cross-origin-opener-policy')).toBe('same-origin');
    expect(headers.get('permissions-policy')).toContain('camera=()');
    expect(headers.get('cache-control')).toBe('no-store');
    expect(headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(headers.get('set-cookie')).toBeNull();
    expect(headers.get('strict-transport-security')).toBeNull();
  });

  it.each([...DEVELOPMENT_PATHS, '/nowhere'])(
    '%s has one h1 that its title repeats, and nothing inline',
    async (path) => {
      const html = await (await request(path)).text();
      const h1 = /<h1>(.*?)<\/h1>/.exec(html)?.[1];
      expect(html.match(/<h1>/g)).toHaveLength(1);
      expect(html).toContain(`<title>${h1} – Watchword</title>`);
      expect(html).not.toMatch(/<script|<style|\sstyle=|\son[a-z]+="/);
      expect(html).not.toMatch(/(?:src|href)="(?:https?:)?\/\//);
    },
  );

  it('asks browsers to stay on https where it is served so', async () => {
    const { headers } = await request('/docs', { publicUrl: 'https://codes.acme.example' });
    expect(headers.get('strict-transport-security')).toBe('max-age=31536000');
  });

  it.each(DEVELOPMENT_PATHS)('%s links only to pages that answer', async (path) => {
    const html = await (await request(path)).text();
    const links = [...html.matchAll(/(?:href|src|action)="(\/[^"#]*)/g)].map((match) => match[1] ?? '');
    expect(links.length).toBeGreaterThan(3);
    for (const link of new Set(links)) {
      if (link === '/openapi.json') continue;
      const answer = await request(link.replaceAll('&amp;', '&'));
      expect([link, answer.status]).toEqual([link, 200]);
    }
  });

  it.each(DEVELOPMENT_PATHS)('%s stays under the base path', async (path) => {
    const pages = createPages(fakeService([SMS]).service, pagesOptions({ basePath: '/codes' }));
    const root = new Hono().route('/codes', pages);
    const answer = await root.request(path === '/' ? '/codes' : `/codes${path}`);
    expect(answer.status).toBe(200);
    const html = await answer.text();
    const links = [...html.matchAll(/(?:href|src|action)="(\/[^"]*)/g)].map((match) => match[1] ?? '');
    expect(links.filter((link) => !link.startsWith('/codes/'))).toEqual([]);
    expect(html).not.toContain('7070/v1');
  });

  it.each(DEVELOPMENT_PATHS)('%s has no id twice, and every anchor of its own leads somewhere', async (path) => {
    const html = await (await request(path)).text();
    const ids = [...html.matchAll(/\sid="([^"]+)"/g)].map((match) => match[1]);
    expect(new Set(ids).size).toBe(ids.length);
    for (const [, anchor] of html.matchAll(new RegExp(`href="(?:${path})?#([^"]+)"`, 'g')))
      expect(ids).toContain(anchor);
  });
});

describe('production', () => {
  it('leads from / to the desk', async () => {
    const answer = await request('/', { mode: 'production' });
    expect([answer.status, answer.headers.get('location')]).toEqual([303, '/desk']);
  });

  it.each(['/dev/inbox', '/dev/inbox?to=%2B14155552671'])('has no page at %s', async (path) => {
    const answer = await request(path, { mode: 'production' });
    expect(answer.status).toBe(404);
    const html = await answer.text();
    expect(html).toContain('There is no page here');
    expect(html).not.toContain('048213');
    expect(html).not.toContain('ww_test_');
  });

  it('does not empty the inbox', async () => {
    const { service, calls } = fakeService([SMS]);
    const pages = createPages(service, pagesOptions({ mode: 'production' }));
    expect((await pages.request('/dev/inbox', { method: 'POST' })).status).toBe(404);
    expect(calls.cleared).toBe(0);
  });

  it('serves the reference, without the development key and without links to development pages', async () => {
    for (const path of ['/docs', '/docs/errors', '/docs/policies', '/nowhere']) {
      const html = await (await request(path, { mode: 'production' })).text();
      expect(html).not.toContain('ww_test_k39');
      expect(html).not.toContain('href="/"');
      expect(html).not.toContain('/dev/inbox');
    }
  });
});

describe('the welcome page', () => {
  it('shows a first call with the development key', async () => {
    const html = await (await request('/')).text();
    expect(html).toContain('Watchword is running');
    expect(html).toContain('curl http://127.0.0.1:7070/v1/verifications');
    expect(html).toContain('<b>ww_test_k39FqT7bYw2LmX0c</b>');
    expect(html).toContain('Nothing leaves this computer');
    expect(html.match(/Inbox<\/span>/g)).toHaveLength(2);
  });

  it('tells how to make a key when there is none', async () => {
    const html = await (await request('/', { testKey: null })).text();
    expect(html).toContain('watchword keys create');
    expect(html).toContain('<b>$WATCHWORD_KEY</b>');
  });

  it('names the providers of live keys and no longer says that nothing leaves', async () => {
    const html = await (await request('/', { providers: { email: ['smtp'] } })).text();
    expect(html).toContain('smtp</span>');
    expect(html).not.toContain('Nothing leaves this computer');
  });

  it('says what is wrong when a part is not working', async () => {
    const checks = {
      store: { ok: false, reason: 'The database file is read-only' },
      queue: { ok: true, reason: 'The oldest message waits' },
      worker: { ok: true, running: false },
    };
    const health = { readiness: () => Promise.resolve({ ready: false, checks }), drain: () => undefined };
    const html = await (await createPages(fakeService([], { health }).service, pagesOptions()).request('/')).text();
    expect(html).toContain('Watchword is not ready');
    expect(html).toContain('Not working');
    expect(html).toContain('Slow</span>');
    expect(html).toContain('Off</span>');
    expect(html).toContain('The database file is read-only');
  });
});

describe('assets', () => {
  it('are kept for ever under the version that pages name', async () => {
    const html = await (await request('/docs')).text();
    const stylesheet = /href="(\/assets\/watchword\.css\?v=[0-9a-f]+)"/.exec(html)?.[1] ?? '';
    const answer = await request(stylesheet);
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-type')).toBe('text/css; charset=utf-8');
    expect(answer.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
    const css = await answer.text();
    expect(css.indexOf('--paper:')).toBeLessThan(css.indexOf('.card {'));
  });

  it.each(['/assets/watchword.css', '/assets/mark.svg?v=00000000'])(
    'are asked for again without it: %s',
    async (path) => {
      const answer = await request(path);
      expect(answer.status).toBe(200);
      expect(answer.headers.get('cache-control')).toBe('no-cache');
    },
  );

  it.each(['/assets/', '/assets/tokens.css', '/assets/..%2f..%2fpackage.json'])(
    'are only the known ones: %s',
    async (path) => {
      expect((await request(path)).status).toBe(404);
    },
  );
});

describe('error pages', () => {
  it.each([403, 404, 429, 500, 503] as const)('%i says what happened and the way on (S0.58)', async (status) => {
    const answer = await renderErrorPage(status, 'req_01JD4Z6F2M', pagesOptions());
    expect(answer.status).toBe(status);
    expect(answer.headers.get('retry-after')).toBe(status === 503 ? '5' : null);
    const html = await answer.text();
    expect(html).toContain('<span class="mono">req_01JD4Z6F2M</span>');
    expect(html).toContain('class="btn btn-main"');
  });

  it('leaves the request id out where there is none', async () => {
    const html = await (await renderErrorPage(404, null, pagesOptions())).text();
    expect(html).not.toContain('If you ask for help');
  });

  const failures: [string, Error, number][] = [
    ['a store that is away becomes 503', new WatchwordError('unavailable', 'The database is locked'), 503],
    ['anything else becomes 500', new Error('secret detail of +14155552671'), 500],
  ];

  it.each(failures)('%s, and the log names no detail (S2.10)', async (_, error, status) => {
    const lines: PageLogEvent[] = [];
    const inbox = {
      list: () => Promise.reject(error),
      all: () => Promise.reject(error),
      clear: () => Promise.reject(error),
    };
    const pages = createPages(
      fakeService([], { inbox }).service,
      pagesOptions({ log: (line) => lines.push(line), randomId: () => 'req_7' }),
    );
    const answer = await pages.request('/dev/inbox');
    expect(answer.status).toBe(status);
    const html = await answer.text();
    expect(html).not.toContain(error.message);
    expect(html).toContain('<span class="mono">req_7</span>');
    expect(lines).toEqual([
      { event: 'page_failed', level: 'error', status, error: error.name, route: '/dev/inbox', request_id: 'req_7' },
    ]);
  });
});
