import { htmlAnswer, redirectAnswer, renderPage } from '../answer.ts';
import { PASSKEY } from '../assets.ts';
import { readForm, type FormFields } from '../form.ts';
import { href } from '../site.ts';
import { askedDesk } from './asked-desk.ts';
import { deskCookie, setDeskCookie, withCookies } from './cookies.ts';
import { EntrancePage } from './entrance-page.tsx';
import { ownPath } from './own-path.ts';
import { PasskeyForm } from './passkey-form.tsx';
import { PASSKEY_PATH, QUESTION_SECONDS } from './passkey-path.ts';
import { NOT_FOUND, type Answer, type PortalRoute } from './route.ts';
import { barredAnswer, SIGN_IN_PATH } from './sign-in.tsx';
import { signedInAnswer } from './signed-in.ts';
import type { Guest } from './visit.ts';

const ANSWER_PATH = `${PASSKEY_PATH}/answer`;

/** Signing in with a passkey instead of password and code: the question is made by a form, looked at, and answered once. */
export const PASSKEYS: readonly PortalRoute[] = [
  { method: 'POST', path: PASSKEY_PATH, right: 'public', answer: begin },
  { method: 'GET', path: PASSKEY_PATH, right: 'public', answer: show },
  { method: 'POST', path: ANSWER_PATH, right: 'public', answer: enter },
];

async function begin({ service, options, request }: Guest): Promise<Answer> {
  const read = await readForm(request, options);
  if (!read.ok) return { status: 403 };
  const begun = await service.staff.passkeys.beginSignIn();
  if (!begun.ok) return NOT_FOUND;
  const query = new URLSearchParams({ ...wayOn(read.fields) });
  const answer = redirectAnswer(options, `${PASSKEY_PATH}?${query.toString()}`);
  return withCookies(answer, setDeskCookie(options, 'passkey', begun.value.token, QUESTION_SECONDS));
}

function wayOn(fields: FormFields): { readonly next: string; readonly app: string } {
  return { next: ownPath(fields.text('next')), app: fields.text('app') };
}

async function show(guest: Guest): Promise<Answer> {
  const { service, options, request, query } = guest;
  const desk = await askedDesk(guest, query('app'));
  if ('refused' in desk) return desk.refused;
  const { application } = desk;
  const question = await service.staff.passkeys.question(deskCookie(request, options, 'passkey'), null);
  if (question === null) return away(guest, 'over', application.name);
  const fields = { next: ownPath(query('next')), app: application.name };
  const page = (
    <EntrancePage site={options} title="Use your passkey" brand={application.brand} scripts={[PASSKEY]}>
      <h1>Use your passkey</h1>
      <PasskeyForm action={href(options, ANSWER_PATH)} ask="get" options={question} fields={fields} />
      <p class="small">
        <a href={href(options, `${SIGN_IN_PATH}?${new URLSearchParams(fields).toString()}`)}>
          Sign in with your password
        </a>
      </p>
    </EntrancePage>
  );
  return htmlAnswer(options, 200, await renderPage(page));
}

async function enter(guest: Guest): Promise<Answer> {
  const { service, options, request, browser } = guest;
  const read = await readForm(request, options);
  if (!read.ok) return { status: 403 };
  const { next, app } = wayOn(read.fields);
  const desk = await askedDesk(guest, app);
  if ('refused' in desk) return desk.refused;
  const { application } = desk;
  const given = { token: deskCookie(request, options, 'passkey'), answer: read.fields.exact('answer') };
  const entered = await service.staff.passkeys.signIn(application, given, browser);
  if (entered.ok) return signedInAnswer(options, next, entered.value);
  const barred = barredAnswer(guest, application, entered.problem);
  return barred ?? away(guest, entered.problem.code === 'conflict' ? 'over' : 'refused', application.name);
}

function away({ options }: Guest, said: 'over' | 'refused', app: string): Response {
  const query = new URLSearchParams({ said: `passkey_${said}`, app });
  const answer = redirectAnswer(options, `${SIGN_IN_PATH}?${query.toString()}`);
  return withCookies(answer, setDeskCookie(options, 'passkey', ''));
}
