import type { AuditAction } from '../../core/audit.ts';
import { ok, refuse, type FieldError, type Problem, type Result } from '../../core/errors.ts';
import { checkPassword } from '../../crypto/index.ts';
import { doneBy } from '../audit/trail.ts';
import type { Agent } from './agent.ts';
import type { Staff } from './api.ts';
import type { StaffDeps } from './deps.ts';
import { agentById } from './find-agent.ts';
import { takeAttempt } from './throttle.ts';

/** The agent, when the password is its own: what changes how to sign in asks for it again. Tries are counted. */
export async function proven(deps: StaffDeps, staff: Staff, password: string, pointer: string): Promise<Result<Agent>> {
  const agent = await agentById(deps, staff.agent.id);
  const { application, email } = { application: staff.application.id, email: staff.agent.email };
  const taken = await takeAttempt(deps, { kind: 'password', application, email, ip: null, device: staff.session });
  if (taken.closedUntil !== null) return wrongField(pointer, 'Too many tries. Wait a quarter of an hour.');
  const { matches } = await checkPassword(password.slice(0, 1024), agent?.password ?? null);
  if (agent === null || !matches) return wrongField(pointer, 'That is not your password.');
  await taken.giveBack();
  return ok(agent);
}

export function wrongField(pointer: string, detail: string): { readonly ok: false; readonly problem: Problem } {
  const error: FieldError = { pointer, code: 'wrong', detail };
  return refuse({ code: 'invalid_request', detail, errors: [error] });
}

/** Notes what somebody did to their own account, or to something of it. */
export async function noteOwnAct(
  deps: StaffDeps,
  { caller, agent }: Staff,
  action: AuditAction,
  target: string = agent.id,
): Promise<void> {
  await deps.audit.note({ ...doneBy(caller), action, target });
}
