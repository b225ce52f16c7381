import type { AuditAction } from '../../../core/audit.ts';
import type { Problem } from '../../../core/errors.ts';
import { momentText } from '../moment.tsx';
import { namesOf } from '../names.ts';
import type { Visit } from '../visit.ts';
import type { Scope } from './scope.ts';
import { errorsOfProblem, type Errors } from './typed.ts';

/**
 * What is wrong with a change of an application that was refused. Where another one came in between the audit log says whose it was
 * and when, so that whoever typed can ask before replacing it; `action` is what such changes are noted as.
 */
export async function refusedChange(
  visit: Visit,
  scope: Scope,
  action: AuditAction,
  problem: Problem,
): Promise<Errors> {
  const errors = errorsOfProblem(problem);
  if (errors['version'] === undefined) return errors;
  const line = await lastChange(visit, scope, action);
  return line === null ? errors : { ...errors, version: `${errors['version']} ${line}` };
}

async function lastChange(visit: Visit, { caller, view }: Scope, action: AuditAction): Promise<string | null> {
  const found = await visit.service.audit.list(caller, { actions: [action], target: view.id, limit: 1 });
  const [entry] = found.ok ? found.value.data : [];
  if (entry === undefined || entry.actor === null) return null;
  const nameOf = await namesOf(visit, [entry.actor]);
  const when = momentText(entry.created_at, visit.options.now(), visit.application.time_zone);
  return `Last changed ${when}, by ${nameOf(entry.actor)}.`;
}
