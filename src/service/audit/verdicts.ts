import { STAFF_SIGN_IN } from '../../core/staff.ts';
import { isOpen, type Actor, type Verification } from '../../core/verification.ts';
import type { CommittedDocument } from '../../ports/documents.ts';
import type { Changes, VerificationStore } from '../../ports/verification-store.ts';
import type { ServiceDeps } from '../deps.ts';
import { verificationsWith } from '../store-with.ts';
import { auditDocument } from './row.ts';

const VERDICTS: ReadonlySet<string> = new Set(['approved', 'failed', 'expired', 'canceled', 'blocked', 'skipped']);

/**
 * The same verifications; the end of each that is evidence (an agent asked for it, or its policy keeps it for ever) is noted in
 * its own commit: no verdict without its row, no row without its verdict. The others pass as they are.
 */
export function noteVerdicts(deps: Pick<ServiceDeps, 'env'>, verifications: VerificationStore): VerificationStore {
  function noted(record: Verification, changes: Changes): Changes {
    const row = isOpen(record) || !isEvidence(record) ? null : verdictRow(deps, record, changes);
    return row === null ? changes : { ...changes, documents: [...changes.documents, row] };
  }
  return verificationsWith(verifications, {
    insert: (record, changes) => verifications.insert(record, noted(record, changes)),
    replace: (record, expectedVersion, changes) =>
      verifications.replace(record, expectedVersion, noted(record, changes)),
  });
}

/** Signing in to the desk has notes of its own. */
function isEvidence({ actor, policy, purpose }: Verification): boolean {
  if (purpose === STAFF_SIGN_IN) return false;
  return actor.type === 'agent' || policy.retention_days === null;
}

function verdictRow(
  deps: Pick<ServiceDeps, 'env'>,
  { id, application, status, statusReason, purpose, channel, mode, checks }: Verification,
  { events }: Changes,
): CommittedDocument | null {
  const verdict = events.find(({ type }) => VERDICTS.has(type));
  if (verdict === undefined) return null;
  const data = { status, reason: statusReason, purpose, channel, checks, test: mode === 'test' };
  const actor: Actor = verdict.actor;
  return auditDocument(
    deps,
    { application, actor, ip: triedFrom(events), action: 'verification.closed', target: id, data },
    verdict.createdAt,
  );
}

/** The address of the try that ended it, as its event has it; what ended without a try has none. */
function triedFrom(events: Changes['events']): string | null {
  const ip = events.find(({ type }) => type === 'approved' || type === 'check_failed')?.data['ip'];
  return typeof ip === 'string' ? ip : null;
}
