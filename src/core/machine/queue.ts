import type { Fact } from '../events.ts';
import type { Digest, Sealed } from '../redacted.ts';
import type { ChannelName, Verification } from '../verification.ts';
import type { PlannedSend, Step } from './step.ts';

export interface NextSend {
  readonly channel: ChannelName;
  /** The new code under generation + 1; null keeps the present one. */
  readonly newCode: { readonly digest: Digest; readonly sealedCode: Sealed } | null;
}

/** The record with one more message asked for; checks already used stay used. */
export function queueSend(record: Verification, input: NextSend, now: number): Omit<Step<unknown>, 'outcome'> {
  const sends = record.sends + 1;
  const next: Verification = {
    ...record,
    ...(input.newCode === null ? {} : withNewCode(record, input.newCode, now)),
    version: record.version + 1,
    channel: input.channel,
    sends,
    nextSendAt: nextSendTime(record.policy, sends, now),
  };
  return { next, facts: [sendFact(next)], sends: [plannedSend(next)], dropQueued: input.newCode !== null };
}

/** A new code lives `ttl` from its own dispatch, never beyond 2 × ttl after the start. */
function withNewCode(
  record: Verification,
  code: { readonly digest: Digest; readonly sealedCode: Sealed },
  now: number,
): Partial<Verification> {
  const ttlMs = record.policy.ttl_seconds * 1000;
  const expiresAt = Math.min(now + ttlMs, record.createdAt + 2 * ttlMs);
  return { ...code, generation: record.generation + 1, expiresAt, dueAt: expiresAt };
}

/** Earliest time of the send after the `sends`-th; null when none is left. */
export function nextSendTime(policy: Verification['policy'], sends: number, now: number): number | null {
  if (sends >= policy.max_sends) return null;
  const ladder = policy.resend_cooldown_seconds;
  const seconds = ladder[Math.min(sends - 1, ladder.length - 1)] ?? 0;
  return now + seconds * 1000;
}

export function sendFact(record: Verification): Fact {
  return { type: 'send_queued', data: { channel: record.channel, generation: record.generation } };
}

export function plannedSend(record: Verification): PlannedSend {
  return { channel: record.channel, generation: record.generation, deadlineAt: record.expiresAt };
}
