import type { ErrorCode, Problem } from '../../../core/errors.ts';
import { refusal } from '../answer.ts';
import { bearer, type FacadeExchange, type Speech } from '../facade.ts';
import { withHeader, type Reply } from '../../reply.ts';

interface CamaraError {
  readonly status: number;
  readonly code: string;
  readonly message: string;
}

const own = (name: string): string => `ONE_TIME_PASSWORD_SMS.${name}`;

/** Codes and statuses of CAMARA's one-time-password-sms; the sentences are ours. */
export const CAMARA_ERRORS = {
  argument: { status: 400, code: 'INVALID_ARGUMENT', message: 'The request is not valid.' },
  wrong: { status: 400, code: own('INVALID_OTP'), message: 'The code is wrong.' },
  over: { status: 400, code: own('VERIFICATION_EXPIRED'), message: 'The code expired, was used or was replaced.' },
  spent: { status: 400, code: own('VERIFICATION_FAILED'), message: 'Too many wrong codes: ask for a new one.' },
  unauthenticated: { status: 401, code: 'UNAUTHENTICATED', message: 'Send a valid API key as the access token.' },
  forbidden: { status: 403, code: 'PERMISSION_DENIED', message: 'This access token may not do that.' },
  tooManyCodes: {
    status: 403,
    code: own('MAX_OTP_CODES_EXCEEDED'),
    message: 'Too many codes for this number: try later.',
  },
  notAllowed: { status: 403, code: own('PHONE_NUMBER_NOT_ALLOWED'), message: 'This number cannot get the SMS.' },
  blocked: { status: 403, code: own('PHONE_NUMBER_BLOCKED'), message: 'This number wants no SMS from here.' },
  missing: { status: 404, code: 'NOT_FOUND', message: 'There is no such resource.' },
  method: { status: 405, code: 'METHOD_NOT_ALLOWED', message: 'This path takes POST.' },
  tooLarge: { status: 413, code: 'INVALID_ARGUMENT', message: 'The body is too large.' },
  mediaType: { status: 415, code: 'UNSUPPORTED_MEDIA_TYPE', message: 'Send application/json.' },
  tooFast: { status: 429, code: 'TOO_MANY_REQUESTS', message: 'Too many requests: try later.' },
  quota: { status: 429, code: 'QUOTA_EXCEEDED', message: 'The quota is used up.' },
  unavailable: { status: 503, code: 'UNAVAILABLE', message: 'The service cannot answer now.' },
} as const satisfies Readonly<Record<string, CamaraError>>;

export type CamaraErrorName = keyof typeof CAMARA_ERRORS;

const BY_CODE: Readonly<Record<ErrorCode, CamaraErrorName>> = {
  invalid_request: 'argument',
  invalid_code_format: 'wrong',
  unauthenticated: 'unauthenticated',
  forbidden: 'forbidden',
  country_not_allowed: 'notAllowed',
  challenge_required: 'notAllowed',
  budget_exhausted: 'quota',
  sends_stopped: 'quota',
  verification_not_found: 'missing',
  not_found: 'missing',
  method_not_allowed: 'method',
  verification_closed: 'over',
  idempotency_mismatch: 'tooFast',
  idempotency_in_progress: 'tooFast',
  conflict: 'forbidden',
  payload_too_large: 'tooLarge',
  unsupported_media_type: 'mediaType',
  invalid_destination: 'argument',
  unreachable_destination: 'notAllowed',
  channel_unavailable: 'notAllowed',
  recipient_unknown: 'missing',
  destination_suppressed: 'blocked',
  send_cooldown: 'tooFast',
  limit_exceeded: 'quota',
  unavailable: 'unavailable',
};

/** What an x-correlator may be; any other is not sent back. */
const CORRELATOR = /^[\w.:-]{1,256}$/;

export const CAMARA: Speech = {
  dialect: 'camara',
  path: /^\/camara(?:\/|$)/,
  takes: ['json'],
  credentials: bearer,
  refuse(exchange, problem) {
    const name = problem.limit?.scope === 'destination' ? 'tooManyCodes' : BY_CODE[problem.code];
    return refuseAs(exchange, name, name === 'argument' ? problem.detail : '', problem);
  },
};

/** Refuses with one of CAMARA's errors, in our sentence or a closer one. */
export function refuseAs(
  exchange: FacadeExchange,
  name: CamaraErrorName,
  closer = '',
  problem: Problem = { code: 'invalid_request', detail: '' },
): Reply {
  const { status, code, message } = CAMARA_ERRORS[name];
  const body = { status, code, message: closer === '' ? message : closer };
  return correlated(exchange, refusal(exchange, problem, status, body));
}

/** The answer with the caller's own mark on it. */
export function correlated(exchange: FacadeExchange, reply: Reply): Reply {
  const mark = exchange.header('x-correlator');
  return mark !== null && CORRELATOR.test(mark) ? withHeader(reply, 'x-correlator', mark) : reply;
}
