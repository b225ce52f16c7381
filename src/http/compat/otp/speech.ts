import { ERRORS, type Problem } from '../../../core/errors.ts';
import { refusal, waitOf } from '../answer.ts';
import { bearer, type Speech } from '../facade.ts';

/** Verdicts that the dialect has no record for any more, in one word each. */
const CODES: Partial<Record<Problem['code'], string>> = {
  verification_not_found: 'expired_or_not_sent',
  verification_closed: 'expired_or_not_sent',
  invalid_code_format: 'invalid_code',
  send_cooldown: 'too_many_sends',
  limit_exceeded: 'too_many_sends',
};

/** JSON in, JSON out; 400 for whatever is wrong with the request or the code, 429 for too much of anything. */
export const OTP: Speech = {
  dialect: 'otp',
  path: /^\/otp\/(?:send|verify|resend)\/?$/,
  takes: ['json'],
  credentials: bearer,
  refuse(exchange, problem) {
    const status = statusOf(problem);
    const body = { code: CODES[problem.code] ?? problem.code, detail: sentence(problem, status) };
    const wait = status === 429 ? { retry_after: waitOf(exchange, problem) } : {};
    return refusal(exchange, problem, status, { ...body, ...wait });
  },
};

function statusOf({ code }: Problem): number {
  const { status } = ERRORS[code];
  const isAboutTheCode = code in CODES && status !== 429;
  return isAboutTheCode || status === 422 || status === 409 ? 400 : status;
}

function sentence({ code, detail }: Problem, status: number): string {
  if (code === 'verification_not_found')
    return 'No code is open for this destination: it expired, was used or was never sent.';
  return status === 404 || detail === '' ? `${ERRORS[code].title}.` : detail;
}
