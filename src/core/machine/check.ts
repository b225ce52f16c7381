import type { Fact } from '../events.ts';
import type { CheckResult } from '../views.ts';
import { OWN_CODE, type StringMap, type Verification } from '../verification.ts';
import { close, retentionEnd } from './close.ts';
import { expire } from './end.ts';
import { unchanged, type Step } from './step.ts';

/** The service compared code and context; the machine says what follows. */
export interface CheckInput {
  readonly matches: boolean;
  readonly contextMatches: boolean;
  /** The caller, whose code it is, compared it itself. */
  readonly vouched?: boolean;
}

/** One submitted code. Counts before it answers: a step that evaluated a guess always changes the record. */
export function check(record: Verification, input: CheckInput, now: number): Step<CheckResult> {
  if (record.status !== 'pending') return checkClosed(record, input, now);
  if (now >= record.expiresAt) return { ...expire(record, now), outcome: 'expired' };
  if (input.matches && input.contextMatches) return approve(record, input.vouched === true ? OWN_CODE : null, now);
  return countWrong(record, input.contextMatches ? 'incorrect' : 'context_mismatch', now);
}

function approve(record: Verification, method: typeof OWN_CODE | null, now: number): Step<CheckResult> {
  const closed = close({ ...record, checks: record.checks + 1, approvedAt: now }, 'approved', method, now);
  const again = record.policy.reuse === 'within_ttl';
  return {
    // The digest of a reusable approval lives to the code's end; the sweeper comes back for it.
    next: again ? { ...closed, digest: record.digest, dueAt: record.expiresAt } : closed,
    outcome: 'approved',
    facts: [
      {
        type: 'approved',
        data: { channel: record.channel, checks: record.checks + 1, ...(method === null ? {} : { method }) },
      },
    ],
    sends: [],
    dropQueued: mayBeQueued(record),
  };
}

function countWrong(record: Verification, result: 'incorrect' | 'context_mismatch', now: number): Step<CheckResult> {
  const checks = record.checks + 1;
  const remaining = record.policy.max_checks - checks;
  const counted: Verification = { ...record, version: record.version + 1, checks };
  const fact: Fact = { type: 'check_failed', data: { reason: result, remaining: Math.max(0, remaining) } };
  if (remaining > 0) return { next: counted, outcome: result, facts: [fact], sends: [], dropQueued: false };
  return {
    next: close({ ...record, checks }, 'failed', 'max_checks', now),
    outcome: result,
    facts: [fact, { type: 'failed', data: { reason: 'max_checks' } }],
    sends: [],
    dropQueued: mayBeQueued(record),
  };
}

/** Not when its only message went out: the commit that says so is the one that took it from the queue. */
function mayBeQueued({ accepted, sends }: Verification): boolean {
  return !accepted || sends > 1;
}

function checkClosed(record: Verification, input: CheckInput, now: number): Step<CheckResult> {
  const reusable = record.status === 'approved' && record.digest !== null && now < record.expiresAt;
  if (!reusable) return unchanged(record, closedResult(record));
  if (input.matches && input.contextMatches) return unchanged(record, 'approved');
  const checks = record.checks + 1;
  const remaining = Math.max(0, record.policy.max_checks - checks);
  const used = remaining === 0;
  const counted: Verification = { ...record, version: record.version + 1, checks };
  return {
    next: used ? { ...counted, digest: null, dueAt: retentionEnd(record) } : counted,
    outcome: input.contextMatches ? 'incorrect' : 'context_mismatch',
    facts: [{ type: 'check_failed', data: { reason: 'incorrect', remaining } }],
    sends: [],
    dropQueued: false,
  };
}

function closedResult(record: Verification): CheckResult {
  if (record.status === 'expired') return 'expired';
  const failedByChecks = record.status === 'failed' && record.statusReason === 'max_checks';
  const reuseSpent =
    record.status === 'approved' && record.policy.reuse === 'within_ttl' && record.checks >= record.policy.max_checks;
  return failedByChecks || reuseSpent ? 'exhausted' : 'closed';
}

/** Equal as sets of pairs: order and null-versus-empty do not matter; missing, extra or changed does. */
export function sameContext(bound: StringMap | null, given: StringMap | null): boolean {
  const left = Object.entries(bound ?? {});
  const right = new Map(Object.entries(given ?? {}));
  return left.length === right.size && left.every(([name, value]) => right.get(name) === value);
}
