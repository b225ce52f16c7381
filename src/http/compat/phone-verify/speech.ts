import { ERRORS, type Problem } from '../../../core/errors.ts';
import { refusal, waitOf } from '../answer.ts';
import { bearer, type FacadeExchange, type Speech } from '../facade.ts';
import type { Reply } from '../../reply.ts';
import { NO_OBJECT } from '../fields.ts';

/** The sentences that django-phone-verify 3.x answers with. */
export const TEXTS = {
  valid: 'Security code is valid.',
  invalid: 'Security code is not valid',
  expired: 'Security code has expired',
  verified: 'Security code is already verified',
  exhausted: 'Too many failed verification attempts. Please request a new code.',
  phone: 'Enter a valid phone number.',
} as const;

/** How Django REST framework reads and refuses. */
export const PHONE_VERIFY: Speech = {
  dialect: 'phone-verify',
  path: /^\/api\/phone(?:\/|$)/,
  takes: ['json', 'form', 'multipart'],
  credentials: bearer,
  refuse(exchange, problem) {
    const { status } = ERRORS[problem.code];
    if (isFieldProblem(problem)) return refusal(exchange, problem, 400, fieldBody(problem));
    return refusal(exchange, problem, status, { detail: detailOf(exchange, problem, status) });
  },
};

/** A 400 about the fields of the body. */
export function refuseFields(
  exchange: FacadeExchange,
  problem: Problem,
  errors: Readonly<Record<string, readonly string[]>>,
): Reply {
  return refusal(exchange, problem, 400, errors);
}

/** Problems that this dialect lays at the door of the number, or of no field. */
function isFieldProblem({ code, errors }: Problem): boolean {
  return (
    ERRORS[code].status === 422 ||
    code === 'country_not_allowed' ||
    errors?.[0]?.code === NO_OBJECT.code ||
    isUnknown(code)
  );
}

function isUnknown(code: Problem['code']): boolean {
  return code === 'verification_not_found' || code === 'verification_closed' || code === 'invalid_code_format';
}

function fieldBody({ code, detail, errors }: Problem): Readonly<Record<string, readonly string[]>> {
  if (errors?.[0]?.code === NO_OBJECT.code) return { non_field_errors: ['Invalid data. Expected a dictionary.'] };
  if (isUnknown(code)) return { non_field_errors: [TEXTS.invalid] };
  return code === 'channel_unavailable' ? { non_field_errors: [detail] } : { phone_number: [TEXTS.phone] };
}

function detailOf(exchange: FacadeExchange, problem: Problem, status: number): string {
  switch (status) {
    case 400:
      return `JSON parse error - ${problem.errors?.[0]?.detail ?? problem.detail}`;
    case 401:
      return 'Authentication credentials were not provided.';
    case 404:
      return 'Not found.';
    case 405:
      return `Method "${exchange.request.method}" not allowed.`;
    case 415:
      return `Unsupported media type "${mediaType(exchange)}" in request.`;
    case 429:
      return `Request was throttled. Expected available in ${waitOf(exchange, problem)} seconds.`;
    default:
      return problem.detail;
  }
}

/** Never more of a header than a media type can be. */
function mediaType({ header }: FacadeExchange): string {
  return /^[\w.+/-]{0,100}/.exec(header('content-type') ?? '')?.[0] ?? '';
}
