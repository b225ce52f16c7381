import { parse, serialize } from 'hono/utils/cookie';
import { baseUrl, type Site } from './site.ts';

/** How long a cookie lives: until the browser closes when `maxAgeSeconds` is absent; 0 ends it. */
export interface CookieOptions {
  readonly maxAgeSeconds?: number;
  /** `Lax` lets a link from elsewhere carry it, `Strict` does not; `None` lets a page inside another site's have it. */
  readonly sameSite?: 'Lax' | 'Strict' | 'None';
  /** Kept apart for each site that frames the page (https only). */
  readonly partitioned?: boolean;
}

/** The value of a cookie of this site, or null. */
export function readCookie(request: Request, site: Site, name: string): string | null {
  const full = fullName(site, name);
  return parse(request.headers.get('cookie') ?? '', full)[full] ?? null;
}

/** A `Set-Cookie` line: `__Host-` on https, a plain name on loopback http, never for scripts. */
export function cookieLine(site: Site, name: string, value: string, options: CookieOptions = {}): string {
  const { maxAgeSeconds, sameSite = 'Lax', partitioned = false } = options;
  return serialize(fullName(site, name), value, {
    path: '/',
    httpOnly: true,
    sameSite,
    secure: isSecure(site),
    ...(partitioned ? { partitioned } : {}),
    ...(maxAgeSeconds === undefined ? {} : { maxAge: maxAgeSeconds }),
  });
}

function fullName(site: Site, name: string): string {
  return isSecure(site) ? `__Host-${name}` : name;
}

function isSecure(site: Site): boolean {
  return baseUrl(site).startsWith('https:');
}
