import { ok, refuse, WatchwordError, type Problem, type Result } from '../core/errors.ts';
import type { Fact, VerificationEvent } from '../core/events.ts';
import { newId } from '../core/id.ts';
import { atRest, type PlannedSend, type Step } from '../core/machine/index.ts';
import type { Actor, Send, Verification } from '../core/verification.ts';
import type { Changes, Found } from '../ports/verification-store.ts';
import type { Caller } from './api/caller.ts';
import { agentActs } from './audit/acts.ts';
import type { ServiceDeps } from './deps.ts';
import { limitProblem, NOT_FOUND } from './problems.ts';

/** Who takes a step, and from where as far as it is known. */
type Taker = Pick<Caller, 'actor' | 'origin'>;

/** The step as a commit: events and sends get their ids, time and actor here. */
export function changesOf(deps: ServiceDeps, step: Step<unknown>, taker: Taker, now: number): Changes {
  return {
    events: step.facts.map((fact) => stamp(deps, fact, taker.actor, now)),
    sends: step.sends.map((planned) => queued(deps, step.next, planned, now)),
    sendUpdate: null,
    dropQueued: step.dropQueued,
    take: [],
    failed: null,
    cleared: null,
    device: null,
    documents: agentActs(deps, step, taker, now),
    answer: null,
  };
}

function stamp(deps: ServiceDeps, fact: Fact, actor: Actor, now: number): VerificationEvent {
  return { id: newId('evt', now, deps.env.randomText(20)), type: fact.type, actor, createdAt: now, data: fact.data };
}

function queued(deps: ServiceDeps, record: Verification, planned: PlannedSend, now: number): Send {
  return {
    id: newId('snd', now, deps.env.randomText(20)),
    verification: record.id,
    application: record.application,
    mode: record.mode,
    channel: planned.channel,
    generation: planned.generation,
    limitIndex: record.limitIndex,
    status: record.silent ? 'dropped' : 'queued',
    provider: null,
    providerMessageId: null,
    error: record.silent ? 'recipient_unknown' : null,
    attempts: [],
    segments: null,
    cost: null,
    budgeted: null,
    createdAt: now,
    deadlineAt: planned.deadlineAt,
  };
}

/** A step with what is written beside it, or a refusal that writes nothing. */
export type Decision<Outcome> =
  { readonly step: Step<Outcome>; readonly changes: Changes } | { readonly problem: Problem };

export interface Committed<Outcome> {
  readonly step: Step<Outcome>;
  readonly now: number;
}

// Every lost swap means that someone else's commit won. A record takes at most 10 checks, 10 resends, what delivery writes
// for these, and its end; more losses than that mean something is wrong, and then nothing is answered.
const MOST_LOST_SWAPS = 48;

/**
 * Load → pure step → compare and swap → only then answer. `load` answers null for a record the caller may not see. A lost
 * swap loads again; past the bound it fails closed with `unavailable`.
 */
export async function commit<Outcome>(
  deps: ServiceDeps,
  load: () => Promise<Found>,
  decide: (record: Verification, now: number) => Decision<Outcome>,
): Promise<Result<Committed<Outcome>>> {
  for (let lost = 0; lost <= MOST_LOST_SWAPS; lost++) {
    const { record, now } = await load();
    if (record === null) return refuse(NOT_FOUND);
    const decision = decide(record, now);
    if ('problem' in decision) return refuse(decision.problem);
    const { step, changes } = decision;
    if (step.next === record) return ok({ step, now });
    const written = await deps.store.verifications.replace(atRest(step.next), record.version, changes);
    if (written.type === 'refused') return refuse(limitProblem(written.refusal, now));
    if (written.type === 'replaced') return ok({ step, now });
  }
  throw new WatchwordError('unavailable', 'The verification is changing too fast; try again.');
}
