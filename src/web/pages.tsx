import { Hono, type Context } from 'hono';
import type { JSX } from 'hono/jsx/jsx-runtime';
import { routePath } from 'hono/route';
import { WatchwordError } from '../core/errors.ts';
import type { Service } from '../service/api.ts';
import { fileHeaders, htmlAnswer, redirectAnswer, renderPage, takesGzip } from './answer.ts';
import { findAsset } from './assets.ts';
import { INBOX_PATH, InboxPage } from './dev/inbox.tsx';
import { WelcomePage } from './dev/welcome.tsx';
import { ErrorsPage } from './docs/errors.tsx';
import { PoliciesPage } from './docs/policies.tsx';
import { ReferencePage } from './docs/reference.tsx';
import { renderErrorPage, type ErrorDetails, type ErrorStatus } from './error-page.tsx';
import { addGuides } from './guides/routes.tsx';
import { addNotMe } from './not-me/routes.tsx';
import { createHosted } from './hosted/index.ts';
import type { PagesOptions } from './options.ts';
import { createPortal } from './portal/index.ts';
import { isSameOrigin } from './same-origin.ts';

const LONGEST_QUERY = 320;

/**
 * Every page that is there so far, as an app whose routes stand at the root: mount it at `options.basePath`, which only goes
 * into its links. A GET changes nothing.
 */
export function createPages(service: Service, options: PagesOptions): Hono {
  const pages = new Hono();
  const fail = failing(options);
  addAssets(pages, options);
  addReference(pages, options);
  addGuides(pages, options);
  addNotMe(pages, service, options, fail);
  pages.route('/', createHosted(service, options));
  if (options.mode === 'development') {
    addWelcome(pages, service, options);
    addInbox(pages, service, options, fail);
  } else pages.get('/', () => redirectAnswer(options, '/desk'));
  addDesk(pages, service, options, fail);
  pages.notFound((context) => fail(context, 404));
  pages.onError((error, context) => {
    const away = error instanceof WatchwordError && error.code === 'unavailable';
    return fail(context, away ? 503 : 500, error.name);
  });
  return pages;
}

type Fail = (context: Context, status: ErrorStatus, error?: string, more?: ErrorDetails) => Promise<Response>;

/** The one place that answers with an error page: what it shows can be found in the log. */
function failing(options: PagesOptions): Fail {
  return (context, status, error, more) => {
    const requestId = options.randomId?.() ?? null;
    const level = status >= 500 ? 'error' : 'info';
    options.log({ event: 'page_failed', level, status, route: routePath(context), error, request_id: requestId });
    return renderErrorPage(status, requestId, options, more);
  };
}

const FOREVER = 'public, max-age=31536000, immutable';

function addAssets(pages: Hono, options: PagesOptions): void {
  pages.get('/assets/:name', (context) => {
    const file = findAsset(context.req.param('name'));
    if (file === undefined) return context.notFound();
    // Only the address with the right version may be kept: any other could name a later file.
    const cacheControl = context.req.query('v') === file.version ? FOREVER : 'no-cache';
    const headers = { ...fileHeaders(options), 'Content-Type': file.type, 'Cache-Control': cacheControl };
    const vary = { ...headers, Vary: 'Accept-Encoding' };
    if (!takesGzip(context.req.raw)) return new Response(file.body, { headers: vary });
    return new Response(file.gzip, { headers: { ...vary, 'Content-Encoding': 'gzip' } });
  });
}

/** The reference says the same until the program ends, so each of its pages is rendered once. */
function addReference(pages: Hono, options: PagesOptions): void {
  const fixed = (path: string, render: () => JSX.Element) => {
    let html: Promise<string> | null = null;
    pages.get(path, async () => htmlAnswer(options, 200, await (html ??= renderPage(render()))));
  };
  fixed('/docs', () => <ReferencePage site={options} document={options.openapi()} />);
  fixed('/docs/errors', () => <ErrorsPage site={options} />);
  fixed('/docs/policies', () => <PoliciesPage site={options} />);
}

function addWelcome(pages: Hono, service: Service, options: PagesOptions): void {
  pages.get('/', async () => {
    const health = await service.health.readiness();
    const page = <WelcomePage options={options} health={health} channels={service.channels('test')} />;
    return htmlAnswer(options, 200, await renderPage(page));
  });
}

function addDesk(pages: Hono, service: Service, options: PagesOptions, fail: Fail): void {
  const portal = createPortal(service, options);
  const answer = async (context: Context): Promise<Response> => {
    const outcome = await portal(context.req.raw, context.env);
    return outcome instanceof Response ? outcome : fail(context, outcome.status, undefined, outcome);
  };
  pages.all('/desk', answer);
  pages.all('/desk/*', answer);
}

function addInbox(pages: Hono, service: Service, options: PagesOptions, fail: Fail): void {
  pages.get(INBOX_PATH, async (context) => {
    const text = (name: string) => (context.req.query(name) ?? '').trim().slice(0, LONGEST_QUERY);
    const query = { to: text('to'), message: text('message'), emptied: text('emptied') === '1' };
    const entries = await service.inbox.all(query.to === '' ? undefined : query.to);
    const page = <InboxPage options={options} query={query} entries={entries} />;
    return htmlAnswer(options, 200, await renderPage(page));
  });
  pages.post(INBOX_PATH, async (context) => {
    if (!isSameOrigin(context.req.raw, options)) return fail(context, 403);
    await service.inbox.clear();
    return redirectAnswer(options, `${INBOX_PATH}?emptied=1`);
  });
}
