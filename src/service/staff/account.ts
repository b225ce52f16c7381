import { ok, refuse, type Result } from '../../core/errors.ts';
import { passwordProblem } from '../../core/password-rules.ts';
import { hashPassword, newTotpSecret, totpStep } from '../../crypto/index.ts';
import type { AccountService, Staff, TotpInput } from './api.ts';
import type { StaffDeps } from './deps.ts';
import { changeAgent } from './find-agent.ts';
import { noteOwnAct, proven, wrongField } from './own-password.ts';
import { newRecoveryCodes } from './second-factor.ts';
import { endSessions } from './session.ts';
import { tellChanged, tellTotpOff } from './told.ts';

export function createAccount(deps: StaffDeps): AccountService {
  return {
    changePassword: (staff, current, next) => changePassword(deps, staff, current, next),
    newTotp: ({ agent, application }) => {
      const secret = newTotpSecret();
      return { secret, uri: keyUri(application.brand, agent.email, secret) };
    },
    enableTotp: (staff, input) => enableTotp(deps, staff, input),
    async confirm(staff, password) {
      const own = await proven(deps, staff, password, '/password');
      return own.ok ? ok({ confirmed: true }) : own;
    },
    async disableTotp(staff, password) {
      const own = await proven(deps, staff, password, '/password');
      if (!own.ok) return own;
      await changeAgent(deps, own.value.id, (agent) => ({ ...agent, totp: null, recovery: [] }));
      await noteOwnAct(deps, staff, 'second_factor.disabled');
      if (own.value.totp !== null) await tellTotpOff(deps, staff.application, own.value);
      return ok({ disabled: true });
    },
    async newRecovery(staff, password) {
      const own = await proven(deps, staff, password, '/password');
      if (!own.ok) return own;
      const { codes, hashes } = newRecoveryCodes(deps);
      await changeAgent(deps, own.value.id, (agent) => ({ ...agent, recovery: hashes }));
      await noteOwnAct(deps, staff, 'second_factor.recovery_renewed');
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
  await noteOwnAct(deps, staff, 'password.changed');
  await tellChanged(deps, staff.application, changed);
  return ok({ revoked });
}

async function enableTotp(
  deps: StaffDeps,
  staff: Staff,
  { secret, code, password }: TotpInput,
): Promise<Result<{ readonly recovery: readonly string[] }>> {
  const own = await proven(deps, staff, password, '/password');
  if (!own.ok) return own;
  const now = await deps.store.verifications.time();
  const digits = code.replace(/[\s-]/g, '');
  const step = /^[A-Z2-7]{32}$/.test(secret) && /^\d{6}$/.test(digits) ? totpStep(secret, digits, now) : null;
  if (step === null) return wrongField('/totp', 'That is not the code. Check the time on your phone.');
  const { codes, hashes } = newRecoveryCodes(deps);
  const changed = await changeAgent(deps, staff.agent.id, (agent) =>
    agent.totp === null ? { ...agent, totp: { secret, lastStep: step }, recovery: hashes } : null,
  );
  if (changed === null) return refuse({ code: 'conflict', detail: 'An authenticator is on already.' });
  await noteOwnAct(deps, staff, 'second_factor.enabled');
  return ok({ recovery: codes });
}
