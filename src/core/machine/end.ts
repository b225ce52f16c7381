import type { Verification } from '../verification.ts';
import { close, retentionEnd } from './close.ts';
import { unchanged, type Step } from './step.ts';

/** The operator, a newer verification, or whoever got a message they did not ask for ends it. */
export function cancel(
  record: Verification,
  reason: 'operator' | 'replaced' | 'not_me',
  now: number,
): Step<'canceled' | 'closed'> {
  if (record.status !== 'pending' || now >= record.expiresAt) return unchanged(record, 'closed');
  return {
    next: close(record, 'canceled', reason, now),
    outcome: 'canceled',
    facts: [{ type: 'canceled', data: { reason } }],
    sends: [],
    dropQueued: true,
  };
}

/** Its time is over. Closing at `expiresAt` itself keeps the record true however late the sweeper came. */
export function expire(record: Verification, now: number): Step<'expired' | 'unchanged'> {
  if (record.status !== 'pending' || now < record.expiresAt) return unchanged(record, 'unchanged');
  return {
    next: close(record, 'expired', null, record.expiresAt),
    outcome: 'expired',
    facts: [{ type: 'expired', data: { checks: record.checks } }],
    sends: [],
    dropQueued: true,
  };
}

/** A reusable approval ends with its code's life: the digest goes. */
export function endReuse(record: Verification, now: number): Step<'ended' | 'unchanged'> {
  if (record.status !== 'approved' || record.digest === null || now < record.expiresAt) {
    return unchanged(record, 'unchanged');
  }
  const next: Verification = { ...record, version: record.version + 1, digest: null, dueAt: retentionEnd(record) };
  return { next, outcome: 'ended', facts: [], sends: [], dropQueued: false };
}
