import type { Verification } from '../verification.ts';
import { unchanged, type Step } from './step.ts';

/**
 * Time passes for this record alone: its end, and the moment it may be sent again, come nearer by `ms`. A record without a
 * digest has no end to wait for. For test verifications only, so that an app's own tests reach expiry without waiting.
 */
export function age(record: Verification, ms: number): Step<'aged' | 'unchanged'> {
  if (record.mode !== 'test' || record.digest === null) return unchanged(record, 'unchanged');
  const next: Verification = {
    ...record,
    version: record.version + 1,
    expiresAt: record.expiresAt - ms,
    nextSendAt: record.nextSendAt === null ? null : record.nextSendAt - ms,
    dueAt: record.dueAt === null ? null : record.dueAt - ms,
  };
  return { next, outcome: 'aged', facts: [], sends: [], dropQueued: false };
}
