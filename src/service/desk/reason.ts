import type { Problem } from '../../core/errors.ts';
import type { Policy } from '../../core/policy.ts';
import { reasonsOf } from '../../core/reasons.ts';
import type { Application } from '../../ports/settings.ts';
import type { Caller, StartInput } from '../api.ts';

/** Agents choose one of the application's reasons where the policy asks; programs may say what they like, or nothing. */
export function reasonProblem(
  application: Application,
  caller: Pick<Caller, 'actor'>,
  policy: Policy,
  { reason }: Pick<StartInput, 'reason'>,
): Problem | null {
  if (caller.actor.type !== 'agent') return null;
  if (reason === undefined) {
    return policy.reason === 'required' ? problem('missing', 'Choose why the caller must be verified.') : null;
  }
  return reasonsOf(application).includes(reason) ? null : problem('unknown_reason', 'is not one of the reasons');
}

function problem(code: string, detail: string): Problem {
  return { code: 'invalid_request', detail, errors: [{ pointer: '/reason', code, detail }] };
}
