import { ok, refuse, type Result } from '../../core/errors.ts';
import type { EventData } from '../../core/events.ts';
import { startClosed, type StartFields } from '../../core/machine/index.ts';
import type { Hit } from '../../core/limits.ts';
import { verificationView } from '../../core/views.ts';
import type { Caller, Started } from '../api.ts';
import { changesOf } from '../commit.ts';
import type { ServiceDeps } from '../deps.ts';
import { limitProblem } from '../problems.ts';

/** What may stop a start for good. */
export type BlockingRule = 'block_list' | 'allow_list' | 'risk_hook';

interface Blocked {
  readonly fields: StartFields;
  readonly rule: BlockingRule;
  /** What else the event says. */
  readonly facts: EventData;
  /** It counts like any start, so that nobody fills the records with blocked ones. */
  readonly take: readonly Hit[];
  readonly now: number;
}

/** Records a start that a list or the risk hook stopped: nothing is sent, and whoever asked sees it as blocked. */
export async function insertBlocked(
  deps: ServiceDeps,
  caller: Caller,
  { fields, rule, facts, take, now }: Blocked,
  store: (value: Started) => { readonly key: string; readonly answer: string } | null,
): Promise<Result<Started>> {
  const step = startClosed(
    fields,
    { status: 'blocked', reason: `rule:${rule}`, data: { reason: `rule:${rule}`, ...facts } },
    now,
  );
  const value: Started = { verification: verificationView(step.next, now), created: true };
  const changes = { ...changesOf(deps, step, caller, now), take, answer: store(value) };
  const written = await deps.store.verifications.insert(step.next, changes);
  return written.type === 'refused' ? refuse(limitProblem(written.refusal, now)) : ok(value);
}
