import type { ChannelName, Verification } from '../verification.ts';
import { queueSend } from './queue.ts';
import { SHORTEST_REMAINING_LIFE_MS } from './resend.ts';
import { unchanged, type Step } from './step.ts';

/** The step after `channel` on the ladder, or null at its end. */
export function nextChannel(record: Verification, channel: ChannelName): ChannelName | null {
  const at = record.channels.indexOf(channel);
  return at === -1 ? null : (record.channels[at + 1] ?? null);
}

/**
 * Whether the ladder may go on without being asked. Under a silent directory it may not: nothing is sent to an unknown person, so
 * no outcome of a message moves that one's ladder, and a channel that moved would tell who is known.
 */
export function climbsByItself({ policy }: Pick<Verification, 'policy'>): boolean {
  return policy.recipients !== 'directory_silent';
}

/** How long after a message over `channel` was taken the next channel is tried by itself, ms; null = it is not. */
export function ladderWaitMs(record: Verification, channel: ChannelName): number | null {
  if (!climbsByItself(record)) return null;
  // Policies frozen before there were waits have none.
  const waits = record.channelWaitSeconds ?? record.policy.channel_wait_seconds ?? [];
  const next = nextChannel(record, channel);
  if (waits.length === 0 || next === null || record.sends >= record.policy.max_sends) return null;
  if (next === 'voice' && !record.channels.slice(0, record.channels.indexOf(next)).includes('sms')) return null;
  const seconds = waits[Math.min(record.channels.indexOf(channel), waits.length - 1)];
  return seconds === undefined ? null : seconds * 1000;
}

/** Whether a later message repeats the code, so that its readable copy must stay. */
export function repeatsCode(record: Verification): boolean {
  const { policy, sends, channel } = record;
  return (policy.resend_code === 'same' && sends < policy.max_sends) || ladderWaitMs(record, channel) !== null;
}

export interface ClimbInput {
  /** The channel whose wait is over, and how many messages had been asked for when it began: a newer message has its own wait. */
  readonly channel: ChannelName;
  readonly sends: number;
  /** An SMS of this verification went out: nobody is called before that. */
  readonly smsSent: boolean;
}

/** Nothing came of the last message: the same code goes over the next channel. */
export function climb(record: Verification, input: ClimbInput, now: number): Step<'climbed' | 'stays'> {
  const next = nextChannel(record, input.channel);
  const isNewest = record.channel === input.channel && record.sends === input.sends;
  const isLate = record.status !== 'pending' || record.expiresAt - now < SHORTEST_REMAINING_LIFE_MS;
  if (isLate || !isNewest || next === null || ladderWaitMs(record, input.channel) === null)
    return unchanged(record, 'stays');
  if (record.sealedCode === null || (next === 'voice' && !input.smsSent)) return unchanged(record, 'stays');
  return { ...queueSend(record, { channel: next, newCode: null }, now), outcome: 'climbed' };
}
