import { ok, refuse, type Result } from '../../core/errors.ts';
import type { Caller } from '../api.ts';
import { NOT_FOUND } from '../problems.ts';
import { callerLink } from './caller-link.ts';
import type { CaseView } from './api.ts';
import type { DeskDeps } from './deps.ts';
import { deskView } from './desk-view.ts';
import { loadCase, markOf } from './load-case.ts';
import { reviewOf } from './reviews.ts';
import { channelChoices } from './send-form.ts';

/** One verification with everything an agent needs. Reads only. */
export async function openCase(deps: DeskDeps, caller: Caller, id: string): Promise<Result<CaseView>> {
  const { record, now } = await loadCase(deps, caller, id);
  if (record === null) return refuse(NOT_FOUND);
  const [sends, events, review, link] = await Promise.all([
    deps.records.sends(caller, id),
    deps.records.events(caller, id),
    reviewOf(deps, record),
    callerLink(deps, record),
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
    link,
    review,
    mark: markOf(record, now),
    now,
  });
}
