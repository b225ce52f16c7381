import {
  type ApiOptions,
  clientIp,
  createApi,
  createDirect,
  type Direct,
  isApiRequest,
  type Metrics,
  openApiDocument,
  peerOf,
  ROUTES,
} from '../http/index.ts';
import { dsnScheme } from '../channels/index.ts';
import type { Settings } from '../config/index.ts';
import { newId } from '../core/id.ts';
import { UNKNOWN_ADDRESS } from '../core/ip.ts';
import { CHANNELS } from '../core/verification.ts';
import type { Environment } from '../ports/environment.ts';
import type { Service } from '../service/index.ts';
import { baseUrl } from '../web/site.ts';
import { onFirstUse } from './on-first-use.ts';

/** Answers a request; `env` is what the server adds (the Node request under `@hono/node-server`). */
export type Handler = (request: Request, env?: object) => Response | Promise<Response>;

export interface HandlerOptions {
  readonly service: Service;
  readonly settings: Settings;
  readonly env: Environment;
  readonly metrics: Metrics;
  readonly version: string;
  /** Where browsers reach the service, with its base path. */
  readonly publicUrl: string;
  /** Empty, or a leading slash and none at the end. */
  readonly basePath: string;
  /** The key that the welcome page shows in development. */
  readonly testKey: string | null;
}

/** The API and the pages as one fetch handler. Below a base path it answers with and without it (a proxy may strip it). */
export function createHandler(options: HandlerOptions): Handler {
  const { service, settings, env, version, publicUrl, basePath, testKey } = options;
  const api = createApi(service, apiOptions(options));
  const site = { mode: settings.mode, publicUrl, basePath, version };
  service.hosted.servedAt(baseUrl(site));
  // Loaded for the first browser: an instance that only answers the API starts sooner and stays smaller.
  const pages = onFirstUse(async () => {
    const { createPages } = await import('../web/index.ts');
    return createPages(service, {
      ...site,
      testKey,
      openapi: () => openApiDocument(ROUTES, { version, publicUrl }),
      providers: schemes(settings),
      browserIp: (request, bindings) => browserIp(request, bindings, settings.trustProxy),
      randomId: () => newId('req', env.now(), env.randomText(20)),
      now: env.now,
      newToken: () => env.randomText(26),
      log: env.log,
    });
  });
  const route: Handler = (request, bindings) =>
    isApiRequest(pathOf(request.url), request)
      ? api.fetch(request, bindings)
      : pages().then((loaded) => loaded.fetch(request, bindings));
  return basePath === '' ? route : (request, bindings) => route(withoutBase(request, basePath), bindings);
}

/** The same API for what Node's server may pass on directly; null below a base path. */
export function createDirectHandler(options: HandlerOptions): Direct | null {
  return options.basePath === '' ? createDirect(options.service, apiOptions(options)) : null;
}

function apiOptions({ settings, env, metrics, version }: HandlerOptions): ApiOptions {
  return {
    publicUrl: settings.publicUrl,
    trustedProxies: settings.trustProxy,
    version,
    metrics,
    log: env.log,
    now: env.now,
    randomId: () => newId('req', env.now(), env.randomText(20)),
  };
}

/** The path of an absolute URL, without parsing the rest. */
function pathOf(url: string): string {
  const start = url.indexOf('/', url.indexOf('//') + 2);
  if (start < 0) return '/';
  const query = url.indexOf('?', start);
  return query < 0 ? url.slice(start) : url.slice(start, query);
}

function withoutBase(request: Request, basePath: string): Request {
  const path = pathOf(request.url);
  if (path !== basePath && !path.startsWith(`${basePath}/`)) return request;
  const url = new URL(request.url);
  url.pathname = path.slice(basePath.length) || '/';
  return new Request(url, request);
}

const THIS_HOST = '127.0.0.1';

/**
 * The address that a browser counts under. Where the host program hands over requests without their sockets it stands for the peer:
 * then all browsers count as one, unless it is trusted to say who asked (`X-Forwarded-For`).
 */
export function browserIp(request: Request, bindings: unknown, trusted: Settings['trustProxy']): string | null {
  const peer = peerOf(bindings);
  const ip = clientIp(peer ?? THIS_HOST, request.headers.get('x-forwarded-for'), trusted);
  return peer === null && ip === THIS_HOST ? UNKNOWN_ADDRESS : ip;
}

function schemes({ providers }: Settings): Readonly<Partial<Record<(typeof CHANNELS)[number], readonly string[]>>> {
  const listed = CHANNELS.flatMap((kind) => {
    const dsns = providers[kind];
    return dsns === undefined ? [] : [[kind, dsns.map((dsn) => dsnScheme(dsn.reveal()))] as const];
  });
  return Object.fromEntries(listed);
}
