import { type Problem, type Result, WatchwordError } from '../core/errors.ts';

/** A use case of the library said no. `problem` is what the API would answer as problem+json. */
export class RefusedError extends WatchwordError {
  readonly problem: Problem;

  constructor(problem: Problem) {
    super(problem.code, problem.detail);
    this.name = 'RefusedError';
    this.problem = problem;
  }
}

/** The value of a result; throws {@link RefusedError} where there is none. */
export function valueOf<T>(result: Result<T>): T {
  if (result.ok) return result.value;
  throw new RefusedError(result.problem);
}
