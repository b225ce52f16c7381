import type { PolicyOverrides } from './policy.ts';
import type { Actor } from './verification.ts';

/** One change of the policy of a purpose, as every edge shows it. `overrides` is what was set from then on, `before` what it replaced. */
export interface PolicyVersionView {
  readonly object: 'policy_version';
  readonly purpose: string;
  /** 1 for the first change; each has the next number. */
  readonly version: number;
  readonly created_at: string;
  readonly actor: Actor;
  /** The version that was brought back by this change; null = none. */
  readonly restored: number | null;
  readonly before: PolicyOverrides;
  readonly overrides: PolicyOverrides;
}

/** What another policy would have changed, as far as the records that were looked at tell. All are numbers of verifications but `checks_over` and `sends_over`. */
export interface TrialEffects {
  /** Starts that would have been refused, for any of the four reasons below. */
  readonly refused: number;
  /** Refused: no channel of the policy fits the destination. */
  readonly no_channel: number;
  /** Refused: their context lacks what it requires. */
  readonly context_missing: number;
  /** Refused: an agent gave no reason. */
  readonly reason_missing: number;
  /** Refused: skipped without a code, which it does not allow. */
  readonly skipped: number;
  /** Began on a channel that it does not list; they would have had another one, or been refused where they asked for it. */
  readonly other_channel: number;
  /** Began while another code of the same destination was open, which it closes or uses again. */
  readonly met_open: number;
  /** Approved after its `ttl_seconds`, so it would have been too late for that code. */
  readonly approved_late: number;
  /** Approved only after more tries than its `max_checks`. */
  readonly approved_over: number;
  /** Tries beyond its `max_checks`. */
  readonly checks_over: number;
  /** Failed because the tries were used up, where it would have allowed more. */
  readonly more_checks: number;
  /** Messages beyond its `max_sends`. */
  readonly sends_over: number;
}

/** What a policy would have changed in the last seven days. */
export interface PolicyTrialView {
  readonly object: 'policy_trial';
  readonly purpose: string;
  readonly since: string;
  readonly until: string;
  /** False where there were more records than are looked at; `since` is then where they begin. */
  readonly complete: boolean;
  readonly starts: number;
  readonly approved: number;
  /** Records whose details are erased: they count as starts, but say little. */
  readonly erased: number;
  readonly effects: TrialEffects;
  /** Fields in which it differs from the policy in force, and of whose effect the records tell nothing. */
  readonly not_told: readonly string[];
}
