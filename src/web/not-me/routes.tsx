import type { Context, Hono } from 'hono';
import type { NotMeView, Service } from '../../service/api.ts';
import { htmlAnswer, redirectAnswer, renderPage } from '../answer.ts';
import type { ErrorStatus } from '../error-page.tsx';
import { readForm } from '../form.ts';
import type { PagesOptions } from '../options.ts';
import { NotMePage } from './page.tsx';

const PATH = '/not-me/:token';

/** The page behind the link of a message. Mail programs open links by themselves: a GET changes nothing, the form does. */
export function addNotMe(
  pages: Hono,
  service: Service,
  options: PagesOptions,
  fail: (context: Context, status: ErrorStatus) => Promise<Response>,
): void {
  pages.get(PATH, async (context) => answer(context, options, await service.notMe.look(context.req.param('token'))));
  pages.post(PATH, async (context) => {
    const form = await readForm(context.req.raw, options);
    if (!form.ok) return fail(context, 403);
    const token = context.req.param('token');
    const act = form.fields.text('act') === 'suppress' ? 'suppress' : 'cancel';
    const view = await service.notMe.report(token, act);
    return view === null ? answer(context, options, null) : redirectAnswer(options, `/not-me/${token}`);
  });
}

async function answer(context: Context, options: PagesOptions, view: NotMeView | null): Promise<Response> {
  const language = /^[A-Za-z-]{1,35}/.exec(context.req.header('accept-language') ?? '')?.[0] ?? null;
  const page = <NotMePage site={options} view={view} language={language} />;
  return htmlAnswer(options, view === null ? 404 : 200, await renderPage(page), { 'X-Robots-Tag': 'noindex' });
}
