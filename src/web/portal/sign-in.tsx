import type { Problem } from '../../core/errors.ts';
import type { Caller } from '../../service/api.ts';
import { htmlAnswer, redirectAnswer, renderPage } from '../answer.ts';
import { Field } from '../components/field.tsx';
import { Flash } from '../components/flash.tsx';
import { readForm } from '../form.ts';
import { href } from '../site.ts';
import { askedDesk } from './asked-desk.ts';
import { setDeskCookie, withCookies } from './cookies.ts';
import { momentText } from './moment.tsx';
import { EntrancePage } from './entrance-page.tsx';
import { SECOND_FACTOR_PATH } from './second-factor.tsx';
import { ownPath } from './own-path.ts';
import { PASSKEY_PATH } from './passkey-path.ts';
import type { Answer, PortalRoute } from './route.ts';
import type { Guest } from './visit.ts';

export const SIGN_IN_PATH = '/desk/sign-in';
type Application = Caller['application'];

const YEAR_SECONDS = 31_536_000;

/** What the page may be asked to say; an address can choose one of these and nothing else. */
const SAYINGS: Readonly<Record<string, string>> = {
  signed_out: 'You are signed out.',
  kept_idle: 'You were signed out after an hour without use. Sign in to go on; what you had typed is kept.',
  kept_longest: 'You were signed out after twelve hours. Sign in to go on; what you had typed is kept.',
  kept_ended: 'You were signed out. Sign in to go on; what you had typed is kept.',
  session_idle: 'You were signed out after an hour without use. Sign in to go on.',
  session_longest: 'You were signed out after twelve hours. Sign in to go on.',
  session_ended: 'You were signed out. Sign in to go on.',
  factor_tries: 'Too many wrong codes. Sign in again.',
  factor_over: 'Your time to enter the code is over. Sign in again.',
  factor_unsent: 'The code was not sent: no mail server took it. Sign in again, or tell your administrator.',
  passkey_refused: 'That passkey was not accepted. Try again, or sign in with your password.',
  passkey_over: 'The time to use the passkey is over. Try again.',
  password_set: 'Password set. Sign in with it.',
  welcome: 'The administrator is made. Sign in to go on.',
};

/** Signing in: nothing tells an unknown address from a wrong password. */
export const SIGN_IN: readonly PortalRoute[] = [
  { method: 'GET', path: SIGN_IN_PATH, right: 'public', answer: show },
  { method: 'POST', path: SIGN_IN_PATH, right: 'public', answer: signIn },
];

async function show(guest: Guest): Promise<Answer> {
  const desk = await askedDesk(guest, guest.query('app'));
  if ('refused' in desk) return desk.refused;
  const said = SAYINGS[guest.query('said')] ?? null;
  return form(guest, desk.application, { username: '', next: ownPath(guest.query('next')), said, wrong: null });
}

async function signIn(guest: Guest): Promise<Answer> {
  const { service, options, request, browser } = guest;
  const read = await readForm(request, options);
  if (!read.ok) return { status: 403 };
  const { fields } = read;
  const desk = await askedDesk(guest, fields.text('app'));
  if ('refused' in desk) return desk.refused;
  const { application } = desk;
  const username = fields.text('username');
  const next = ownPath(fields.text('next'));
  const input = { email: username, password: fields.exact('password') };
  const entered = await service.staff.signIn.password(application, input, browser);
  if (!entered.ok) return refused(guest, application, { username, next }, entered.problem);
  const query = new URLSearchParams({ next });
  return withCookies(
    redirectAnswer(options, `${SECOND_FACTOR_PATH}?${query.toString()}`),
    setDeskCookie(options, 'pending', entered.value.token),
    setDeskCookie(options, 'application', application.name, YEAR_SECONDS),
  );
}

async function refused(
  guest: Guest,
  application: Application,
  typed: Pick<FormState, 'username' | 'next'>,
  problem: Problem,
): Promise<Answer> {
  const barred = barredAnswer(guest, application, problem);
  if (barred !== null) return barred;
  const { code, detail } = problem;
  const wrong = (
    code === 'unauthenticated' ? [detail, 'Check both and try again.'] : ['The code was not sent.', detail]
  ) as readonly [string, string];
  return form(guest, application, { ...typed, said: null, wrong });
}

/** For who may not sign in now or from here, whatever they know; null = they may. */
export function barredAnswer({ options }: Guest, { time_zone: zone }: Application, problem: Problem): Answer | null {
  const { limit, code, detail, retryAfterMs } = problem;
  if (limit?.name === 'staff_sign_in' && limit.resetAt !== null) {
    const until = momentText(new Date(limit.resetAt).toISOString(), options.now(), zone);
    return {
      status: 429,
      ...(retryAfterMs === undefined ? {} : { retryAfter: Math.ceil(retryAfterMs / 1_000) }),
      detail: `Sign-in is closed for this address until ${until} (${zone}). This protects every account here.`,
    };
  }
  return code === 'forbidden' ? { status: 403, detail } : null;
}

interface FormState {
  readonly username: string;
  readonly next: string;
  readonly said: string | null;
  /** What is wrong, and what to do. */
  readonly wrong: readonly [what: string, cure: string] | null;
}

async function form({ options, service }: Guest, application: Application, state: FormState): Promise<Response> {
  const { username, next, said, wrong } = state;
  const page = (
    <EntrancePage site={options} title="Sign in" brand={application.brand} error={wrong !== null}>
      <h1>Sign in</h1>
      {said === null ? null : <Flash tone="info">{said}</Flash>}
      {wrong === null ? null : (
        <Flash tone="bad">
          <strong>{wrong[0]}</strong> {wrong[1]}
        </Flash>
      )}
      <form class="stack-wide" method="post" action={href(options, SIGN_IN_PATH)}>
        <Field
          id="username"
          label="Username"
          hint="Your e-mail address."
          value={username === '' ? undefined : username}
          autocomplete="username"
          inputmode="email"
          maxlength={254}
          first={username === ''}
        />
        <Field id="password" label="Password" type="password" autocomplete="current-password" first={username !== ''} />
        <input type="hidden" name="next" value={next} />
        <input type="hidden" name="app" value={application.name} />
        <button class="btn btn-main btn-wide">Sign in</button>
      </form>
      {service.staff.passkeys.state() === 'ready' ? (
        <form method="post" action={href(options, PASSKEY_PATH)}>
          <input type="hidden" name="next" value={next} />
          <input type="hidden" name="app" value={application.name} />
          <button class="btn btn-wide">Sign in with a passkey</button>
        </form>
      ) : null}
      <p class="small">
        <a href={href(options, `/desk/forgot-password?app=${encodeURIComponent(application.name)}`)}>
          Forgot your password?
        </a>
      </p>
    </EntrancePage>
  );
  return htmlAnswer(options, wrong === null ? 200 : 422, await renderPage(page));
}
