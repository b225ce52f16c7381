import { Hono, type Context } from 'hono';
import { WatchwordError } from '../../core/errors.ts';
import type { Service } from '../../service/api.ts';
import { securityHeaders } from '../answer.ts';
import { renderErrorPage } from '../error-page.tsx';
import type { PagesOptions } from '../options.ts';
import { accentStylesheet } from './accent.ts';
import { claimLink, showLink } from './link.tsx';
import { troubleReply } from './reply.tsx';
import { showRequest, takeRequest } from './request.tsx';
import { showLogout, takeLogout, tellSession } from './session.tsx';
import { showVerify, takeCode, takeResend } from './verify.tsx';
import { openVisit, type Visit } from './visit.ts';

type Page = (visit: Visit) => Promise<Response>;

const GETS: Readonly<Record<string, Page>> = {
  request: showRequest,
  verify: showVerify,
  logout: showLogout,
  session: tellSession,
};
const POSTS: Readonly<Record<string, Page>> = {
  request: takeRequest,
  verify: takeCode,
  resend: takeResend,
  logout: takeLogout,
};
const FOREVER = 'public, max-age=31536000, immutable';

/** The pages for the person who gets the code. No GET changes anything but cookies that say how to show pages. */
export function createHosted(service: Service, options: PagesOptions): Hono {
  const hosted = new Hono();
  const answer = (context: Context, page: Page) => visiting(service, options, context, page);
  for (const [name, page] of Object.entries(GETS))
    hosted.on('GET', [`/otp/${name}`, `/otp/${name}/`], (context) => answer(context, page));
  for (const [name, page] of Object.entries(POSTS))
    hosted.on('POST', [`/otp/${name}`, `/otp/${name}/`], (context) => answer(context, page));
  hosted.get('/v/:token', (context) => answer(context, (visit) => onLink(context, visit, showLink)));
  hosted.post('/v/:token', (context) => answer(context, (visit) => onLink(context, visit, claimLink)));
  hosted.get('/assets/accent/:name', (context) => {
    const body = accentStylesheet(context.req.param('name'));
    if (body === null) return context.notFound();
    const headers = { 'Content-Type': 'text/css; charset=utf-8', 'Cache-Control': FOREVER };
    return new Response(body, { headers: { ...securityHeaders(options), ...headers } });
  });
  return hosted;
}

async function visiting(service: Service, options: PagesOptions, context: Context, page: Page): Promise<Response> {
  const request = context.req.raw;
  const visit = await openVisit(service, options, request, options.browserIp?.(request, context.env) ?? null);
  if (visit === null) return renderErrorPage(404, options.randomId?.() ?? null, options);
  try {
    return await page(visit);
  } catch (error) {
    if (!(error instanceof WatchwordError) || error.code !== 'unavailable') throw error;
    options.log({ event: 'page_failed', level: 'error', status: 503, error: error.message });
    return troubleReply(visit, 'away');
  }
}

/** The page of a verification is in the name of its own application, whatever the address says. */
async function onLink(context: Context, visit: Visit, page: typeof showLink): Promise<Response> {
  const flow = await visit.service.hosted.flowOfLink(context.req.param('token') ?? '');
  const application = flow === null ? null : await visit.service.applications.find(flow.application);
  if (flow === null || application === null) return troubleReply(visit, 'link');
  return page({ ...visit, application, flow }, flow);
}
