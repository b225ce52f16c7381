import type { Verification } from '../verification.ts';
import { queueSend, type NextSend } from './queue.ts';
import { unchanged, type Step } from './step.ts';

/** A resend this close to the end draws a new code. */
export const SHORTEST_REMAINING_LIFE_MS = 30_000;

/** A resend of the same code keeps its end; a new one is drawn when the policy says so or little life is left. */
export function resendNeedsNewCode(record: Verification, now: number): boolean {
  return (
    record.policy.resend_code === 'new' ||
    record.sealedCode === null ||
    record.expiresAt - now < SHORTEST_REMAINING_LIFE_MS
  );
}

export type ResendOutcome =
  | { readonly type: 'queued' }
  | { readonly type: 'closed' }
  | { readonly type: 'cooldown'; readonly nextSendAt: number }
  | { readonly type: 'no_sends_left' };

/** Another message. Checks already used stay used, whatever is sent. */
export function resend(record: Verification, input: NextSend, now: number): Step<ResendOutcome> {
  if (record.status !== 'pending' || now >= record.expiresAt) return unchanged(record, { type: 'closed' });
  if (record.sends >= record.policy.max_sends) return unchanged(record, { type: 'no_sends_left' });
  if (record.nextSendAt !== null && now < record.nextSendAt) {
    return unchanged(record, { type: 'cooldown', nextSendAt: record.nextSendAt });
  }
  return { ...queueSend(record, input, now), outcome: { type: 'queued' } };
}
