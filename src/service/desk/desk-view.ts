import type { Verification } from '../../core/verification.ts';
import { verificationView } from '../../core/views.ts';
import type { DeskRecordView } from './api.ts';

/** A record as the desk shows it at `now`. */
export function deskView(row: Verification, now: number): DeskRecordView {
  return {
    ...verificationView(row, now),
    actor: row.actor,
    reason: row.reason,
    override: row.policy.override ?? 'never',
  };
}
