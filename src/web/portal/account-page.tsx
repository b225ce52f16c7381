import { ROLE_NAMES } from '../../core/staff.ts';
import type { Problem } from '../../core/errors.ts';
import { PasskeysCard } from './account-passkeys.tsx';
import type { AccountErrors } from './account-path.ts';
import { PasswordCard } from './account-password.tsx';
import { SecondFactorCard } from './account-second-factor.tsx';
import { SessionsCard } from './account-sessions.tsx';
import type { Page } from './page.tsx';
import type { Visit } from './visit.ts';

interface Shown {
  readonly errors?: AccountErrors;
  /** The secret of an authenticator that is being set up. */
  readonly secret?: string | null;
  readonly passkeyName?: string;
}

/** Somebody's account: after an error with what was typed. */
export async function account(visit: Visit, shown: Shown = {}): Promise<Page> {
  const { errors = {}, secret = null, passkeyName = '' } = shown;
  const { agent, application, service, staff } = visit;
  const state = service.staff.passkeys.state();
  const [sessions, passkeys] = await Promise.all([
    service.staff.sessions.list(staff),
    service.staff.passkeys.list(staff),
  ]);
  const failed = Object.keys(errors).length > 0;
  return {
    title: 'Account security',
    lead: `${agent.name}, ${agent.email}, ${ROLE_NAMES[agent.role]} at ${application.brand}`,
    error: failed,
    status: failed ? 422 : 200,
    body: (
      <div class="cols cols-half">
        <div class="stack-wide">
          <SecondFactorCard visit={visit} errors={errors} secret={secret} />
          <PasskeysCard visit={visit} errors={errors} state={state} passkeys={passkeys} name={passkeyName} />
        </div>
        <div class="stack-wide">
          <PasswordCard visit={visit} errors={errors} />
          <SessionsCard visit={visit} sessions={sessions} />
        </div>
      </div>
    ),
  };
}

/** Errors by field; one that names none stands at the password. */
export function errorsOf({ errors, detail }: Problem): AccountErrors {
  const found = (errors ?? []).map((error) => [error.pointer.slice(1), error.detail] as const);
  return found.length === 0 ? { password: detail } : Object.fromEntries(found);
}
