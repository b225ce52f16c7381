import { maskedDestination } from '../../core/address.ts';
import { knownAddress } from '../../core/ip.ts';
import { timestamp } from '../../core/views.ts';
import type { RiskDecision, RiskHook } from '../../ports/risk-hook.ts';
import type { Caller } from '../api.ts';
import type { ServiceDeps } from '../deps.ts';
import type { Prepared } from '../prepare.ts';

/** In place of a reason, which only a hook that answers has. */
const NO_ANSWER = 'no_answer';

/** What counted of the hook, and why, in its own short word; `no_answer` where its setting had to decide. */
export interface RiskVerdict {
  readonly decision: RiskDecision;
  readonly reason: string | null;
}

/** What the operator's hook says of a start; null where there is none. A hook that fails is logged, and its setting decides. */
export async function askHook(
  { riskHook, env }: Pick<ServiceDeps, 'riskHook' | 'env'>,
  prepared: Prepared,
  passed: boolean,
): Promise<RiskVerdict | null> {
  if (riskHook === undefined) return null;
  const id = `rsk_${env.randomText(20)}`;
  const answer = await riskHook.ask(id, JSON.stringify(factsOf(riskHook, prepared, { passed, now: env.now() })));
  const about = { id, application: prepared.caller.application.id, purpose: prepared.purpose };
  if (answer.type === 'decided') {
    const { decision, reason } = answer;
    env.log({ event: 'risk_hook.answered', level: 'info', ...about, decision, reason });
    return { decision, reason };
  }
  const decision = riskHook.onFailure;
  env.log({ event: 'risk_hook.failed', level: 'error', ...about, decision, detail: answer.detail });
  return { decision, reason: NO_ANSWER };
}

function factsOf(
  { facts }: RiskHook,
  { caller, input, purpose, addressed, channels, locale }: Prepared,
  { passed, now }: { readonly passed: boolean; readonly now: number },
): object {
  const { destination } = addressed;
  const full = facts === 'full';
  return {
    type: 'start.assess',
    timestamp: timestamp(now),
    data: {
      application: caller.application.id,
      purpose,
      channel: channels[0] ?? null,
      locale,
      actor: caller.actor.type,
      to: { ...maskedDestination(destination), ...(full ? { value: destination.value } : {}) },
      ...(full ? { ip: input.signals?.ip ?? knownAddress(browserOf(caller)) } : {}),
      challenge_passed: passed,
    },
  };
}

/** The address of the person's browser; the server that calls the API says nothing of it. */
function browserOf({ actor, browserIp, origin }: Caller): string | null {
  return actor.type === 'api_key' ? null : (browserIp ?? origin?.ip ?? null);
}
