import type { AuditVerdictView } from '../../core/audit-views.ts';
import { ok } from '../../core/errors.ts';
import type { Caller } from '../api.ts';
import type { AuditService } from './api.ts';
import { exportLog } from './export.ts';
import { purgeLog } from './forget.ts';
import { listLog } from './read.ts';
import { seal, type SealDeps } from './seal.ts';
import { createAuditTrail, doneBy } from './trail.ts';
import { verifyLog } from './verify.ts';

export type { AuditQuery, AuditService } from './api.ts';
export { withNotes } from './administration.ts';
export { haltedAt, isAnythingSealed } from './halted.ts';
export { sealDue } from './seal.ts';
export { noteSystemAct } from './trail.ts';
export { noteVerdicts } from './verdicts.ts';

const VERDICT_KIND = 'audit_verdict';

export function createAudit(deps: SealDeps): AuditService {
  const trail = createAuditTrail(deps);
  return {
    ...trail,
    list: (caller, query) => listLog(deps, caller, query),
    async verify(caller, root) {
      await seal(deps);
      const verdict = await verifyLog(deps, caller.application.id, root);
      await keepVerdict(deps, verdict);
      const { intact, entries, root: newest, problem } = verdict;
      const data = { intact, entries, root: newest, problem: problem?.code ?? null };
      await trail.note({ ...doneBy(caller), action: 'audit.verified', target: null, data });
      return ok(verdict);
    },
    seal: async () => (await seal(deps)).length,
    purge: ({ application, actor }, days) => purgeLog(deps, { application: application.id, actor, days }),
    lastVerdict: (caller) => readVerdict(deps, caller),
    async export(caller) {
      await trail.note({ ...doneBy(caller), action: 'audit.exported', target: null });
      return ok(exportLog(deps, caller.application.id));
    },
  };
}

async function keepVerdict({ store }: SealDeps, verdict: AuditVerdictView): Promise<void> {
  const id = verdict.application;
  const before = await store.documents.get(VERDICT_KIND, id);
  const now = await store.verifications.time();
  // Of two checks at once either may be the last.
  await store.documents.put({
    kind: VERDICT_KIND,
    id,
    application: id,
    index: null,
    version: (before?.version ?? 0) + 1,
    body: JSON.stringify(verdict),
    createdAt: now,
    dueAt: null,
    endsAt: null,
  });
}

async function readVerdict({ store }: SealDeps, { application }: Caller): Promise<AuditVerdictView | null> {
  const found = await store.documents.get(VERDICT_KIND, application.id);
  return found === null ? null : (JSON.parse(found.body) as AuditVerdictView);
}
