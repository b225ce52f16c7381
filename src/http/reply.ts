import type { Result } from '../core/errors.ts';
import { SECURITY_HEADERS, problemResponse } from './problem.ts';
import type { Exchange } from './route.ts';

/** A JSON answer with the headers every answer has. */
export function json(exchange: Exchange, body: unknown, status = 200): Response {
  return textReply(exchange, JSON.stringify(body), 'application/json', status);
}

/** Any other finished text. */
export function textReply(exchange: Exchange, text: string | ReadableStream, type: string, status = 200): Response {
  return new Response(text, {
    status,
    headers: {
      'content-type': type,
      'cache-control': SECURITY_HEADERS['cache-control'],
      'x-content-type-options': SECURITY_HEADERS['x-content-type-options'],
      'content-security-policy': SECURITY_HEADERS['content-security-policy'],
      'referrer-policy': SECURITY_HEADERS['referrer-policy'],
      'x-request-id': exchange.requestId,
    },
  });
}

/** The value of a result, or its refusal as a problem. */
export function render(exchange: Exchange, result: Result<unknown>, status = 200): Response {
  return result.ok
    ? json(exchange, result.value, status)
    : problemResponse(result.problem, exchange.requestId, exchange.options);
}
