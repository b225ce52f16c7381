import type { Problem } from '../core/errors.ts';
import type { Refusal } from '../core/limits.ts';
import type { Policy } from '../core/policy.ts';

const DAY_MS = 86_400_000;

/** A limit said no. `Retry-After` is always there; a lock that only an operator opens says a day. */
export function limitProblem(refusal: Refusal, now: number): Problem {
  const { name, scope, resetAt } = refusal;
  const retryAfterMs = resetAt === null ? DAY_MS : Math.max(1000, resetAt - now);
  if (name === 'money_day') {
    const detail = 'The money budget of the day is used up.';
    return { code: 'budget_exhausted', detail, limit: { name, scope, resetAt }, retryAfterMs };
  }
  const detail =
    resetAt === null
      ? `The limit ${name} is reached. An operator must re-bind this destination.`
      : `The limit ${name} is reached.`;
  return {
    code: 'limit_exceeded',
    detail,
    limit: { name, scope, resetAt },
    retryAfterMs,
  };
}

export const NOT_FOUND: Problem = { code: 'verification_not_found', detail: 'There is no such verification.' };

export const CLOSED: Problem = {
  code: 'verification_closed',
  detail: 'The verification is closed. Start a new one.',
};

/** The submitted text is no code of this policy; it was not evaluated. */
export function codeFormatProblem(policy: Policy): Problem {
  const kind = policy.code.alphabet === 'digits' ? 'digits' : 'letters and digits';
  const detail = `A code has ${policy.code.length} ${kind}. Nothing was counted.`;
  return { code: 'invalid_code_format', detail, errors: [{ pointer: '/code', code: 'invalid_code_format', detail }] };
}

/** A cursor that no page of the list gave. */
export const BAD_CURSOR: Problem = {
  code: 'invalid_request',
  detail: 'The cursor is not one of this list.',
  errors: [{ pointer: '#query/cursor', code: 'invalid_cursor', detail: 'The cursor is not one of this list.' }],
};
