import type { Result } from '../core/errors.ts';
import { problemReply, problemResponse, SECURITY_HEADERS } from './problem.ts';
import type { Call, Exchange } from './route.ts';

/** An answer as plain data. Header names are in lower case. */
export interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** The status that has neither a body nor a length. */
export const NO_CONTENT = 204;

/** The answer of a fetch handler. */
export function responseOf(reply: Reply | Response): Response {
  return reply instanceof Response ? reply : new Response(reply.status === NO_CONTENT ? null : reply.body, reply);
}

/** The value of a result as {@link json} renders it, or its refusal, as plain data. */
export function plainReply(exchange: Exchange, result: Result<unknown>, status = 200): Reply {
  return result.ok
    ? jsonReply(exchange, result.value, status)
    : problemReply(result.problem, exchange.requestId, exchange.options);
}

/** JSON with the headers every answer has, as plain data. */
export function jsonReply(exchange: Exchange, body: unknown, status = 200): Reply {
  return { status, headers: headersOf(exchange, 'application/json'), body: JSON.stringify(body) };
}

/** An answer that says no more than that it is done. */
export function emptyReply(exchange: Exchange): Reply {
  const { 'content-type': _type, ...headers } = headersOf(exchange, '');
  return { status: NO_CONTENT, headers, body: '' };
}

/** The same answer with one header more. */
export function withHeader(reply: Reply, name: string, value: string): Reply {
  return { ...reply, headers: { ...reply.headers, [name]: value } };
}

/** A JSON answer with the headers every answer has. */
export function json(exchange: Exchange, body: unknown, status = 200): Response {
  return textReply(exchange, JSON.stringify(body), 'application/json', status);
}

/** Any other finished text. */
export function textReply(exchange: Exchange, text: string | ReadableStream, type: string, status = 200): Response {
  return new Response(text, { status, headers: headersOf(exchange, type) });
}

function headersOf({ requestId }: Exchange, type: string): Record<string, string> {
  return {
    'content-type': type,
    'cache-control': SECURITY_HEADERS['cache-control'],
    'x-content-type-options': SECURITY_HEADERS['x-content-type-options'],
    'content-security-policy': SECURITY_HEADERS['content-security-policy'],
    'referrer-policy': SECURITY_HEADERS['referrer-policy'],
    'x-request-id': requestId,
  };
}

/** The value of a result, or its refusal as a problem. */
export function render(exchange: Exchange, result: Result<unknown>, status = 200): Response {
  return result.ok
    ? json(exchange, result.value, status)
    : problemResponse(result.problem, exchange.requestId, exchange.options);
}

/** The same of what is done once however often it is asked for under one idempotency key. */
export async function renderOnce(
  call: Call<unknown, unknown>,
  act: () => Promise<Result<unknown>>,
  status = 200,
): Promise<Response> {
  return render(call, await call.service.once(call.caller, call.idempotency, act), status);
}
