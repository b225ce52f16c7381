import { ok, refuse, type Problem, type Result, WatchwordError } from '../core/errors.ts';
import type { Policy } from '../core/policy.ts';
import type { Caller, StartInput } from './api.ts';
import type { Addressed } from './destination.ts';
import { findReached, takeDocumented } from './document-limits.ts';
import { limitContext, suppressedHits } from './limits.ts';
import type { StartDeps } from './prepare.ts';
import { limitProblem } from './problems.ts';
import { SUPPRESSED } from './suppressions/index.ts';
import type { Tenant } from './tenants.ts';

interface Asked {
  readonly caller: Caller;
  readonly input: StartInput;
  readonly policy: Policy;
  readonly addressed: Addressed;
}

/**
 * Whether nothing may tell this caller who is in the directory or said stop: nobody is told by a silent one, and a stranger in a browser
 * by none. There all are asked the same, and of who said stop delivery drops the message.
 */
export function tellsNobody({ actor }: Pick<Caller, 'actor'>, { recipients }: Pick<Policy, 'recipients'>): boolean {
  return recipients === 'directory_silent' || (recipients === 'directory' && actor.type === 'hosted');
}

/** Whether the person is unknown to a directory that does not say so. Programs and agents are told, where their dialect tells. */
export async function silence(
  deps: StartDeps,
  tenant: Tenant,
  { caller, input, policy, addressed }: Asked,
): Promise<Result<boolean>> {
  const { id } = tenant.application;
  const hidden = tellsNobody(caller, policy) || input.facade?.hides_recipients === true;
  const unknown = policy.recipients !== 'any' && !(await (hidden ? isSeen : isKnown)(deps, id, addressed));
  if (hidden) return ok(unknown);
  if (unknown) return refuse({ code: 'recipient_unknown', detail: 'Nobody in the directory has this destination.' });
  const problem = await suppressed(deps, { caller, input, addressed });
  return problem === null ? ok(false) : refuse(problem);
}

function isKnown({ store }: StartDeps, application: string, { toIndexes }: Addressed): Promise<boolean> {
  return store.directory.has(application, toIndexes);
}

/**
 * The same, told to nobody. Where the directory cannot be asked a store may still remember some: a refusal of the others would tell
 * who they are, so that they count as unknown.
 */
async function isSeen(deps: StartDeps, application: string, addressed: Addressed): Promise<boolean> {
  try {
    return await isKnown(deps, application, addressed);
  } catch (error) {
    if (!(error instanceof WatchwordError)) throw error;
    deps.env.log({ event: 'directory.unanswered', level: 'warn', detail: error.message });
    return false;
  }
}

/**
 * What is told of a destination that is held back. It counts against the address that asked before it is told, and an address that
 * heard it too often is refused whatever it asks for: the list is not to be tried out.
 */
async function suppressed(deps: StartDeps, asked: Omit<Asked, 'policy'>): Promise<Problem | null> {
  const { caller, input, addressed } = asked;
  const { id } = caller.application;
  if (caller.mode === 'test' || !(await deps.suppressions.hasAny(id))) return null;
  const hits = suppressedHits(limitContext(deps.ring, deps.settings.limits, caller, addressed), input.signals);
  const look = async (): Promise<Problem | null> => {
    const now = hits.length === 0 ? 0 : await deps.store.verifications.time();
    const reached = await findReached(deps, hits, now);
    if (reached !== null) return limitProblem(reached, now);
    if (!(await deps.suppressions.holds(id, caller.mode, addressed))) return null;
    const refusal = await takeDocumented(deps, id, hits, now);
    return refusal === null ? SUPPRESSED : limitProblem(refusal, now);
  };
  const [key] = hits[0]?.keys ?? [];
  return key === undefined ? look() : deps.turns.take(`suppressed|${key}`, look);
}
