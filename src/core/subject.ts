import { isOpen, type Mode, type Verification } from './verification.ts';

/** Names what at most one open record may hold when the policy is `replace` or `reuse`. `toIndex` is the exact address's blind index. */
export function subjectKey(application: string, mode: Mode, purpose: string, toIndex: string): string {
  return `${application}|${mode}|${purpose}|${toIndex}`;
}

/**
 * The open-subject key a record holds, so that one live code exists per application, mode, purpose and destination. Null
 * when it holds none: `on_open` is `parallel`, it is closed, or its destination was erased.
 */
export function subjectOf(record: Verification): string | null {
  if (record.toIndex === null || record.policy.on_open === 'parallel' || !isOpen(record)) return null;
  return subjectKey(record.application, record.mode, record.purpose, record.toIndex);
}
