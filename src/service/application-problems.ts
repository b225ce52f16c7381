import type { Problem } from '../core/errors.ts';

export const MISSING: Problem = { code: 'not_found', detail: 'There is no such application.' };
export const CHANGED: Problem = {
  code: 'conflict',
  detail: 'Somebody changed this meanwhile.',
  errors: [{ pointer: '/version', code: 'changed', detail: 'Somebody changed this meanwhile.' }],
};

/** These fields are set by the configuration file. */
export function readOnly(fields: readonly string[]): Problem {
  const detail = 'Set by the configuration file (or fixed); change it there.';
  return {
    code: 'conflict',
    detail,
    errors: fields.map((field) => ({ pointer: `/${field}`, code: 'read_only', detail })),
  };
}
