import { cookieLine, readCookie } from '../cookies.ts';
import type { Site } from '../site.ts';

/**
 * The cookies of the desk. `Lax`, so that a link in a ticket opens the page: a GET changes nothing here, and forms are obeyed
 * only from the desk's own pages. The session's goes when the browser closes.
 */
const NAMES = {
  session: 'desk_session',
  pending: 'desk_pending',
  passkey: 'desk_passkey',
  device: 'desk_device',
  draft: 'desk_draft',
  flash: 'desk_flash',
  application: 'desk_application',
};
type DeskCookie = keyof typeof NAMES;

export function deskCookie(request: Request, site: Site, name: DeskCookie): string {
  return readCookie(request, site, NAMES[name]) ?? '';
}

/** A `Set-Cookie` line; '' ends the cookie. */
export function setDeskCookie(site: Site, name: DeskCookie, value: string, maxAgeSeconds?: number): string {
  const maxAge = value === '' ? 0 : maxAgeSeconds;
  return cookieLine(site, NAMES[name], value, maxAge === undefined ? {} : { maxAgeSeconds: maxAge });
}

/** The answer with more cookies. */
export function withCookies(response: Response, ...lines: readonly string[]): Response {
  for (const line of lines) response.headers.append('Set-Cookie', line);
  return response;
}
