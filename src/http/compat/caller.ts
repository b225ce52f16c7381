import { compatMode, type Dialect } from '../../core/compat.ts';
import type { Problem } from '../../core/errors.ts';
import { UNKNOWN_ADDRESS } from '../../core/ip.ts';
import { isOwnOrigin } from '../../core/own-origin.ts';
import type { Caller } from '../../service/api.ts';
import { actingProblem } from '../acting.ts';
import { originOf } from '../origin.ts';
import type { FacadeExchange, FacadeRoute } from './facade.ts';

export type Called = { readonly ok: true; readonly caller: Caller } | { readonly ok: false; readonly problem: Problem };

const UNAUTHENTICATED = refused({ code: 'unauthenticated', detail: 'An API key is needed.' });
const FOREIGN = refused({ code: 'forbidden', detail: 'This comes from a page of another site.' });
/** Off and not there are one answer. */
const OFF = refused({ code: 'not_found', detail: '' });
/** Longer than any credentials we read. */
const LONGEST = 512;

/**
 * Who calls a façade: whoever holds an API key of an application that speaks the dialect, or a browser where the application
 * says `public`. Which application a browser means, `?app=` says; `default` without it.
 */
export async function facadeCaller({ speech, scope }: FacadeRoute, exchange: FacadeExchange): Promise<Called> {
  const misled = actingProblem(exchange);
  if (misled !== null) return refused(misled);
  const authorization = exchange.header('authorization');
  if (authorization === null) return browser(speech.dialect, exchange);
  const credentials = authorization.length > LONGEST ? null : speech.credentials(authorization);
  if (credentials === null) return UNAUTHENTICATED;
  const { service } = exchange;
  const caller = await service.keys.authenticate(credentials.token);
  if (caller === null || speech.owns?.({ caller, credentials, service }) === false) return UNAUTHENTICATED;
  if (compatMode(caller.application.compat, speech.dialect) === 'off') return OFF;
  return caller.scopes.includes(scope)
    ? { ok: true, caller: { ...caller, origin: originOf(exchange) } }
    : lacking(scope);
}

async function browser(dialect: Dialect, exchange: FacadeExchange): Promise<Called> {
  const { service, header, request, options } = exchange;
  const application = await service.applications.find(applicationName(request.url));
  const mode = application === null ? 'off' : compatMode(application.compat, dialect);
  if (application === null || mode === 'off') return OFF;
  if (mode === 'keyed') return UNAUTHENTICATED;
  const from = { fetchSite: header('sec-fetch-site'), origin: header('origin') };
  const hosts = [request.url, options.publicUrl ?? request.url].map((url) => new URL(url).host);
  if (!isOwnOrigin(from, hosts)) return FOREIGN;
  const origin = originOf(exchange);
  // Browsers without an address share one allowance: the limit must hold for them, too.
  const browserIp = origin.ip ?? UNKNOWN_ADDRESS;
  const actor = { type: 'hosted', id: null } as const;
  return { ok: true, caller: { application, mode: 'live', actor, scopes: ['send', 'check'], browserIp, origin } };
}

function applicationName(url: string): string {
  const query = url.indexOf('?');
  return (query === -1 ? null : new URLSearchParams(url.slice(query + 1)).get('app')) ?? 'default';
}

function lacking(scope: string): Called {
  return refused({ code: 'forbidden', detail: `This key lacks the scope ${scope}.` });
}

function refused(problem: Problem): Called {
  return { ok: false, problem };
}
