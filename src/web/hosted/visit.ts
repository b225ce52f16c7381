import type { Application, HostedFlow, Origin, RememberedDevice, Service } from '../../service/api.ts';
import { cookieLine, readCookie } from '../cookies.ts';
import type { PagesOptions } from '../options.ts';
import { baseUrl } from '../site.ts';
import { type Language, languageOf } from './locale.ts';

const FLOWS = 'ww_otp';
const LANGUAGE = 'ww_lang';
const SESSION = 'ww_session';
const DEVICES = 'ww_device';
/** Remembered in one browser at a time, of all applications and people. */
const MOST_DEVICES = 4;
const YEAR_SECONDS = 31_536_000;

/** One request of a browser to a hosted page: whose page it is, in what language, and what this browser holds. */
export interface Visit {
  readonly service: Service;
  readonly options: PagesOptions;
  readonly request: Request;
  readonly query: URLSearchParams;
  readonly application: Application;
  readonly language: Language;
  readonly flows: readonly HostedFlow[];
  /** The flow that the address names; without a name the newest. */
  readonly flow: HostedFlow | null;
  readonly session: string | null;
  /** Tokens by which this browser may be remembered, the newest first. */
  readonly devices: readonly string[];
  readonly browser: Origin;
}

/** Reads what a request holds; null when it names an application that is not there. Changes nothing. */
export async function openVisit(
  service: Service,
  options: PagesOptions,
  request: Request,
  ip: string | null,
): Promise<Visit | null> {
  const query = new URL(request.url).searchParams;
  const flows = service.hosted.openFlows(readCookie(request, options, FLOWS) ?? '');
  const named = query.get('v');
  const flow = (named === null ? flows[0] : flows.find(({ id }) => id === named)) ?? null;
  const application = await service.applications.find(query.get('app') ?? flow?.application ?? 'default');
  if (application === null) return null;
  const language = languageOf(
    [query.get('lang'), readCookie(request, options, LANGUAGE)],
    request.headers.get('accept-language'),
    application.locale,
  );
  const own = flow?.application === application.id ? flow : null;
  const session = readCookie(request, options, SESSION);
  const devices = (readCookie(request, options, DEVICES) ?? '').split('~', MOST_DEVICES).filter((text) => text !== '');
  const browser = { ip, userAgent: request.headers.get('user-agent') ?? '' };
  return { service, options, request, query, application, language, flows, flow: own, session, devices, browser };
}

/** Whether the browser keeps cookies, as far as one can tell: it brought one, or is no browser. */
export function keepsCookies({ request }: Visit): boolean {
  return request.headers.has('cookie') || !request.headers.has('sec-fetch-mode');
}

/** The cookie with these flows; an empty one only shows that cookies are kept. */
export function flowsCookie(visit: Visit, flows: readonly HostedFlow[]): string {
  return cookie(visit, FLOWS, visit.service.hosted.sealFlows(flows));
}

/** The flow in front of the others of this browser. */
export function withFlow(visit: Visit, flow: HostedFlow): readonly HostedFlow[] {
  return [flow, ...visit.flows.filter(({ id }) => id !== flow.id)];
}

export function sessionCookie(visit: Visit, token: string | null): string {
  return cookie(visit, SESSION, token ?? '', token === null ? 0 : undefined);
}

/** The cookie with one more token, or the next of a device in place of the one before. */
export function deviceCookie(visit: Visit, { token, endsAt }: RememberedDevice): string {
  const isOther = (held: string): boolean => held.split('.')[0] !== token.split('.')[0];
  const tokens = [token, ...visit.devices.filter(isOther)].slice(0, MOST_DEVICES);
  return cookie(visit, DEVICES, tokens.join('~'), Math.max(0, Math.floor((endsAt - visit.options.now()) / 1000)));
}

/** Cookies that a page without an act sets: the language just chosen, and the one that shows that cookies are kept. */
export function pageCookies(visit: Visit): readonly string[] {
  const chosen = visit.query.has('lang') ? [cookie(visit, LANGUAGE, visit.language.locale, YEAR_SECONDS)] : [];
  return readCookie(visit.request, visit.options, FLOWS) === null ? [...chosen, flowsCookie(visit, [])] : chosen;
}

/** Inside another site's page a cookie lives only when it is that page's own (partitioned). */
function cookie({ options, application }: Visit, name: string, value: string, maxAgeSeconds?: number): string {
  const framed = application.frame_ancestors.length > 0 && baseUrl(options).startsWith('https:');
  return cookieLine(options, name, value, {
    ...(maxAgeSeconds === undefined ? {} : { maxAgeSeconds }),
    ...(framed ? { sameSite: 'None', partitioned: true } : {}),
  });
}

/** A path of the hosted pages for this application and flow. */
export function hostedPath(visit: Visit, page: string, query: Readonly<Record<string, string | null>> = {}): string {
  const values = new URLSearchParams();
  if (visit.query.has('app')) values.set('app', visit.application.name);
  for (const [name, value] of Object.entries(query)) if (value !== null) values.set(name, value);
  const text = values.toString();
  return text === '' ? `/otp/${page}` : `/otp/${page}?${text}`;
}
