import { redirectAnswer } from '../answer.ts';
import { isSameOrigin } from '../same-origin.ts';
import { setDeskCookie, withCookies } from './cookies.ts';
import type { StaffRoute } from './route.ts';

/** Ends the session, by POST only. */
export const SIGN_OUT: StaffRoute = {
  method: 'POST',
  path: '/desk/sign-out',
  right: 'staff',
  async answer({ service, options, request, staff }) {
    if (!isSameOrigin(request, options)) return { status: 403 };
    await service.staff.sessions.signOut(staff);
    const answer = redirectAnswer(options, '/desk/sign-in?said=signed_out');
    return withCookies(
      answer,
      setDeskCookie(options, 'session', ''),
      setDeskCookie(options, 'draft', ''),
      setDeskCookie(options, 'flash', ''),
    );
  },
};
