import type { z } from 'zod';
import { WatchwordError } from '../core/errors.ts';
import type { Problem } from '../core/errors.ts';
import { fieldErrors } from '../schema/index.ts';
import type { Caller, IdempotencyRequest } from '../service/api.ts';
import { actingCaller } from './acting.ts';
import { readJson } from './body.ts';
import type { ApiOptions } from './options.ts';
import { originOf } from './origin.ts';
import { invalid, problemReply } from './problem.ts';
import { readQuery } from './query.ts';
import type { Reply } from './reply.ts';
import type { Call, Exchange, Route } from './route.ts';

/** Longer than any key we make; nothing longer is looked up. */
const LONGEST_TOKEN = 256;

/** One request against one row of the table: key, scope, path, query, header, body, then the handler. */
export async function answer(route: Route, exchange: Exchange): Promise<Response | Reply> {
  // An open route's handler declares that it reads nothing but the exchange (see `open`).
  if (route.scope === null) return route.handle(exchange as Call<unknown, unknown>);
  const caller = await callerOf(route, exchange);
  if ('code' in caller) return refusal(exchange, caller);
  const parsed = await parse(route, exchange);
  if ('code' in parsed) return refusal(exchange, parsed);
  const { requestId, options, service, request, header, param, peer } = exchange;
  const { body, query, idempotency } = parsed;
  return await route.handle({
    requestId,
    options,
    service,
    request,
    header,
    param,
    peer,
    caller,
    body,
    query,
    idempotency,
  });
}

/** Something outside the use cases failed: `unavailable`, with the reason only where its thrower says it may be shown. */
export function failure(error: unknown, requestId: string, options: ApiOptions): Reply {
  return problemReply(failureProblem(error, requestId, options), requestId, options);
}

/** The same as data; what happened is logged. */
export function failureProblem(error: unknown, requestId: string, options: ApiOptions): Problem {
  const known = error instanceof WatchwordError;
  options.log({
    event: 'request_failed',
    level: 'error',
    request_id: requestId,
    error: error instanceof Error ? error.name : typeof error,
    reason: known ? error.message : stackOf(error),
  });
  return known ? { code: error.code, detail: error.message } : UNEXPECTED;
}

const UNEXPECTED: Problem = {
  code: 'unavailable',
  detail: 'Something went wrong on our side. Try again; if it stays, name the request_id to the operator.',
};
const UNAUTHENTICATED: Problem = {
  code: 'unauthenticated',
  detail: 'Send a valid API key as `Authorization: Bearer <key>`.',
};

/** Where it was thrown, without the message: that may quote what the client sent. */
function stackOf(error: unknown): string | null {
  if (!(error instanceof Error) || error.stack === undefined) return null;
  const frame = error.stack.split('\n').find((line) => /^\s+at /.test(line));
  return frame?.trim() ?? null;
}

function refusal(exchange: Exchange, problem: Problem): Reply {
  return problemReply(problem, exchange.requestId, exchange.options);
}

/** Who asks and may, in the application that is acted on. */
async function callerOf(route: Route, exchange: Exchange): Promise<Caller | Problem> {
  const caller = await authenticate(exchange);
  if (caller === null) return UNAUTHENTICATED;
  const { application, mode, actor, scopes, browserIp } = caller;
  const asking: Required<Caller> = { application, mode, actor, scopes, browserIp, origin: originOf(exchange) };
  return forbidden(route, caller) ?? actingCaller(route, asking, exchange);
}

function authenticate({ header: read, service }: Exchange): Promise<Caller | null> | null {
  const header = read('authorization');
  if (header === null || header.length > LONGEST_TOKEN) return null;
  const token = /^Bearer +([\x21-\x7e]+)$/i.exec(header)?.[1];
  return token === undefined ? null : service.keys.authenticate(token);
}

function forbidden(route: Route, caller: Caller): Problem | null {
  if (route.scope !== null && !caller.scopes.includes(route.scope))
    return { code: 'forbidden', detail: `This key lacks the scope \`${route.scope}\`.` };
  if (route.testKeysOnly === true && caller.mode !== 'test')
    return { code: 'forbidden', detail: 'Only test keys may do this.' };
  return null;
}

interface Parts {
  readonly body: unknown;
  readonly query: unknown;
  readonly idempotency: IdempotencyRequest | null;
}

function parse(route: Route, exchange: Exchange): Promise<Parts | Problem> | Parts | Problem {
  const path = checkParam(route, exchange.param);
  if (path !== null) return path;
  const query = route.query === undefined ? null : readQuery(exchange.request.url, route.query);
  if (query !== null && !query.ok) return query.problem;
  const key = route.idempotent === true ? exchange.header('idempotency-key') : null;
  if (key !== null && !/^[\x20-\x7e]{1,255}$/.test(key)) return BAD_IDEMPOTENCY_KEY;
  if (route.body === undefined)
    return { body: undefined, query: query?.value, idempotency: bound(key, '', route, exchange) };
  return parseBody(route, route.body[1], exchange, key, query?.value);
}

/** What no id of ours can look like is unknown, in the same words as any other unknown id; no store is asked. */
function checkParam(route: Route, param: string): Problem | null {
  if (param === '' && !route.path.includes('{')) return null;
  if (route.param === undefined) return ID_CHARACTERS.test(param) ? null : { code: unknownCode(route), detail: '' };
  const parsed = route.param.safeParse(param);
  return parsed.success ? null : invalid('The path is not valid.', fieldErrors(parsed.error.issues, param, '#path'));
}

const ID_CHARACTERS = /^[\w.-]{1,128}$/;

function unknownCode(route: Route): 'verification_not_found' | 'not_found' {
  return route.errors?.includes('verification_not_found') === true ? 'verification_not_found' : 'not_found';
}

const BAD_IDEMPOTENCY_KEY = invalid('The Idempotency-Key is not valid.', [
  { pointer: '#header/Idempotency-Key', code: 'invalid_format', detail: 'must be 1 to 255 printable ASCII characters' },
]);

async function parseBody(
  route: Route,
  schema: z.ZodType,
  exchange: Exchange,
  key: string | null,
  query: unknown,
): Promise<Parts | Problem> {
  const read = await readJson(exchange.request, exchange.header);
  if (!read.ok) return read.problem;
  if (read.text === '' && route.bodyOptional !== true) return MISSING_BODY;
  const value = read.text === '' ? {} : read.value;
  const parsed = schema.safeParse(value);
  if (!parsed.success) return invalid('The body is not valid.', fieldErrors(parsed.error.issues, value));
  return { body: parsed.data, query, idempotency: bound(key, read.text, route, exchange) };
}

const MISSING_BODY = invalid('A JSON body is needed.', [{ pointer: '', code: 'missing', detail: 'is required' }]);

/** An idempotency key is bound, beside the API key, to the method, the path as it was meant, and the exact body. */
function bound(
  key: string | null,
  body: string,
  { method, path }: Route,
  { param }: Exchange,
): IdempotencyRequest | null {
  return key === null ? null : { key, path: `${method} ${path.replace(/\{\w+\}/, () => param)}`, body };
}
