import type { Verification } from '../verification.ts';
import { nextSendTime, plannedSend, sendFact } from './queue.ts';
import type { Step } from './step.ts';

export type StartFields = Omit<
  Verification,
  | 'version'
  | 'status'
  | 'statusReason'
  | 'generation'
  | 'sends'
  | 'checks'
  | 'accepted'
  | 'createdAt'
  | 'expiresAt'
  | 'nextSendAt'
  | 'approvedAt'
  | 'closedAt'
  | 'dueAt'
>;

/** A new verification with its first send. A code lives `ttl` from the start. */
export function start(fields: StartFields, now: number): Step<'started'> {
  const expiresAt = now + fields.policy.ttl_seconds * 1000;
  const next: Verification = {
    ...fields,
    version: 1,
    status: 'pending',
    statusReason: null,
    generation: 1,
    sends: 1,
    checks: 0,
    accepted: false,
    createdAt: now,
    expiresAt,
    nextSendAt: nextSendTime(fields.policy, 1, now),
    approvedAt: null,
    closedAt: null,
    dueAt: expiresAt,
  };
  return {
    next,
    outcome: 'started',
    facts: [{ type: 'started', data: { purpose: next.purpose, channel: next.channel } }, sendFact(next)],
    sends: [plannedSend(next)],
    dropQueued: false,
  };
}
