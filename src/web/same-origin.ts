import { baseUrl, type Site } from './site.ts';

/**
 * Whether a form may be obeyed: a browser says where it comes from (`Sec-Fetch-Site`, `Origin`), and neither may name another
 * site. A request with neither header comes from no browser, so it carries nobody's authority.
 */
export function isSameOrigin(request: Request, site: Site): boolean {
  const fetchSite = request.headers.get('sec-fetch-site');
  if (fetchSite !== null && fetchSite !== 'same-origin' && fetchSite !== 'none') return false;
  const origin = request.headers.get('origin');
  return origin === null || origin === new URL(baseUrl(site)).origin || hostOf(origin) === new URL(request.url).host;
}

function hostOf(origin: string): string | null {
  return URL.canParse(origin) ? new URL(origin).host : null;
}
