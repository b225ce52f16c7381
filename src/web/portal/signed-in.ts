import type { SignedIn } from '../../service/api.ts';
import { redirectAnswer } from '../answer.ts';
import type { Site } from '../site.ts';
import { setDeskCookie, withCookies } from './cookies.ts';

const DEVICE_SECONDS = 180 * 86_400;

/** The browser of somebody who has just signed in goes on to `next` (below the base path); what it signed in with ends. */
export function signedInAnswer(site: Site, next: string, { token, device }: SignedIn): Response {
  return withCookies(
    redirectAnswer(site, next),
    setDeskCookie(site, 'session', token),
    setDeskCookie(site, 'device', device, DEVICE_SECONDS),
    setDeskCookie(site, 'pending', ''),
    setDeskCookie(site, 'passkey', ''),
  );
}
