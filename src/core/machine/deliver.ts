import type { Fact } from '../events.ts';
import type { Sealed } from '../redacted.ts';
import type { Send, Verification } from '../verification.ts';
import { close } from './close.ts';
import { climbsByItself, ladderWaitMs, nextChannel, repeatsCode } from './ladder.ts';
import { queueSend } from './queue.ts';
import type { Step } from './step.ts';

/**
 * A provider took the message. The readable copy of the code goes as soon as no resend can need it; a message with an older
 * code says nothing about the newer one, which may still have to go out.
 */
export function sendAccepted(record: Verification, send: Send, provider: string): Step<'settled'> {
  return {
    next: { ...record, version: record.version + 1, accepted: true, sealedCode: neededCode(record, send) },
    outcome: 'settled',
    facts: [{ type: 'sent', data: { send: send.id, channel: send.channel, provider } }],
    sends: [],
    dropQueued: false,
  };
}

/** The send is over without a message, by its own fault (`send_failed`) or because it is no longer wanted (`send_dropped`). */
export function sendDropped(record: Verification, send: Send, reason: string): Step<'settled'> {
  return {
    next: { ...record, version: record.version + 1 },
    outcome: 'settled',
    facts: [{ type: 'send_dropped', data: { send: send.id, channel: send.channel, reason } }],
    sends: [],
    dropQueued: false,
  };
}

export interface SendFailedInput {
  readonly send: Send;
  readonly reason: string;
  /** Another message of this verification is still on its way. */
  readonly othersQueued: boolean;
  /** The ladder may go on by itself (false when a limit refused the next message). */
  readonly mayAdvance: boolean;
}

/**
 * Every provider of a channel gave up. The next channel of the ladder is tried; with none left, and nothing ever accepted,
 * the verification closes as `failed`, `all_providers_failed`, unless its policy hides that. Under a silent directory nothing follows.
 */
export function sendFailed(
  record: Verification,
  input: SendFailedInput,
  now: number,
): Step<'settled' | 'advanced' | 'closed'> {
  const fact: Fact = {
    type: 'send_failed',
    data: { send: input.send.id, channel: input.send.channel, reason: input.reason },
  };
  const settled: Step<'settled'> = {
    next: { ...record, version: record.version + 1 },
    outcome: 'settled',
    facts: [fact],
    sends: [],
    dropQueued: false,
  };
  if (record.status !== 'pending' || now >= record.expiresAt || input.othersQueued) return settled;
  // What nothing was sent for stays as it is: whatever followed from a failure would tell that the person is known.
  if (!climbsByItself(record)) return settled;
  // What an earlier channel took may have come to nothing: a ladder that goes on by itself does not wait for what failed.
  if (record.accepted && ladderWaitMs(record, input.send.channel) === null) return settled;
  const channel = nextChannel(record, input.send.channel);
  if (channel !== null && input.mayAdvance && record.sends < record.policy.max_sends && record.sealedCode !== null) {
    const queued = queueSend(record, { channel, newCode: null }, now);
    return { ...queued, facts: [fact, ...queued.facts], outcome: 'advanced' };
  }
  if (record.accepted) return settled;
  if (record.policy.delivery_failure === 'hide')
    return { ...settled, next: { ...settled.next, sealedCode: neededCode(record, input.send) } };
  return {
    next: close(record, 'failed', 'all_providers_failed', now),
    outcome: 'closed',
    facts: [fact, { type: 'failed', data: { reason: 'all_providers_failed' } }],
    sends: [],
    dropQueued: true,
  };
}

/** The readable copy of the code once a message of it is over, for as long as another may repeat it. */
function neededCode(record: Verification, send: Send): Sealed | null {
  return repeatsCode(record) || send.generation !== record.generation ? record.sealedCode : null;
}

/** Why a queued send must not go out any more (its `error` when it is dropped), or null. */
export function unwantedReason(record: Verification, send: Send): string | null {
  if (record.status !== 'pending') return `verification_${record.status}`;
  if (record.generation !== send.generation) return 'newer_code';
  return record.sealedCode === null || record.sealedTo === null ? 'code_erased' : null;
}
