import type { ErrorCode, FieldError } from '../core/errors.ts';

/** The limit that refused a call; `reset_at` is null when only an operator opens it. */
export interface LimitHit {
  readonly name: string;
  readonly scope: string;
  readonly reset_at: string | null;
}

/** What was refused, as the problem document tells it. */
export interface ApiProblem {
  readonly code: ErrorCode | ClientErrorCode;
  /** Of the answer; 0 when there was none. */
  readonly status: number;
  readonly requestId: string | null;
  /** Seconds until the same call may succeed, null when waiting is no cure. */
  readonly retryAfter: number | null;
  readonly limit: LimitHit | null;
  /** The places of the request that are wrong. */
  readonly errors: readonly FieldError[];
  /** When the next message may go out (`send_cooldown`). */
  readonly nextSendAt: string | null;
}

/** No answer came, none came in time, or what came is not the API's (a proxy's page). */
export type ClientErrorCode = 'network_error' | 'timeout' | 'bad_answer';

/** The one error of the client. Its message is safe to log: it holds no key, no code and no address. */
export class ApiError extends Error implements ApiProblem {
  readonly code: ApiProblem['code'];
  readonly status: number;
  readonly requestId: string | null;
  readonly retryAfter: number | null;
  readonly limit: LimitHit | null;
  readonly errors: readonly FieldError[];
  readonly nextSendAt: string | null;

  constructor(message: string, problem: Partial<ApiProblem> & Pick<ApiProblem, 'code'>, options?: { cause?: unknown }) {
    super(message, options);
    this.name = 'ApiError';
    this.code = problem.code;
    this.status = problem.status ?? 0;
    this.requestId = problem.requestId ?? null;
    this.retryAfter = problem.retryAfter ?? null;
    this.limit = problem.limit ?? null;
    this.errors = problem.errors ?? [];
    this.nextSendAt = problem.nextSendAt ?? null;
  }
}

/** The error that an answer is. Never throws, whatever the body. */
export async function errorOf(response: Response): Promise<ApiError> {
  const { status, headers } = response;
  const seconds = Number(headers.get('retry-after') ?? Number.NaN);
  const told = { status, requestId: headers.get('x-request-id'), retryAfter: seconds >= 0 ? seconds : null };
  const body = await problemBody(response);
  if (body === null) return new ApiError(`The answer ${status} is not the API’s.`, { ...told, code: 'bad_answer' });
  const { code, detail, title, errors, limit, next_send_at: nextSendAt } = body;
  const parts = { ...told, ...(errors && { errors }), ...(limit && { limit }), ...(nextSendAt && { nextSendAt }) };
  return new ApiError(`${code}: ${detail || title}`, { ...parts, code });
}

interface ProblemBody {
  readonly code: ErrorCode;
  readonly title: string;
  readonly detail: string;
  readonly errors?: readonly FieldError[];
  readonly limit?: LimitHit;
  readonly next_send_at?: string;
}

async function problemBody(response: Response): Promise<ProblemBody | null> {
  const body: unknown = await response.json().catch(() => null);
  const isProblem = typeof body === 'object' && body !== null && typeof (body as ProblemBody).code === 'string';
  return isProblem ? (body as ProblemBody) : null;
}
