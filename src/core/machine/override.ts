import type { EventData } from '../events.ts';
import type { Verification } from '../verification.ts';
import { close } from './close.ts';
import { start, type StartFields } from './start.ts';
import { unchanged, type Step } from './step.ts';
import { REMEMBERED_DEVICE } from '../verification.ts';

/** An agent goes on without a code. It never counts as verified; `data` says how the caller was confirmed, never in free text. */
export function skip(record: Verification, data: EventData, now: number): Step<'skipped' | 'closed'> {
  if (record.status !== 'pending' || now >= record.expiresAt) return unchanged(record, 'closed');
  return {
    next: close(record, 'skipped', 'override', now),
    outcome: 'skipped',
    facts: [{ type: 'skipped', data }],
    sends: [],
    dropQueued: true,
  };
}

/** How a verification ends in the moment it begins: nothing was ever sent. */
export type StillBirth =
  | { readonly status: 'skipped'; readonly reason: 'override'; readonly data: EventData }
  | {
      readonly status: 'blocked';
      readonly reason: `rule:${string}` | `limit:${string}` | 'budget';
      readonly data: EventData;
    };

/** A sign-in by a browser that the right code was entered in before: approved in the moment it begins, and nothing is sent. */
export function startRemembered(fields: StartFields, now: number): Step<'approved'> {
  const open = start(fields, now);
  const closed = close(open.next, 'approved', REMEMBERED_DEVICE, now);
  const { purpose, channel } = closed;
  return {
    next: { ...closed, version: 1, sends: 0, approvedAt: now },
    outcome: 'approved',
    facts: [
      { type: 'started', data: { purpose, channel } },
      { type: 'approved', data: { method: REMEMBERED_DEVICE } },
    ],
    sends: [],
    dropQueued: false,
  };
}

/** Records a start that sends nothing: an agent's decision to do without a code, or a rule that stops it. */
export function startClosed(
  fields: StartFields,
  { status, reason, data }: StillBirth,
  now: number,
): Step<StillBirth['status']> {
  const open = start(fields, now);
  const closed = close(open.next, status, reason, now);
  return {
    next: { ...closed, version: 1, sends: 0 },
    outcome: status,
    facts: [{ type: status, data }],
    sends: [],
    dropQueued: false,
  };
}
