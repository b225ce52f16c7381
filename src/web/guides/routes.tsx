import type { Hono } from 'hono';
import { htmlAnswer, renderPage } from '../answer.ts';
import type { PagesOptions } from '../options.ts';
import { GuidePage, GuidesPage } from './guide.tsx';
import { type Guide, GUIDES_PATH, readGuides } from './pages.ts';

/** The documentation as pages; read with the first request, rendered as asked. */
export function addGuides(pages: Hono, options: PagesOptions): void {
  let read: ReadonlyMap<string, Guide> | null = null;
  const guides = (): ReadonlyMap<string, Guide> => (read ??= readGuides());
  pages.get(GUIDES_PATH, async () =>
    htmlAnswer(options, 200, await renderPage(<GuidesPage site={options} guides={guides()} />)),
  );
  pages.get(`${GUIDES_PATH}/:name{.+}`, async (context) => {
    const guide = guides().get(context.req.param('name'));
    if (guide === undefined) return context.notFound();
    return htmlAnswer(options, 200, await renderPage(<GuidePage site={options} guide={guide} guides={guides()} />));
  });
}
