import { ok, refuse, type FieldError, type Problem, type Result } from '../../core/errors.ts';
import type { AuditAction } from '../../core/audit.ts';
import { passwordProblem } from '../../core/password-rules.ts';
import { checkPassword, hashPassword, newTotpSecret, totpStep } from '../../crypto/index.ts';
import type { Agent } from './agent.ts';
import type { AccountService, Staff } from './api.ts';
import type { StaffDeps } from './deps.ts';
import { agentById, changeAgent } from './find-agent.ts';
import { newRecoveryCodes } from './second-factor.ts';
import { endSessions } from './session.ts';
import { takeAttempt } from './throttle.ts';

export function createAccount(deps: StaffDeps): AccountService {
  return {
    changePassword: (staff, current, next) => changePassword(deps, staff, current, next),
    newTotp: ({ agent, application }) => {
      const secret = newTotpSecret();
      return { secret, uri: keyUri(application.brand, agent.email, secret) };
    },
    enableTotp: (staff, secret, code) => enableTotp(deps, staff, secret, code),
    async disableTotp(staff, password) {
      const own = await proven(deps, staff, password, '/password');
      if (!own.ok) return own;
      await changeAgent(deps, own.value.id, (agent) => ({ ...agent, totp: null, recovery: [] }));
      await note(deps, staff, 'second_factor.disabled');
      return ok({ disabled: true });
    },
    async newRecovery(staff, password) {
      const own = await proven(deps, staff, password, '/password');
      if (!own.ok) return own;
      const { codes, hashes } = newRecoveryCodes(deps);
      await changeAgent(deps, own.value.id, (agent) => ({ ...agent, recovery: hashes }));
      await note(deps, staff, 'second_factor.recovery_renewed');
      return ok({ recovery: codes });
    },
  };
}

/** Key URI of authenticator apps: the defaults (SHA-1, 6 digits, 30 s) are what every app knows. */
function keyUri(brand: string, email: string, secret: string): string {
  const issuer = encodeURIComponent(brand.replaceAll(':', ' '));
  return `otpauth://totp/${issuer}:${encodeURIComponent(email)}?secret=${secret}&issuer=${issuer}`;
}

async function changePassword(
  deps: StaffDeps,
  staff: Staff,
  current: string,
  next: string,
): Promise<Result<{ readonly revoked: number }>> {
  const own = await proven(deps, staff, current, '/current');
  if (!own.ok) return own;
  const weak = passwordProblem(next, own.value, '/new');
  if (weak !== null) return refuse({ code: 'invalid_request', detail: weak.detail, errors: [weak] });
  const password = await hashPassword(next);
  const now = await deps.store.verifications.time();
  const before = own.value.password;
  const changed = await changeAgent(deps, own.value.id, (agent) =>
    agent.password === before ? { ...agent, password, passwordChangedAt: now } : null,
  );
  if (changed === null) return refuse({ code: 'conflict', detail: 'The password was changed meanwhile.' });
  const revoked = await endSessions(deps, own.value.id, staff.session);
  await note(deps, staff, 'password.changed');
  return ok({ revoked });
}

async function enableTotp(
  deps: StaffDeps,
  staff: Staff,
  secret: string,
  code: string,
): Promise<Result<{ readonly recovery: readonly string[] }>> {
  const now = await deps.store.verifications.time();
  const digits = code.replace(/[\s-]/g, '');
  const step = /^[A-Z2-7]{32}$/.test(secret) && /^\d{6}$/.test(digits) ? totpStep(secret, digits, now) : null;
  if (step === null) return wrong('/totp', 'That is not the code. Check the time on your phone.');
  const { codes, hashes } = newRecoveryCodes(deps);
  const changed = await changeAgent(deps, staff.agent.id, (agent) =>
    agent.totp === null ? { ...agent, totp: { secret, lastStep: step }, recovery: hashes } : null,
  );
  if (changed === null) return refuse({ code: 'conflict', detail: 'An authenticator is on already.' });
  await note(deps, staff, 'second_factor.enabled');
  return ok({ recovery: codes });
}

/** The agent, when the password is its own: what changes how to sign in asks for it again. Tries are counted. */
async function proven(deps: StaffDeps, staff: Staff, password: string, pointer: string): Promise<Result<Agent>> {
  const agent = await agentById(deps, staff.agent.id);
  const { application, email } = { application: staff.application.id, email: staff.agent.email };
  const taken = await takeAttempt(deps, { kind: 'password', application, email, ip: null, device: staff.session });
  if (taken.closedUntil !== null) return wrong(pointer, 'Too many tries. Wait a quarter of an hour.');
  const { matches } = await checkPassword(password.slice(0, 1024), agent?.password ?? null);
  if (agent === null || !matches) return wrong(pointer, 'That is not your password.');
  await taken.giveBack();
  return ok(agent);
}

function wrong(pointer: string, detail: string): { readonly ok: false; readonly problem: Problem } {
  const error: FieldError = { pointer, code: 'wrong', detail };
  return refuse({ code: 'invalid_request', detail, errors: [error] });
}

async function note(deps: StaffDeps, { application, caller, agent }: Staff, action: AuditAction): Promise<void> {
  await deps.audit.note({ application: application.id, actor: caller.actor, action, target: agent.id });
}
