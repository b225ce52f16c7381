import { may, ROLE_NAMES } from '../../core/staff.ts';
import type { Found, Service, Staff } from '../../service/api.ts';
import { redirectAnswer } from '../answer.ts';
import type { PagesOptions } from '../options.ts';
import { href } from '../site.ts';
import { ELSEWHERE } from './asked-desk.ts';
import { deskCookie } from './cookies.ts';
import { keepTyped } from './draft.tsx';
import { matchRoute, type Match } from './match.ts';
import { NOT_FOUND, type Answer, type StaffRoute } from './route.ts';
import { PORTAL_ROUTES } from './routes.ts';
import { SIGN_IN_PATH } from './sign-in.tsx';
import type { Guest, Visit } from './visit.ts';

const PAGES: ReadonlySet<string> = new Set(
  PORTAL_ROUTES.filter(({ method }) => method === 'GET').map(({ path }) => path),
);

/**
 * The desk. Whoever has not signed in is led to signing in, whatever the address is; a role without the right gets 403, an
 * address without a page 404.
 */
export function createPortal(
  service: Service,
  options: PagesOptions,
): (request: Request, env: unknown) => Promise<Answer> {
  return async (request, env) => {
    const url = new URL(request.url);
    const match = matchRoute(PORTAL_ROUTES, request.method, url.pathname);
    const guest = guestOf({ service, options, request, url }, env, match);
    const answer =
      match?.route.right === 'public'
        ? await match.route.answer(guest)
        : await answerStaff(guest, match?.route ?? null);
    return answer instanceof Response
      ? answer
      : { home: { path: href(options, '/desk'), word: 'Go to the desk' }, ...answer };
  };
}

type Basis = Pick<Guest, 'service' | 'options' | 'request' | 'url'>;

function guestOf(basis: Basis, env: unknown, match: Match | null): Guest {
  const { options, request, url } = basis;
  const ip = options.browserIp?.(request, env) ?? null;
  return {
    ...basis,
    browser: { ip, userAgent: request.headers.get('user-agent') ?? '', device: deskCookie(request, options, 'device') },
    param: (name) => match?.params[name] ?? '',
    query: (name) => (url.searchParams.get(name) ?? '').trim(),
  };
}

async function answerStaff(guest: Guest, route: StaffRoute | null): Promise<Answer> {
  const { service, options, request, browser } = guest;
  const token = deskCookie(request, options, 'session');
  const found: Found = token === '' ? { state: 'none' } : await service.staff.sessions.find(token, browser);
  if (found.state === 'barred') return ELSEWHERE;
  if (found.state !== 'live') return toSignIn(guest, route, found);
  if (route === null) return NOT_FOUND;
  const { staff } = found;
  if (route.right !== 'staff' && !may(staff.agent.role, route.right)) {
    const role = ROLE_NAMES[staff.agent.role];
    return { status: 403, detail: `Your role, ${role}, does not include this page. An administrator can change that.` };
  }
  return route.answer(visitOf(guest, staff));
}

function visitOf(guest: Guest, staff: Staff): Visit {
  const { service, options } = guest;
  return {
    ...guest,
    staff,
    agent: staff.agent,
    application: staff.application,
    caller: staff.caller,
    may: (right) => may(staff.agent.role, right),
    hasPage: (path) => PAGES.has(path),
    newToken: options.newToken,
    stillSignedIn: () => service.staff.sessions.lasts(staff),
  };
}

/** A form of somebody whose session ended is kept; a page is come back to. */
async function toSignIn(guest: Guest, route: StaffRoute | null, found: Found): Promise<Response> {
  const { options, request, url } = guest;
  const isForm = request.method === 'POST';
  if (isForm && route !== null && found.state === 'ended') {
    const kept = await keepTyped(guest, route.form ?? {}, found);
    if (kept !== null) return kept;
  }
  const query = new URLSearchParams();
  const here = `${url.pathname}${url.search}`;
  if (!isForm && here !== '/desk' && here !== '/desk/') query.set('next', here);
  if (found.state === 'ended') query.set('said', `session_${found.reason}`);
  const text = query.toString();
  return redirectAnswer(options, text === '' ? SIGN_IN_PATH : `${SIGN_IN_PATH}?${text}`);
}
