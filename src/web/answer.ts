import type { JSX } from 'hono/jsx/jsx-runtime';
import type { CaptchaWidget } from '../core/captcha.ts';
import type { Site } from './site.ts';

/** Origins beside this one, each for one purpose. */
export interface PolicySources {
  /** Where forms may lead. */
  readonly formAction?: readonly string[];
  /** Who may frame the page. */
  readonly frameAncestors?: readonly string[];
  /** A provider's widget that the page shows, and the nonce of its script. */
  readonly widget?: { readonly sources: CaptchaWidget['sources']; readonly nonce: string } | null;
}

const NO_SOURCES: CaptchaWidget['sources'] = { scripts: [], frames: [], styles: [], connections: [] };

/** Scripts, styles and images of this origin only, nothing inline; framed by nobody, forms to nowhere else, unless told. */
export function contentSecurityPolicy({
  formAction = [],
  frameAncestors = [],
  widget = null,
}: PolicySources = {}): string {
  const { scripts, frames, styles, connections } = widget?.sources ?? NO_SOURCES;
  return [
    "default-src 'self'",
    ["script-src 'self'", ...(widget === null ? [] : [`'nonce-${widget.nonce}'`]), ...scripts].join(' '),
    ["style-src 'self'", ...styles].join(' '),
    "img-src 'self'",
    ...(frames.length === 0 ? [] : [`frame-src ${frames.join(' ')}`]),
    ...(connections.length === 0 ? [] : [["connect-src 'self'", ...connections].join(' ')]),
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

/** What every answer of the pages carries that may be shown in a window of its own. */
export function securityHeaders(site: Site): Record<string, string> {
  return {
    ...fileHeaders(site),
    'Content-Security-Policy': CONTENT_SECURITY_POLICY,
    // Not no-referrer: browsers would send `Origin: null` with every form.
    'Referrer-Policy': 'same-origin',
    'Cross-Origin-Opener-Policy': 'same-origin',
    'Permissions-Policy': PERMISSIONS_POLICY,
  };
}

/** The same for stylesheets, scripts and pictures, which hold no document: a page has several, and a slow phone reads every byte. */
export function fileHeaders(site: Site): Record<string, string> {
  const headers: Record<string, string> = {
    'Content-Security-Policy': "default-src 'none'",
    'X-Content-Type-Options': 'nosniff',
    'Cross-Origin-Resource-Policy': 'same-origin',
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
