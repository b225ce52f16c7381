import type { AuditAction } from '../../core/audit.ts';
import { SYSTEM } from '../../core/verification.ts';
import type { ServiceDeps } from '../deps.ts';
import { auditDocument, type AuditNote } from './row.ts';

export { AUDIT_KIND, type AuditNote, doneBy } from './row.ts';

/** The append-only log of every act of agents, keys and the system. */
export interface AuditTrail {
  /** Durable before it answers; ids are in the order of time. */
  note(note: AuditNote): Promise<void>;
}

export function createAuditTrail(deps: Pick<ServiceDeps, 'store' | 'env'>): AuditTrail {
  return {
    async note(note) {
      await deps.store.documents.put(auditDocument(deps, note, await deps.store.verifications.time()));
    },
  };
}

/** What the system did for all applications stands in the log of `default`. */
export async function noteSystemAct(
  deps: Pick<ServiceDeps, 'store' | 'env'>,
  action: AuditAction,
  data: NonNullable<AuditNote['data']>,
): Promise<void> {
  const main = (await deps.store.applications.list()).find(({ name }) => name === 'default');
  if (main !== undefined)
    await createAuditTrail(deps).note({ application: main.id, actor: SYSTEM, action, target: null, data });
}
