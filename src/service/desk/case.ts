import { ok, refuse, type Result } from '../../core/errors.ts';
import { STAFF_SIGN_IN } from '../../core/staff.ts';
import { effectiveStatus, type Verification } from '../../core/verification.ts';
import type { Found } from '../../ports/verification-store.ts';
import type { Caller } from '../api.ts';
import { load } from '../load.ts';
import { NOT_FOUND } from '../problems.ts';
import type { CaseView } from './api.ts';
import type { DeskDeps } from './deps.ts';
import { deskView } from './desk-view.ts';
import { reviewOf } from './reviews.ts';
import { channelChoices } from './send-form.ts';

/** The record as agents may see it: codes that people sign in to the desk with are nobody's case. */
export async function loadCase(
  deps: DeskDeps,
  caller: Pick<Caller, 'application' | 'mode'>,
  id: string,
): Promise<Found> {
  const found = await load(deps, caller, id);
  return found.record?.purpose === STAFF_SIGN_IN ? { ...found, record: null } : found;
}

/** One verification with everything an agent needs. Reads only. */
export async function openCase(deps: DeskDeps, caller: Caller, id: string): Promise<Result<CaseView>> {
  const { record, now } = await loadCase(deps, caller, id);
  if (record === null) return refuse(NOT_FOUND);
  const [sends, events, review] = await Promise.all([
    deps.records.sends(caller, id),
    deps.records.events(caller, id),
    reviewOf(deps, record),
  ]);
  if (!sends.ok) return sends;
  if (!events.ok) return events;
  const fits = (channel: string): boolean => (channel === 'email') === (record.to.type === 'email');
  return ok({
    record: deskView(record, now),
    policy: record.policy,
    sends: sends.value.data,
    events: events.value.data,
    channels: channelChoices(deps, caller.application, record.policy).filter(({ channel }) => fits(channel)),
    review,
    mark: markOf(record, now),
    now,
  });
}

/** Tells states of one record apart. Nothing can be read from it. */
export function markOf(record: Verification, now: number): string {
  return `${record.version}${effectiveStatus(record, now).slice(0, 1)}`;
}
