import type { Problem } from '../../core/errors.ts';
import { policyConflict, type Policy } from '../../core/policy.ts';

/** What of a policy cannot stand beside the rest of it; null = nothing. */
export function conflictProblem(policy: Policy): Problem | null {
  const conflict = policyConflict(policy);
  if (conflict === null) return null;
  return { code: 'invalid_request', detail: conflict.detail, errors: [{ ...conflict, code: 'conflict' }] };
}
