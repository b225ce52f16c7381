import type { Step } from '../../core/machine/index.ts';
import { SYSTEM, type Verification } from '../../core/verification.ts';
import type { Application } from '../../ports/settings.ts';
import type { Changes } from '../../ports/verification-store.ts';
import { type BudgetDeps, outgoingOf, reserving } from '../budget.ts';
import { sendHits } from '../limits.ts';
import { limitsOfRecord } from '../record-limits.ts';

/** The changes with what a message reserves that nobody asked for by name: the ladder went on. */
export function withNextMessage(
  deps: BudgetDeps,
  application: Application,
  { before, step }: { readonly before: Verification; readonly step: Step<unknown> },
  changes: Changes,
  now: number,
): Changes {
  const caller = { application, mode: before.mode, actor: SYSTEM, scopes: [], browserIp: null };
  const take = [...changes.take, ...sendHits(limitsOfRecord(deps, before, caller))];
  return reserving(deps, { ...changes, take }, outgoingOf(deps, application, before, step.next.channel), now);
}
