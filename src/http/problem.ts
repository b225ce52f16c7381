import { ERRORS } from '../core/errors.ts';
import type { FieldError, Problem } from '../core/errors.ts';
import { timestamp } from '../core/views.ts';
import type { ApiOptions } from './options.ts';
import type { Reply } from './reply.ts';

/** Wait when nobody knows better: a limit only an operator opens, a store that is away. */
const UNKNOWN_LIMIT_SECONDS = 3_600;
/** When to try again after a 503. */
export const UNAVAILABLE_SECONDS = 5;
const IN_PROGRESS_SECONDS = 1;

/** A 400 with the places that are wrong. */
export function invalid(detail: string, errors: readonly FieldError[] = []): Problem {
  return errors.length === 0
    ? { code: 'invalid_request', detail }
    : { code: 'invalid_request', detail, errors: errors.map(onlyKnown) };
}

function onlyKnown({ pointer, code, detail }: FieldError): FieldError {
  return { pointer, code, detail };
}

/** Renders a refusal as `application/problem+json` (RFC 9457). `allow` is the `Allow` header of a 405. */
export function problemResponse(problem: Problem, requestId: string, options: ApiOptions, allow?: string): Response {
  const reply = problemReply(problem, requestId, options, allow);
  return new Response(reply.body, reply);
}

/** The same as plain data. */
export function problemReply(problem: Problem, requestId: string, options: ApiOptions, allow?: string): Reply {
  return {
    status: ERRORS[problem.code].status,
    headers: problemHeaders(problem, requestId, options, allow),
    body: JSON.stringify(problemBody(problem, requestId, options)),
  };
}

function problemBody(problem: Problem, requestId: string, options: ApiOptions): Record<string, unknown> {
  const { status, title } = ERRORS[problem.code];
  const body: Record<string, unknown> = {
    type: `${options.publicUrl ?? ''}/docs/errors#${problem.code}`,
    title,
    status,
    // One sentence for an unknown id, another tenant's and one past its retention, whoever refused.
    detail: status === 404 ? `${title}.` : problem.detail,
    code: problem.code,
    request_id: requestId,
  };
  if (problem.errors !== undefined) body['errors'] = problem.errors;
  if (problem.limit !== undefined) {
    const { name, scope, resetAt } = problem.limit;
    body['limit'] = { name, scope, reset_at: resetAt === null ? null : timestamp(resetAt) };
  }
  if (problem.nextSendAt !== undefined) body['next_send_at'] = timestamp(problem.nextSendAt);
  return body;
}

function problemHeaders(
  problem: Problem,
  requestId: string,
  options: ApiOptions,
  allow?: string,
): Record<string, string> {
  const { status } = ERRORS[problem.code];
  const headers: Record<string, string> = {
    'content-type': 'application/problem+json',
    ...SECURITY_HEADERS,
    'x-request-id': requestId,
  };
  const wait = waitSeconds(problem, options.now());
  if (wait !== null) headers['retry-after'] = String(wait);
  if (status === 429)
    headers['ratelimit'] = `"${problem.limit?.name ?? problem.code}";r=0;t=${wait ?? UNKNOWN_LIMIT_SECONDS}`;
  if (status === 401) headers['www-authenticate'] = 'Bearer';
  if (allow !== undefined) headers['allow'] = allow;
  return headers;
}

/** Whole seconds until the same request may succeed, at least 1; null when waiting is not the cure. */
export function waitSeconds(problem: Problem, now: number): number | null {
  const until = problem.nextSendAt ?? problem.limit?.resetAt ?? null;
  const ms = problem.retryAfterMs ?? (until === null ? null : until - now);
  if (ms !== null && ERRORS[problem.code].retryable) return Math.max(1, Math.ceil(ms / 1_000));
  if (problem.code === 'idempotency_in_progress') return IN_PROGRESS_SECONDS;
  if (ERRORS[problem.code].status === 503) return UNAVAILABLE_SECONDS;
  return ERRORS[problem.code].status === 429 ? UNKNOWN_LIMIT_SECONDS : null;
}

/** On every answer: nothing of the API is cached, sniffed, framed, scripted or told to the next site. */
export const SECURITY_HEADERS = {
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'referrer-policy': 'no-referrer',
} as const;
