import { renderErrorPage } from '../error-page.tsx';
import type { Visit } from './visit.ts';

/** A form that was not sent by a page of ours, is too large or in another format: nothing was done. */
export async function leaveToError(visit: Visit, status: 403 | 413 | 415): Promise<Response> {
  const page = await renderErrorPage(403, visit.options.randomId?.() ?? null, visit.options);
  return status === 403 ? page : new Response(page.body, { status, headers: page.headers });
}
