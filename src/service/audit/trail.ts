import { newId } from '../../core/id.ts';
import type { AuditAction } from '../../core/audit.ts';
import type { Actor } from '../../core/verification.ts';
import type { ServiceDeps } from '../deps.ts';

export const AUDIT_KIND = 'audit';

/** One act. `data` holds plain facts: never a code, a secret, or an address in clear. */
export interface AuditNote {
  readonly application: string;
  readonly actor: Actor;
  readonly action: AuditAction;
  /** Id of what it was done to; null = nothing that has one. */
  readonly target: string | null;
  readonly data?: Readonly<Record<string, string | number | boolean | null>>;
}

/** The append-only log of every act of agents, keys and the system. */
export interface AuditTrail {
  /** Durable before it answers; ids are in the order of time. */
  note(note: AuditNote): Promise<void>;
}

export function createAuditTrail(deps: Pick<ServiceDeps, 'store' | 'env'>): AuditTrail {
  return {
    async note({ application, actor, action, target, data = {} }) {
      const now = await deps.store.verifications.time();
      await deps.store.documents.put({
        kind: AUDIT_KIND,
        id: newId('aud', now, deps.env.randomText(20)),
        application,
        index: null,
        version: 1,
        body: JSON.stringify({ actor, action, target, data }),
        createdAt: now,
        dueAt: null,
        endsAt: null,
      });
    },
  };
}
