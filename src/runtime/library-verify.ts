import type { z } from 'zod';
import type { CheckView, ListView, VerificationView } from '../core/views.ts';
import { checkSchema, fieldErrors, resendSchema, startSchema } from '../schema/index.ts';
import type { Caller, CheckInput, SearchInput, Service, StartInput } from '../service/index.ts';
import { RefusedError, valueOf } from './refused-error.ts';

/**
 * Verifications of the application `default`, as the API makes them. What is expected (a wrong code, an expired one) is in
 * the answer; a refusal (an unusable address, a limit, an unknown id) throws {@link RefusedError} with the API's problem.
 */
export interface LibraryVerify {
  start(input: StartInput): Promise<VerificationView>;
  check(id: string, code: string, options?: Omit<CheckInput, 'code'>): Promise<CheckView>;
  resend(id: string, options?: Parameters<Service['verify']['resend']>[2]): Promise<VerificationView>;
  cancel(id: string): Promise<VerificationView>;
  get(id: string): Promise<VerificationView>;
  search(query?: SearchInput): Promise<ListView<VerificationView>>;
}

/** `open` gives the service and who calls, once both are there. */
export function createLibraryVerify(
  open: () => Promise<{ readonly service: Service; readonly caller: Caller }>,
): LibraryVerify {
  return {
    async start(input) {
      const valid = parse(startSchema, input);
      const { service, caller } = await open();
      return valueOf(await service.verify.start(caller, valid)).verification;
    },
    async check(id, code, options = {}) {
      const valid = parse(checkSchema, { ...options, code });
      const { service, caller } = await open();
      return valueOf(await service.verify.check(caller, id, valid));
    },
    async resend(id, options = {}) {
      const valid = parse(resendSchema, options);
      const { service, caller } = await open();
      return valueOf(await service.verify.resend(caller, id, valid));
    },
    async cancel(id) {
      const { service, caller } = await open();
      return valueOf(await service.verify.cancel(caller, id));
    },
    async get(id) {
      const { service, caller } = await open();
      return valueOf(await service.verify.get(caller, id));
    },
    async search(query = {}) {
      const { service, caller } = await open();
      return valueOf(await service.records.search(caller, query));
    },
  };
}

function parse<T>(schema: z.ZodType<T>, input: unknown): T {
  const checked = schema.safeParse(input);
  if (checked.success) return checked.data;
  const errors = fieldErrors(checked.error.issues, input);
  const detail = errors.map((error) => `${error.pointer} ${error.detail}`).join('; ');
  throw new RefusedError({ code: 'invalid_request', detail, errors });
}
