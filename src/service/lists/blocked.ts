import { ok, refuse, type Result } from '../../core/errors.ts';
import { startClosed, type StartFields } from '../../core/machine/index.ts';
import type { Hit } from '../../core/limits.ts';
import { verificationView } from '../../core/views.ts';
import type { Caller, Started } from '../api.ts';
import { changesOf } from '../commit.ts';
import type { ServiceDeps } from '../deps.ts';
import { limitProblem } from '../problems.ts';

interface Blocked {
  readonly fields: StartFields;
  readonly rule: 'block_list' | 'allow_list';
  /** It counts like any start, so that nobody fills the records with blocked ones. */
  readonly take: readonly Hit[];
  readonly now: number;
}

/** Records a start that a list stopped: nothing is sent, and whoever asked sees it as blocked. */
export async function insertBlocked(
  deps: ServiceDeps,
  { actor }: Caller,
  { fields, rule, take, now }: Blocked,
  store: (value: Started) => { readonly key: string; readonly answer: string } | null,
): Promise<Result<Started>> {
  const step = startClosed(
    fields,
    { status: 'blocked', reason: `rule:${rule}`, data: { reason: `rule:${rule}` } },
    now,
  );
  const value: Started = { verification: verificationView(step.next, now), created: true };
  const changes = { ...changesOf(deps, step, actor, now), take, answer: store(value) };
  const written = await deps.store.verifications.insert(step.next, changes);
  return written.type === 'refused' ? refuse(limitProblem(written.refusal, now)) : ok(value);
}
