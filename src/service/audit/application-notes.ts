import type { AuditAction } from '../../core/audit.ts';
import type { Application } from '../../ports/settings.ts';
import type { Caller } from '../api.ts';
import { type AuditNote, type AuditTrail, doneBy } from './trail.ts';

/** An act on an application itself. */
export function noteApplication(
  audit: AuditTrail,
  caller: Caller,
  action: AuditAction,
  data: NonNullable<AuditNote['data']>,
): Promise<void> {
  return audit.note({ ...doneBy(caller), action, target: caller.application.id, data });
}

/** Fields whose change has a name of its own in the log. */
function actionOf(name: keyof Application, after: Application): AuditAction {
  if (name === 'limits') return 'limits.changed';
  if (name === 'desk_networks') return 'access.changed';
  if (name === 'sends_stopped') return after.sends_stopped ? 'sends.stopped' : 'sends.resumed';
  return 'application.changed';
}

/** Notes which fields of `before` were changed; `caller` holds the application as it is now. */
export async function noteChanges(audit: AuditTrail, caller: Caller, before: Application): Promise<void> {
  const after = caller.application;
  const names = (Object.keys(after) as (keyof Application)[]).filter(
    (name) => JSON.stringify(after[name]) !== JSON.stringify(before[name]),
  );
  for (const action of new Set(names.map((name) => actionOf(name, after)))) {
    const own = names.filter((name) => actionOf(name, after) === action);
    await noteApplication(audit, caller, action, { fields: own.join() });
  }
}
