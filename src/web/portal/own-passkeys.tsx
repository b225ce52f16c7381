import { redirectAnswer } from '../answer.ts';
import { PASSKEY } from '../assets.ts';
import { href } from '../site.ts';
import { OWN_PASSKEYS_PATH } from './account-passkeys.tsx';
import { ACCOUNT_PATH } from './account-path.ts';
import { account, errorsOf } from './account-page.tsx';
import { deskCookie, setDeskCookie, withCookies } from './cookies.ts';
import { portalAct, portalPage } from './page.tsx';
import { PasskeyForm } from './passkey-form.tsx';
import { QUESTION_SECONDS } from './passkey-path.ts';
import type { StaffRoute } from './route.ts';

const NEW_PATH = `${OWN_PASSKEYS_PATH}/new`;

/** Adding and removing one's own passkeys: the password first, then the browser's question, then its answer, once. */
export const OWN_PASSKEYS: readonly StaffRoute[] = [
  portalAct({
    path: OWN_PASSKEYS_PATH,
    right: 'staff',
    async act(visit, fields) {
      const { service, options, staff } = visit;
      const input = { name: fields.text('passkey_name'), password: fields.exact('passkey_password') };
      const begun = await service.staff.passkeys.begin(staff, input);
      if (!begun.ok) return account(visit, { errors: errorsOf(begun.problem), passkeyName: input.name });
      const cookie = setDeskCookie(options, 'passkey', begun.value.token, QUESTION_SECONDS);
      return withCookies(redirectAnswer(options, NEW_PATH), cookie);
    },
  }),
  portalPage({
    path: NEW_PATH,
    right: 'staff',
    async show({ service, options, request, staff }) {
      const question = await service.staff.passkeys.question(deskCookie(request, options, 'passkey'), staff);
      if (question === null) return redirectAnswer(options, ACCOUNT_PATH);
      const body = (
        <section class="card">
          <PasskeyForm action={href(options, NEW_PATH)} ask="create" options={question} />
        </section>
      );
      const crumbs = [{ path: ACCOUNT_PATH, word: 'Account security' }];
      return { title: 'Add a passkey', crumbs, scripts: [PASSKEY], body };
    },
  }),
  portalAct({
    path: NEW_PATH,
    right: 'staff',
    async act({ service, options, request, staff }, fields) {
      const token = deskCookie(request, options, 'passkey');
      const added = await service.staff.passkeys.add(staff, token, fields.exact('answer'));
      const flash = added.ok
        ? ({ tone: 'good', title: 'Passkey added.', text: 'You can sign in with it from now on.' } as const)
        : ({ tone: 'bad', title: 'No passkey was added.', text: added.problem.detail } as const);
      return { to: ACCOUNT_PATH, flash };
    },
  }),
  portalAct({
    path: `${OWN_PASSKEYS_PATH}/remove`,
    right: 'staff',
    async act(visit, fields) {
      const { passkeys } = visit.service.staff;
      const removed = await passkeys.remove(visit.staff, fields.text('passkey'), fields.exact('remove_password'));
      if (!removed.ok) return account(visit, { errors: errorsOf(removed.problem) });
      return { to: ACCOUNT_PATH, flash: { tone: 'good', title: 'Passkey removed.' } };
    },
  }),
];
