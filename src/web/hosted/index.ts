import { Hono, type Context } from 'hono';
import { WatchwordError } from '../../core/errors.ts';
import type { Service } from '../../service/api.ts';
import { fileHeaders } from '../answer.ts';
import { renderErrorPage } from '../error-page.tsx';
import type { PagesOptions } from '../options.ts';
import { accentStylesheet } from './accent.ts';
import { showConfirm, takeConfirm } from './confirm.tsx';
import { showHome } from './home.tsx';
import { claimLink, showLink } from './link.tsx';
import { logoBytes } from '../logo.ts';
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
  hosted.on('GET', ['/otp', '/otp/'], (context) => answer(context, showHome));
  for (const [name, page] of Object.entries(GETS))
    hosted.on('GET', [`/otp/${name}`, `/otp/${name}/`], (context) => answer(context, page));
  for (const [name, page] of Object.entries(POSTS))
    hosted.on('POST', [`/otp/${name}`, `/otp/${name}/`], (context) => answer(context, page));
  hosted.get('/v/:token', (context) => answer(context, (visit) => onLink(context, visit, showLink)));
  hosted.post('/v/:token', (context) => answer(context, (visit) => onLink(context, visit, claimLink)));
  hosted.get('/confirm/:token', (context) => answer(context, (visit) => onConfirm(context, visit, showConfirm)));
  hosted.post('/confirm/:token', (context) => answer(context, (visit) => onConfirm(context, visit, takeConfirm)));
  hosted.get('/assets/accent/:name', (context) => {
    const body = accentStylesheet(context.req.param('name'));
    if (body === null) return context.notFound();
    const headers = { 'Content-Type': 'text/css; charset=utf-8', 'Cache-Control': FOREVER };
    return new Response(body, { headers: { ...fileHeaders(options), ...headers } });
  });
  hosted.get('/assets/logo/:application/:name', async (context) => {
    const { application: id, name } = context.req.param();
    const application = await service.applications.find(id);
    const body = application === null ? null : logoBytes(application, name);
    if (body === null) return context.notFound();
    const headers = { 'Content-Type': 'image/png', 'Cache-Control': FOREVER };
    return new Response(body, { headers: { ...fileHeaders(options), ...headers } });
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

/** Whose e-mail it was may go on in any browser; what began on a page of ours, only where it began. */
async function onConfirm(context: Context, visit: Visit, page: typeof takeConfirm): Promise<Response> {
  const token = context.req.param('token') ?? '';
  const found = await visit.service.hosted.flowOfConfirm(token);
  const application = found === null ? null : await visit.service.applications.find(found.flow.application);
  if (found === null || application === null) return troubleReply(visit, 'link');
  const own = visit.flows.find(({ id }) => id === found.flow.id);
  const flow = own ?? (found.browserOnly ? null : found.flow);
  if (flow === null) return troubleReply({ ...visit, application }, 'foreign');
  return page({ ...visit, application, flow }, flow, token);
}

/** The page of a verification is in the name of its own application, whatever the address says. */
async function onLink(context: Context, visit: Visit, page: typeof showLink): Promise<Response> {
  const flow = await visit.service.hosted.flowOfLink(context.req.param('token') ?? '');
  const application = flow === null ? null : await visit.service.applications.find(flow.application);
  if (flow === null || application === null) return troubleReply(visit, 'link');
  return page({ ...visit, application, flow }, flow);
}
