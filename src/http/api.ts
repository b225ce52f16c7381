import { Hono } from 'hono';
import type { Context } from 'hono';
import type { Service } from '../service/api.ts';
import { answer } from './answer.ts';
import {
  answerFacade,
  FACADE_ROUTES,
  type FacadeExchange,
  type FacadeRoute,
  isFacadeRequest,
  type Speech,
  speechOf,
} from './compat/index.ts';
import { logged } from './logged.ts';
import { openApiDocument } from './openapi.ts';
import { peerOf } from './origin.ts';
import type { ApiOptions } from './options.ts';
import { problemResponse } from './problem.ts';
import { watchProviders, watchReadiness } from './product-metrics.ts';
import { type Reply, responseOf, textReply, withHeader } from './reply.ts';
import { open } from './route.ts';
import type { HeaderReader, Route } from './route.ts';
import { ROUTES } from './routes.ts';

/** Whether a request belongs to the API; everything else is the pages'. */
export function isApiRequest(path: string, request: Request): boolean {
  return API_PATH.test(path) || isFacadeRequest(path, request);
}

const API_PATH = /^\/(?:(?:v1|callbacks)(?:\/|$)|\.well-known\/jwks\.json|(?:healthz|readyz|metrics|openapi\.json)$)/;

/**
 * The fetch handler of the API. Every row of {@link ROUTES} is one handler without middleware; unknown paths are 404,
 * known ones with another method 405. Nothing it answers comes from a thrown error's text unless the error says it is safe.
 */
export function createApi(service: Service, options: ApiOptions): Hono {
  const app = new Hono();
  const routes = [...ROUTES, openApiRoute(options)];
  for (const route of routes) app.on(route.method, honoPath(route), handler(route, service, options));
  for (const route of FACADE_ROUTES) app.on(route.method, honoPath(route), facadeHandler(route, service, options));
  app.notFound(async (c) => {
    const facts = { method: c.req.method, route: 'unmatched' };
    return responseOf(
      await logged(facts, options, async (requestId) =>
        unmatched(c, routes, exchangeOf(c, requestId, service, options)),
      ),
    );
  });
  watchReadiness(options.metrics, service.health);
  watchProviders(options.metrics, service.providers);
  return app;
}

function openApiRoute(options: ApiOptions): Route {
  let document: string | null = null;
  const route: Route = open({
    method: 'GET',
    path: '/openapi.json',
    operationId: 'getOpenApi',
    tag: 'System',
    summary: 'This document',
    doc: 'OpenAPI 3.1.',
    responses: { 200: { description: 'The document.', type: 'application/json' } },
    handle: async (exchange) => {
      document ??= JSON.stringify(openApiDocument([...ROUTES, route], options));
      return textReply(exchange, document, 'application/json');
    },
  });
  return route;
}

function honoPath({ path }: Pick<Route, 'path'>): string {
  return path.replaceAll(/\{(\w+)\}/g, ':$1');
}

function handler(route: Route, service: Service, options: ApiOptions): (c: Context) => Promise<Response> {
  const name = /\{(\w+)\}/.exec(route.path)?.[1];
  return async (c) => {
    const reply = await logged({ method: c.req.method, route: route.path }, options, (requestId) => {
      const param = name === undefined ? '' : (c.req.param(name) ?? '');
      return answer(route, {
        requestId,
        options,
        service,
        request: c.req.raw,
        header: headerReader(c),
        param,
        peer: peerOf(c.env),
      });
    });
    return responseOf(reply);
  };
}

function facadeHandler(route: FacadeRoute, service: Service, options: ApiOptions): (c: Context) => Promise<Response> {
  return async (c) => {
    const facts = { method: c.req.method, route: route.path };
    return responseOf(
      await logged(facts, options, (requestId) => answerFacade(route, exchangeOf(c, requestId, service, options))),
    );
  };
}

function exchangeOf(c: Context, requestId: string, service: Service, options: ApiOptions): FacadeExchange {
  const request = c.req.raw;
  const [header, peer] = [headerReader(c), peerOf(c.env)];
  return { requestId, options, service, request, header, param: '', params: c.req.param(), peer };
}

function headerReader(c: Context): HeaderReader {
  const env: unknown = c.env;
  if (isNodeBinding(env)) {
    const { headers } = env.incoming;
    return (name) => {
      const value = headers[name];
      return value === undefined ? null : String(value);
    };
  }
  const { headers } = c.req.raw;
  return (name) => headers.get(name);
}

/** What the Node server passes beside the request. */
interface NodeBinding {
  readonly incoming: {
    readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
    readonly socket?: { readonly remoteAddress?: string | undefined };
  };
}

function isNodeBinding(env: unknown): env is NodeBinding {
  return typeof env === 'object' && env !== null && 'incoming' in env;
}

function unmatched(c: Context, routes: readonly Route[], exchange: FacadeExchange): Response | Reply {
  const { requestId, options } = exchange;
  const speech = speechOf(c.req.path);
  if (speech !== null) return unmatchedFacade(c, speech, exchange);
  const methods = methodsOf(routes, c.req.path);
  if (methods.length === 0) return problemResponse({ code: 'not_found', detail: '' }, requestId, options);
  const allow = methods.join(', ');
  return problemResponse(
    { code: 'method_not_allowed', detail: `This path takes ${allow}.` },
    requestId,
    options,
    allow,
  );
}

function unmatchedFacade(c: Context, speech: Speech, exchange: FacadeExchange): Reply {
  const methods = methodsOf(FACADE_ROUTES, c.req.path);
  if (methods.length === 0) return speech.refuse(exchange, { code: 'not_found', detail: '' });
  return withHeader(speech.refuse(exchange, { code: 'method_not_allowed', detail: '' }), 'allow', methods.join(', '));
}

function methodsOf(routes: readonly Pick<Route, 'method' | 'path'>[], path: string): readonly string[] {
  const methods = routes.filter((route) => matches(route, path)).map(({ method }) => method);
  return methods.flatMap((method) => (method === 'GET' ? ['GET', 'HEAD'] : [method]));
}

function matches({ path }: Pick<Route, 'path'>, actual: string): boolean {
  const template = path.split('/');
  const parts = actual.split('/');
  return (
    template.length === parts.length &&
    template.every((part, at) => (part.startsWith('{') ? parts[at] !== '' : part === parts[at]))
  );
}
