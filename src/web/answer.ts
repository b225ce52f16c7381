import type { JSX } from 'hono/jsx/jsx-runtime';
import type { Site } from './site.ts';

/** Origins beside this one. */
interface Others {
  /** Where forms may lead. */
  readonly formAction?: readonly string[];
  /** Who may frame the page. */
  readonly frameAncestors?: readonly string[];
}

/** Scripts, styles and images of this origin only, nothing inline; framed by nobody, forms to nowhere else, unless told. */
export function contentSecurityPolicy({ formAction = [], frameAncestors = [] }: Others = {}): string {
  return [
    "default-src 'self'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self'",
    "object-src 'none'",
    `frame-ancestors ${frameAncestors.length === 0 ? "'none'" : frameAncestors.join(' ')}`,
    "base-uri 'none'",
    ["form-action 'self'", ...formAction].join(' '),
  ].join('; ');
}

const CONTENT_SECURITY_POLICY = contentSecurityPolicy();

const PERMISSIONS_POLICY = [
  'accelerometer',
  'camera',
  'display-capture',
  'geolocation',
  'gyroscope',
  'microphone',
  'payment',
  'usb',
]
  .map((feature) => `${feature}=()`)
  .join(', ');

/** What every answer of the pages carries, whatever it is. */
export function securityHeaders(site: Site): Record<string, string> {
  const headers: Record<string, string> = {
    'Content-Security-Policy': CONTENT_SECURITY_POLICY,
    // Not no-referrer: browsers would send `Origin: null` with every form.
    'Referrer-Policy': 'same-origin',
    'X-Content-Type-Options': 'nosniff',
    'Cross-Origin-Opener-Policy': 'same-origin',
    'Cross-Origin-Resource-Policy': 'same-origin',
    'Permissions-Policy': PERMISSIONS_POLICY,
  };
  if (site.publicUrl?.startsWith('https:') === true) headers['Strict-Transport-Security'] = 'max-age=31536000';
  return headers;
}

/** Whether who asks takes compressed answers. */
export function takesGzip(request: Request): boolean {
  return /\bgzip\b(?!\s*;\s*q=0(?:\.0*)?\s*(?:,|$))/.test(request.headers.get('accept-encoding') ?? '');
}

/** A whole page as text. */
export async function renderPage(page: JSX.Element): Promise<string> {
  return `<!doctype html>\n${await page.toString()}`;
}

/** A page as an answer. It is never stored: pages show what is true now. */
export function htmlAnswer(site: Site, status: number, html: string, more: Record<string, string> = {}): Response {
  const headers = { 'Content-Type': 'text/html; charset=utf-8', 'Cache-Control': 'no-store', ...more };
  return new Response(html, { status, headers: { ...securityHeaders(site), ...headers } });
}

/** After a form: the browser reads `path` (below the base path) anew. */
export function redirectAnswer(site: Site, path: string): Response {
  return new Response(null, {
    status: 303,
    headers: { ...securityHeaders(site), Location: `${site.basePath}${path}`, 'Cache-Control': 'no-store' },
  });
}
