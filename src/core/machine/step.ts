import type { Fact } from '../events.ts';
import type { ChannelName, Verification } from '../verification.ts';

/**
 * The verification state machine. Every function takes a record, an input and the store's time, and returns what becomes of
 * it; nothing else decides. `next === record` means that nothing changed and nothing is to be written.
 */
export interface Step<Outcome> {
  readonly next: Verification;
  readonly outcome: Outcome;
  readonly facts: readonly Fact[];
  /** Messages to queue in the same commit. */
  readonly sends: readonly PlannedSend[];
  /** Queued sends for which no provider is being asked are to be dropped: their code or their verification is over. */
  readonly dropQueued: boolean;
}

export interface PlannedSend {
  readonly channel: ChannelName;
  readonly generation: number;
  readonly deadlineAt: number;
}

/** Nothing changed, nothing is to be written. */
export function unchanged<Outcome>(record: Verification, outcome: Outcome): Step<Outcome> {
  return { next: record, outcome, facts: [], sends: [], dropQueued: false };
}
