/** Every error code an answer can carry: HTTP status, whether the same request may succeed later, and its meaning. */
export const ERRORS = {
  invalid_request: {
    status: 400,
    retryable: false,
    title: 'The request is not valid',
    doc: 'Wrong shape or type, a missing or unknown field, a duplicate JSON key, a value out of range. `errors` points at each place.',
  },
  invalid_code_format: {
    status: 400,
    retryable: false,
    title: 'The code has the wrong form',
    doc: 'The submitted code does not fit the pattern of the policy after spaces and hyphens are dropped. No check is counted.',
  },
  unauthenticated: {
    status: 401,
    retryable: false,
    title: 'Nothing proves who is calling',
    doc: 'The Authorization header is missing, or the key is unknown, expired or revoked; at a callback address the provider’s signature or secret is missing, wrong or too old.',
  },
  forbidden: {
    status: 403,
    retryable: false,
    title: 'This key may not do that',
    doc: 'The key lacks the scope, or the policy does not allow the call.',
  },
  country_not_allowed: {
    status: 403,
    retryable: false,
    title: 'The country is not allowed',
    doc: 'The application sends only to the countries on its list.',
  },
  challenge_required: {
    status: 403,
    retryable: true,
    title: 'A person has to show first that no program asks',
    doc: 'The policy (`challenge`) or the risk hook wants a proof before anything is sent. The hosted pages ask for it; no API call carries one.',
  },
  budget_exhausted: {
    status: 403,
    retryable: true,
    title: 'The budget is used up',
    doc: 'The money budget of the day is used up.',
  },
  verification_not_found: {
    status: 404,
    retryable: false,
    title: 'There is no such verification',
    doc: 'Unknown id, another application’s, or past its retention. The three are not told apart.',
  },
  not_found: { status: 404, retryable: false, title: 'There is nothing here', doc: 'Unknown path or resource.' },
  method_not_allowed: {
    status: 405,
    retryable: false,
    title: 'The method is not allowed',
    doc: 'The `Allow` header lists the methods of this path.',
  },
  verification_closed: {
    status: 409,
    retryable: false,
    title: 'The verification is closed',
    doc: 'It is approved, expired, canceled or failed; start a new one.',
  },
  idempotency_mismatch: {
    status: 409,
    retryable: false,
    title: 'The idempotency key was used for another request',
    doc: 'The same Idempotency-Key came with another body within 24 hours.',
  },
  idempotency_in_progress: {
    status: 409,
    retryable: true,
    title: 'The first request is still running',
    doc: 'A request with the same Idempotency-Key has not finished. Try again shortly.',
  },
  conflict: {
    status: 409,
    retryable: false,
    title: 'The change conflicts with what is there',
    doc: 'A name is taken, or the value is set by the configuration file and read-only here.',
  },
  payload_too_large: {
    status: 413,
    retryable: false,
    title: 'The body is too large',
    doc: 'Bodies are at most 16 kB.',
  },
  unsupported_media_type: {
    status: 415,
    retryable: false,
    title: 'The content type is not supported',
    doc: 'Send `Content-Type: application/json`, without content encoding.',
  },
  invalid_destination: {
    status: 422,
    retryable: false,
    title: 'The destination is not a usable address',
    doc: 'A number that is too short, too long, has an extension or letters, or does not fit its country; an address that is no single mailbox.',
  },
  unreachable_destination: {
    status: 422,
    retryable: false,
    title: 'This kind of destination is closed',
    doc: 'Premium-rate, shared-cost, satellite and other ranges that never receive codes.',
  },
  channel_unavailable: {
    status: 422,
    retryable: false,
    title: 'The channel is not available',
    doc: 'No provider is configured for the channel, it does not fit the destination, or the policy does not list it.',
  },
  recipient_unknown: {
    status: 422,
    retryable: false,
    title: 'Nobody in the directory has this destination',
    doc: 'The policy sends only to known people (`recipients: directory`).',
  },
  destination_suppressed: {
    status: 422,
    retryable: false,
    title: 'The destination gets nothing more',
    doc: 'The person said STOP or complained, the mailbox does not exist, or an operator put it on the list; see `/v1/lists/suppressions`.',
  },
  sends_stopped: {
    status: 403,
    retryable: false,
    title: 'All sends of the application are stopped',
    doc: 'An administrator stopped them (`sends_stopped`). Codes that were sent can still be checked.',
  },
  send_cooldown: {
    status: 429,
    retryable: true,
    title: 'It is too early for another message',
    doc: 'Wait until `next_send_at`.',
  },
  limit_exceeded: {
    status: 429,
    retryable: true,
    title: 'A limit is reached',
    doc: '`limit.name` says which, `limit.reset_at` when it opens again.',
  },
  unavailable: {
    status: 503,
    retryable: true,
    title: 'The service cannot answer now',
    doc: 'The store is locked, full or away. Nothing was accepted; try again after `Retry-After`.',
  },
} as const;

export type ErrorCode = keyof typeof ERRORS;

/** One place in the request that is wrong. `pointer` is a JSON pointer into the body, or `#query/name`. */
export interface FieldError {
  readonly pointer: string;
  readonly code: string;
  readonly detail: string;
}

/** A refusal, as data: returned, never thrown, by every use case. Times are epoch ms. */
export interface Problem {
  readonly code: ErrorCode;
  readonly detail: string;
  readonly errors?: readonly FieldError[];
  readonly limit?: { readonly name: string; readonly scope: string; readonly resetAt: number | null };
  readonly nextSendAt?: number;
  readonly retryAfterMs?: number;
}

export type Result<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly problem: Problem };

export function ok<T>(value: T): Result<T> {
  return { ok: true, value };
}

export function refuse(problem: Problem): { readonly ok: false; readonly problem: Problem } {
  return { ok: false, problem };
}

/**
 * The one error class: something outside the use cases failed. `code` is of the same table; `cause` is kept for the log
 * and never shown. Drivers throw `unavailable` when the store is locked, full, read-only or away; the reason is safe to show.
 */
export class WatchwordError extends Error {
  readonly code: ErrorCode;

  constructor(code: ErrorCode, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = 'WatchwordError';
    this.code = code;
  }
}
