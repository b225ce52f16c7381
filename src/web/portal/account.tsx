import type { JSX } from 'hono/jsx/jsx-runtime';
import { account, errorsOf } from './account-page.tsx';
import { ACCOUNT_PATH } from './account-path.ts';
import { RecoveryCodes } from './account-second-factor.tsx';
import { portalAct, portalPage, type Page } from './page.tsx';
import type { StaffRoute } from './route.ts';
import type { Visit } from './visit.ts';

/** Somebody's own account: second factor, password, and where they are signed in. */
export const ACCOUNT: readonly StaffRoute[] = [
  portalPage({ path: ACCOUNT_PATH, right: 'staff', show: (visit) => account(visit) }),
  portalAct({
    path: `${ACCOUNT_PATH}/password`,
    right: 'staff',
    async act(visit, fields) {
      const next = fields.exact('new');
      if (next !== fields.exact('again')) return account(visit, { errors: { again: 'The two passwords differ.' } });
      const changed = await visit.service.staff.account.changePassword(visit.staff, fields.exact('current'), next);
      if (!changed.ok) return account(visit, { errors: errorsOf(changed.problem) });
      const flash = { tone: 'good', title: 'Password changed.', text: 'Other devices are signed out.' } as const;
      return { to: ACCOUNT_PATH, flash };
    },
  }),
  portalAct({
    path: `${ACCOUNT_PATH}/authenticator`,
    right: 'staff',
    async act(visit, fields) {
      const secret = visit.service.staff.seals.open('totp', fields.exact('secret'), visit.staff.session) ?? '';
      const input = { secret, code: fields.text('totp'), password: fields.exact('password') };
      const enabled = await visit.service.staff.account.enableTotp(visit.staff, input);
      if (enabled.ok) return shownOnce(visit, enabled.value.recovery);
      return account(visit, { errors: errorsOf(enabled.problem), secret: secret === '' ? null : secret });
    },
  }),
  portalAct({
    path: `${ACCOUNT_PATH}/authenticator/off`,
    right: 'staff',
    async act(visit, fields) {
      const off = await visit.service.staff.account.disableTotp(visit.staff, fields.exact('password'));
      if (!off.ok) return account(visit, { errors: errorsOf(off.problem) });
      const flash = { tone: 'good', title: 'Authenticator off.', text: 'Codes for signing in go by e-mail.' } as const;
      return { to: ACCOUNT_PATH, flash };
    },
  }),
  portalAct({
    path: `${ACCOUNT_PATH}/recovery`,
    right: 'staff',
    async act(visit, fields) {
      const renewed = await visit.service.staff.account.newRecovery(visit.staff, fields.exact('password'));
      return renewed.ok
        ? shownOnce(visit, renewed.value.recovery)
        : account(visit, { errors: errorsOf(renewed.problem) });
    },
  }),
  portalAct({
    path: `${ACCOUNT_PATH}/sessions`,
    right: 'staff',
    async act({ service, staff }, fields) {
      const id = fields.text('session');
      const { sessions } = service.staff;
      const result = id === 'others' ? await sessions.revokeOthers(staff) : await sessions.revoke(staff, id);
      const flash = result.ok
        ? ({ tone: 'good', title: 'Signed out there.' } as const)
        : ({ tone: 'info', title: 'That device was signed out already.' } as const);
      return { to: ACCOUNT_PATH, flash };
    },
  }),
];

/** The answer of the form itself, so that the codes stand in no cookie and no address, and are gone after a reload. */
function shownOnce(visit: Visit, codes: readonly string[]): Page {
  const body: JSX.Element = <RecoveryCodes visit={visit} codes={codes} />;
  return { title: 'Your recovery codes', crumbs: [{ path: ACCOUNT_PATH, word: 'Account security' }], body };
}
