import { isOwnOrigin } from '../core/own-origin.ts';
import { baseUrl, type Site } from './site.ts';

/** Whether a form may be obeyed: it comes from a page of this site, or from no browser. */
export function isSameOrigin(request: Request, site: Site): boolean {
  const fetchSite = request.headers.get('sec-fetch-site');
  const origin = request.headers.get('origin');
  return isOwnOrigin({ fetchSite, origin }, [new URL(baseUrl(site)).host, new URL(request.url).host]);
}
