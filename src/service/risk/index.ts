import { isUnusualCountry } from '../../core/challenge.ts';
import { ok, type Problem } from '../../core/errors.ts';
import { STAFF_SIGN_IN } from '../../core/staff.ts';
import type { ServiceDeps } from '../deps.ts';
import { takeDocumented } from '../document-limits.ts';
import { hookHits, limitContext } from '../limits.ts';
import type { Prepared } from '../prepare.ts';
import { limitProblem } from '../problems.ts';
import { redeemChallenge } from './challenge.ts';
import { askHook, type RiskVerdict } from './hook.ts';

export { nextChallenge, type ChallengeSubject } from './challenge.ts';
export type { RiskVerdict } from './hook.ts';

/** A start that must show first that a person asks. */
export const CHALLENGE_REQUIRED: Problem = {
  code: 'challenge_required',
  detail: 'A person has to show first that no program asks; the hosted pages ask for that.',
};

/**
 * What stands before a start. `proven`: it showed that a person asks, or nobody wants to know. `asked`: something had to be shown, so
 * that no browser is let in without a code.
 */
export type Passage =
  | { readonly type: 'passed'; readonly proven: boolean; readonly asked: boolean; readonly risk: RiskVerdict | null }
  | { readonly type: 'refused'; readonly problem: Problem }
  | { readonly type: 'blocked'; readonly risk: RiskVerdict };

/** Asks what the policy wants of browsers, then the operator's hook. Test keys and the staff's own codes pass. */
export async function passage(deps: ServiceDeps, prepared: Prepared): Promise<Passage> {
  const { caller, purpose, input, policy, addressed } = prepared;
  if (caller.mode === 'test' || purpose === STAFF_SIGN_IN)
    return { type: 'passed', proven: true, asked: false, risk: null };
  const { destination } = addressed;
  const subject = { application: caller.application.id, to: destination.value };
  const redeemed =
    input.challenge === undefined ? ok(false) : await redeemChallenge(deps, prepared, subject, input.challenge);
  if (!redeemed.ok) return { type: 'refused', problem: redeemed.problem };
  const shown = redeemed.value;
  if (!shown && isWanted(prepared)) return { type: 'refused', problem: CHALLENGE_REQUIRED };
  const refusal = await questionsLeft(deps, prepared);
  if (refusal !== null) return { type: 'refused', problem: refusal };
  const risk = await askHook(deps, prepared, shown);
  if (risk?.decision === 'deny') return { type: 'blocked', risk };
  const isDoubted = risk?.decision === 'challenge';
  if (isDoubted && !shown) return { type: 'refused', problem: CHALLENGE_REQUIRED };
  const proven = shown || policy.challenge !== 'suspicious' || caller.actor.type !== 'hosted';
  return { type: 'passed', proven, asked: shown || isDoubted, risk };
}

/** Nobody makes us ask the operator's server without end: what would ask too often is refused unasked. */
async function questionsLeft(deps: ServiceDeps, { caller, addressed, input }: Prepared): Promise<Problem | null> {
  if (deps.riskHook === undefined) return null;
  const hits = hookHits(limitContext(deps.ring, deps.settings.limits, caller, addressed), input.signals);
  if (hits.length === 0) return null;
  const now = await deps.store.verifications.time();
  const refusal = await takeDocumented(deps, caller.application.id, hits, now);
  return refusal === null ? null : limitProblem(refusal, now);
}

/** Whether the policy wants a challenge whatever the address did before; that, the store counts. */
function isWanted({ caller, policy, addressed }: Prepared): boolean {
  if (caller.actor.type !== 'hosted' || policy.challenge === 'never') return false;
  return policy.challenge === 'always' || isUnusualCountry(addressed.destination, caller.application.default_country);
}
