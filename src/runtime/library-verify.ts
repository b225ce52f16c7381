import type { z } from 'zod';
import { type Result, ok, refuse } from '../core/errors.ts';
import type { CheckView, ListView, VerificationView } from '../core/views.ts';
import { checkSchema, fieldErrors, resendSchema, startSchema } from '../schema/index.ts';
import type { Caller, CheckInput, SearchInput, Service, StartInput } from '../service/index.ts';
import { answer, type Answer } from './answer.ts';

/**
 * Verifications of the application `default`, as the API makes them. Nothing that is to be expected is thrown: a wrong or expired
 * code is in the `result`, and a refusal (an unusable address, a limit, an unknown id, a database that is away) is an
 * {@link Answer} with `ok: false` and the API's problem.
 */
export interface LibraryVerify {
  start(input: StartInput): Promise<Answer<VerificationView>>;
  /** One answer per input, in their order. None waits for, or fails with, another; `atOnce` (16) are under way together. */
  startMany(
    inputs: readonly StartInput[],
    options?: { readonly atOnce?: number },
  ): Promise<readonly Answer<VerificationView>[]>;
  check(id: string, code: string, options?: Omit<CheckInput, 'code'>): Promise<Answer<CheckView>>;
  resend(id: string, options?: Parameters<Service['verify']['resend']>[2]): Promise<Answer<VerificationView>>;
  cancel(id: string): Promise<Answer<VerificationView>>;
  get(id: string): Promise<Answer<VerificationView>>;
  search(query?: SearchInput): Promise<Answer<ListView<VerificationView>>>;
}

/** The service and who calls. */
export interface LibraryCall {
  readonly service: Service;
  readonly caller: Caller;
}

const AT_ONCE = 16;

/** `open` gives the service and who calls, once both are there. */
export function createLibraryVerify(open: () => Promise<LibraryCall>): LibraryVerify {
  function call<T extends object>(run: (given: LibraryCall) => Promise<Result<T>>): Promise<Answer<T>> {
    return answer(async () => await run(await open()));
  }

  function on<I, T extends object>(
    schema: z.ZodType<I>,
    input: unknown,
    run: (given: LibraryCall, input: I) => Promise<Result<T>>,
  ): Promise<Answer<T>> {
    const valid = parse(schema, input);
    return valid.ok ? call((given) => run(given, valid.value)) : answer(async () => valid);
  }

  function start(input: StartInput): Promise<Answer<VerificationView>> {
    return on(startSchema, input, async ({ service, caller }, valid) => {
      const started = await service.verify.start(caller, valid);
      return started.ok ? ok(started.value.verification) : started;
    });
  }

  return {
    start,
    startMany: (inputs, { atOnce = AT_ONCE } = {}) => inOrder(inputs, atOnce, start),
    check: (id, code, options = {}) =>
      on(checkSchema, { ...options, code }, ({ service, caller }, valid) =>
        service.verify.check(caller, text(id), valid),
      ),
    resend: (id, options = {}) =>
      on(resendSchema, options, ({ service, caller }, valid) => service.verify.resend(caller, text(id), valid)),
    cancel: (id) => call(({ service, caller }) => service.verify.cancel(caller, text(id))),
    get: (id) => call(({ service, caller }) => service.verify.get(caller, text(id))),
    search: (query = {}) => call(({ service, caller }) => service.records.search(caller, query)),
  };
}

/** An id as a program without types may give it, e.g. the `undefined` of a refused start: no verification has it. */
function text(id: unknown): string {
  return typeof id === 'string' ? id : '';
}

/** Results in the order of the inputs, with at most `atOnce` of them under way. */
async function inOrder<I, O>(
  inputs: readonly I[],
  atOnce: number,
  run: (input: I) => Promise<O>,
): Promise<readonly O[]> {
  const results: O[] = [];
  let next = 0;
  async function take(): Promise<void> {
    for (let at = next++; at < inputs.length; at = next++) {
      results[at] = await run(inputs[at] as I);
    }
  }
  await Promise.all(Array.from({ length: Math.max(1, Math.min(atOnce, inputs.length)) }, take));
  return results;
}

function parse<T>(schema: z.ZodType<T>, input: unknown): Result<T> {
  const checked = schema.safeParse(input);
  if (checked.success) return ok(checked.data);
  const errors = fieldErrors(checked.error.issues, input);
  const detail = errors.map((error) => `${error.pointer} ${error.detail}`).join('; ');
  return refuse({ code: 'invalid_request', detail, errors });
}
