import { type Problem, type Result, WatchwordError } from '../core/errors.ts';

/**
 * What a use case of the library answers: the value itself with `ok: true`, or `ok: false` and the problem that the API would
 * answer as problem+json. The value's fields are `undefined` in a refusal, so that `(await check(…)).result === 'approved'`
 * is safe as it stands.
 */
export type Answer<T> =
  (T & { readonly ok: true; readonly problem?: undefined }) | (Refused & { readonly [Field in keyof T]?: undefined });

/** A no: of the input, a limit, the state of things, or (code `unavailable`) of a store that cannot answer now. */
export interface Refused {
  readonly ok: false;
  readonly problem: Problem;
}

/** A refusal as an error, for programs that would rather throw; see {@link orThrow}. */
export class RefusedError extends WatchwordError {
  readonly problem: Problem;

  constructor(problem: Problem) {
    super(problem.code, problem.detail);
    this.name = 'RefusedError';
    this.problem = problem;
  }
}

/** The value of an answer; throws {@link RefusedError} when it is a refusal. */
export function orThrow<A extends { readonly ok: true } | Refused>(answer: A): Extract<A, { readonly ok: true }> {
  if (!isValue(answer)) throw new RefusedError((answer as Refused).problem);
  return answer;
}

function isValue<A extends { readonly ok: boolean }>(answer: A): answer is Extract<A, { readonly ok: true }> {
  return answer.ok;
}

/** Runs a use case; what a store that cannot answer throws is an answer too. Anything else that is thrown is a fault and stays one. */
export async function answer<T extends object>(work: () => Promise<Result<T>>): Promise<Answer<T>> {
  try {
    const result = await work();
    return result.ok ? { ...result.value, ok: true } : refused<T>(result.problem);
  } catch (error) {
    if (!(error instanceof WatchwordError)) throw error;
    return refused<T>({ code: error.code, detail: error.message });
  }
}

function refused<T>(problem: Problem): Answer<T> {
  const refusal: Refused = { ok: false, problem };
  return refusal as Answer<T>;
}
