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
  const next = pending(fields, now, expiresAt);
  return {
    next,
    outcome: 'started',
    facts: [{ type: 'started', data: { purpose: next.purpose, channel: next.channel } }, sendFact(next)],
    sends: [plannedSend(next)],
    dropQueued: false,
  };
}

/** Field by field: spreading this many and adding as many again costs more than everything else here. */
function pending(fields: StartFields, now: number, expiresAt: number): Verification {
  return {
    id: fields.id,
    application: fields.application,
    mode: fields.mode,
    purpose: fields.purpose,
    version: 1,
    status: 'pending',
    statusReason: null,
    to: fields.to,
    sealedTo: fields.sealedTo,
    toIndex: fields.toIndex,
    limitIndex: fields.limitIndex,
    channel: fields.channel,
    channels: fields.channels,
    channelWaitSeconds: fields.channelWaitSeconds,
    locale: fields.locale,
    policy: fields.policy,
    generation: 1,
    digest: fields.digest,
    sealedCode: fields.sealedCode,
    sealedText: fields.sealedText,
    ownCode: fields.ownCode,
    sends: 1,
    checks: 0,
    accepted: false,
    createdAt: now,
    expiresAt,
    nextSendAt: nextSendTime(fields.policy, 1, now),
    approvedAt: null,
    closedAt: null,
    context: fields.context,
    metadata: fields.metadata,
    reference: fields.reference,
    reason: fields.reason,
    returnUrl: fields.returnUrl,
    actor: fields.actor,
    deviceIndex: fields.deviceIndex,
    silent: fields.silent,
    dueAt: expiresAt,
  };
}
