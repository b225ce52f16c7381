import { gzipSync } from 'node:zlib';
import type { JSX } from 'hono/jsx/jsx-runtime';
import { contentSecurityPolicy, type PolicySources, renderPage, securityHeaders, takesGzip } from '../answer.ts';
import { href } from '../site.ts';
import { PlainEnd } from './end-pages.tsx';
import { formTargets } from './return-url.ts';
import { hostedPath, pageCookies, type Visit } from './visit.ts';

/**
 * A hosted page as an answer, compressed where the browser takes that: nothing on it is secret beside what a stranger may choose.
 * `widget` is the one of another server that it shows.
 */
export async function pageReply(
  visit: Visit,
  status: number,
  page: JSX.Element,
  { widget = null }: Pick<PolicySources, 'widget'> = {},
): Promise<Response> {
  const headers = headersOf(visit, pageCookies(visit), widget);
  headers.set('Content-Type', 'text/html; charset=utf-8');
  headers.set('Vary', 'Accept-Encoding');
  const html = await renderPage(page);
  if (!takesGzip(visit.request)) return new Response(html, { status, headers });
  headers.set('Content-Encoding', 'gzip');
  return new Response(new Uint8Array(gzipSync(html)), { status, headers });
}

/** After a form: the browser reads a page of ours anew. */
export function redirectReply(visit: Visit, path: string, cookies: readonly string[] = []): Response {
  return leaveReply(visit, href(visit.options, path), cookies);
}

/** After a form: to an address that was registered. */
export function leaveReply(visit: Visit, location: string, cookies: readonly string[] = []): Response {
  const headers = headersOf(visit, cookies);
  headers.set('Location', location);
  return new Response(null, { status: 303, headers });
}

function headersOf(visit: Visit, cookies: readonly string[], widget: PolicySources['widget'] = null): Headers {
  const { application, options } = visit;
  const headers = new Headers(securityHeaders(options));
  const policy = contentSecurityPolicy({
    formAction: formTargets(visit),
    frameAncestors: application.frame_ancestors,
    widget,
  });
  headers.set('Content-Security-Policy', policy);
  headers.set('Cache-Control', 'no-store');
  for (const cookie of cookies) headers.append('Set-Cookie', cookie);
  return headers;
}

type Trouble = 'over' | 'cookies' | 'many' | 'away' | 'link' | 'foreign';

const STATUS: Readonly<Record<Trouble, number>> = {
  over: 410,
  cookies: 400,
  many: 429,
  away: 503,
  link: 404,
  foreign: 403,
};
const RETRY_SECONDS = '5';

/** What cannot go on, in the reader's language, with the way on. */
export async function troubleReply(visit: Visit, trouble: Trouble, text?: string): Promise<Response> {
  const { words } = visit.language;
  const start = { path: hostedPath(visit, 'request'), word: words.restart };
  const pages: Readonly<Record<Trouble, JSX.Element>> = {
    over: <PlainEnd visit={visit} title={words.over} text={words.overText} icon="clock" tone="calm" way={start} />,
    cookies: (
      <PlainEnd visit={visit} title={words.cookies} text={words.cookiesText} icon="lock" tone="calm" way={start} />
    ),
    many: <PlainEnd visit={visit} title={words.many} text={text ?? words.awayText} icon="clock" tone="warn" />,
    away: (
      <PlainEnd
        visit={visit}
        title={words.away}
        text={words.awayText}
        icon="triangle"
        tone="warn"
        way={{ ...start, word: words.retry }}
      />
    ),
    link: <PlainEnd visit={visit} title={words.link} text={words.linkText} icon="tray" tone="calm" />,
    foreign: <PlainEnd visit={visit} title={words.link} text={words.linkText} icon="lock" tone="calm" />,
  };
  const reply = await pageReply(visit, STATUS[trouble], pages[trouble]);
  if (trouble === 'away') reply.headers.set('Retry-After', RETRY_SECONDS);
  return reply;
}
