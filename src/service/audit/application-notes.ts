import type { AuditAction } from '../../core/audit.ts';
import type { Application } from '../../ports/settings.ts';
import type { Caller } from '../api.ts';
import type { AuditNote, AuditTrail } from './trail.ts';

/** An act on an application itself. */
export function noteApplication(
  audit: AuditTrail,
  { application, actor }: Caller,
  action: AuditAction,
  data: NonNullable<AuditNote['data']>,
): Promise<void> {
  return audit.note({ application: application.id, actor, action, target: application.id, data });
}

/** Fields whose change has a name of its own in the log. */
const OWN_ACTIONS: Readonly<Partial<Record<keyof Application, AuditAction>>> = {
  limits: 'limits.changed',
};

/** Notes which fields of `before` were changed; `caller` holds the application as it is now. */
export async function noteChanges(audit: AuditTrail, caller: Caller, before: Application): Promise<void> {
  const after = caller.application;
  const names = (Object.keys(after) as (keyof Application)[]).filter(
    (name) => JSON.stringify(after[name]) !== JSON.stringify(before[name]),
  );
  for (const action of new Set(names.map((name) => OWN_ACTIONS[name] ?? 'application.changed'))) {
    const own = names.filter((name) => (OWN_ACTIONS[name] ?? 'application.changed') === action);
    await noteApplication(audit, caller, action, { fields: own.join() });
  }
}
