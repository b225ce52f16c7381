import type { JSX } from 'hono/jsx/jsx-runtime';
import type { PendingOver, PendingView } from '../../service/api.ts';
import { htmlAnswer, redirectAnswer, renderPage } from '../answer.ts';
import { Field } from '../components/field.tsx';
import { Flash } from '../components/flash.tsx';
import { readForm } from '../form.ts';
import { href } from '../site.ts';
import { ELSEWHERE, isElsewhere } from './asked-desk.ts';
import { deskCookie, setDeskCookie, withCookies } from './cookies.ts';
import { EntrancePage } from './entrance-page.tsx';
import { ownPath } from './own-path.ts';
import type { Answer, PortalRoute } from './route.ts';
import { signedInAnswer } from './signed-in.ts';
import type { Guest } from './visit.ts';

export const SECOND_FACTOR_PATH = '/desk/second-factor';
const RESEND_PATH = `${SECOND_FACTOR_PATH}/resend`;

/** The step after the password. Without it there is no session, whatever address is typed. */
export const SECOND_FACTOR: readonly PortalRoute[] = [
  { method: 'GET', path: SECOND_FACTOR_PATH, right: 'public', answer: show },
  { method: 'POST', path: SECOND_FACTOR_PATH, right: 'public', answer: enter },
  { method: 'POST', path: RESEND_PATH, right: 'public', answer: resend },
];

interface State {
  readonly next: string;
  readonly recovery: boolean;
  readonly wrong: string | null;
  readonly note: { readonly tone: 'good' | 'info'; readonly text: string } | null;
}

const NOTES = {
  sent: {
    tone: 'good',
    text: 'A code is on its way to you by e-mail again. Earlier codes of this sign-in may no longer work.',
  },
  early: { tone: 'info', text: 'It is too early for another code. Wait a moment.' },
  none: { tone: 'info', text: 'No sends left for this code. Sign in again for a new one.' },
} as const;

async function show(guest: Guest): Promise<Answer> {
  const pending = await pendingOf(guest);
  if ('over' in pending) return away(guest, wordOf(pending));
  const asked = guest.query('note');
  const note = Object.hasOwn(NOTES, asked) ? NOTES[asked as keyof typeof NOTES] : null;
  const recovery = guest.query('with') === 'recovery' && pending.recovery;
  return page(guest, pending, { next: ownPath(guest.query('next')), recovery, wrong: null, note });
}

async function enter(guest: Guest): Promise<Answer> {
  const { service, options, request, browser } = guest;
  const read = await readForm(request, options);
  if (!read.ok) return { status: 403 };
  const { fields } = read;
  const next = ownPath(fields.text('next'));
  const recovery = fields.text('with') === 'recovery';
  const token = deskCookie(request, options, 'pending');
  const outcome = await service.staff.signIn.code(token, fields.text('code'), recovery ? 'recovery' : 'code', browser);
  if (!outcome.ok) return away(guest, 'factor_over');
  const { value } = outcome;
  if (value.type === 'ended') return away(guest, `factor_${value.reason}`);
  if (value.type === 'in') return signedInAnswer(options, next, value);
  const pending = await pendingOf(guest);
  if ('over' in pending) return away(guest, wordOf(pending));
  const wrong = value.type === 'malformed' ? value.detail : `That code is not right. ${triesWord(value.left)} left.`;
  return page(guest, pending, { next, recovery, wrong, note: null });
}

async function resend(guest: Guest): Promise<Answer> {
  const { service, options, request } = guest;
  const read = await readForm(request, options);
  if (!read.ok) return { status: 403 };
  const again = await service.staff.signIn.resend(deskCookie(request, options, 'pending'));
  if (!again.ok && again.problem.code === 'unauthenticated') return away(guest, 'factor_over');
  const note = again.ok ? 'sent' : again.problem.code === 'send_cooldown' ? 'early' : 'none';
  const query = new URLSearchParams({ next: ownPath(read.fields.text('next')), note });
  return redirectAnswer(options, `${SECOND_FACTOR_PATH}?${query.toString()}`);
}

function wordOf({ over }: PendingOver): string {
  return over === 'unsent' ? 'factor_unsent' : 'factor_over';
}

function pendingOf({ service, options, request }: Guest): Promise<PendingView | PendingOver> {
  return service.staff.signIn.pending(deskCookie(request, options, 'pending'));
}

function away({ options }: Guest, said: string): Response {
  return withCookies(redirectAnswer(options, `/desk/sign-in?said=${said}`), setDeskCookie(options, 'pending', ''));
}

function triesWord(count: number): string {
  return count === 1 ? '1 try' : `${count} tries`;
}

async function page(guest: Guest, pending: PendingView, state: State): Promise<Answer> {
  if (isElsewhere(guest, pending.application)) return ELSEWHERE;
  const { options } = guest;
  const { next, recovery, wrong, note } = state;
  const title = titleOf(pending, recovery);
  const warned = wrong === null && pending.triesLeft === 1 ? 'This is the last try.' : null;
  const html = await renderPage(
    <EntrancePage site={options} title={title} brand={pending.application.brand} error={wrong !== null}>
      <div class="stack">
        <h1>{title}</h1>
        <p class="quiet">
          <Lead pending={pending} recovery={recovery} />
        </p>
      </div>
      {note === null ? null : <Flash tone={note.tone}>{note.text}</Flash>}
      {warned === null ? null : <Flash tone="warn">{warned}</Flash>}
      <form class="stack-wide" method="post" action={href(options, SECOND_FACTOR_PATH)}>
        <Field
          id="code"
          label={recovery ? 'Recovery code' : '6-digit code'}
          class="input-code"
          hint={recovery ? undefined : `Attempt ${pending.most - pending.triesLeft + 1} of ${pending.most}`}
          error={wrong ?? undefined}
          inputmode={recovery ? 'text' : 'numeric'}
          autocomplete="one-time-code"
          maxlength={recovery ? 20 : 12}
          first
        />
        <input type="hidden" name="next" value={next} />
        {recovery ? <input type="hidden" name="with" value="recovery" /> : null}
        <button class="btn btn-main btn-wide">Continue</button>
      </form>
      <WaysOn site={options} pending={pending} state={state} />
    </EntrancePage>,
  );
  return htmlAnswer(options, wrong === null ? 200 : 422, html);
}

function titleOf({ method }: PendingView, recovery: boolean): string {
  if (recovery) return 'Enter a recovery code';
  return method === 'totp' ? 'Enter the code from your authenticator' : 'Enter the code from your e-mail';
}

function Lead({ pending, recovery }: { pending: PendingView; recovery: boolean }): JSX.Element {
  if (recovery) return <>One of the ten you wrote down when you set up your authenticator. Each works once.</>;
  if (pending.method === 'totp') return <>Open your authenticator app and type the 6 digits shown for this desk.</>;
  const to = (
    <strong class="mask" dir="ltr">
      {pending.to}
    </strong>
  );
  return pending.delayed ? (
    <>No mail server has taken the code for {to} yet. It is tried again; load this page to see.</>
  ) : (
    <>A code is on its way to {to}. It works for 10 minutes.</>
  );
}

function WaysOn({ site, pending, state }: { site: Guest['options']; pending: PendingView; state: State }): JSX.Element {
  const way = (more: Record<string, string>): string =>
    href(site, `${SECOND_FACTOR_PATH}?${new URLSearchParams({ next: state.next, ...more }).toString()}`);
  return (
    <>
      {pending.method === 'email' ? (
        <form method="post" action={href(site, RESEND_PATH)}>
          <input type="hidden" name="next" value={state.next} />
          <button class="btn">Send a code again</button>
        </form>
      ) : null}
      <p class="small">
        {pending.method === 'totp' && pending.recovery && !state.recovery ? (
          <>
            <a href={way({ with: 'recovery' })}>Use a recovery code</a>
            <br />
          </>
        ) : null}
        {state.recovery ? (
          <>
            <a href={way({})}>Use the authenticator</a>
            <br />
          </>
        ) : null}
        <a href={href(site, '/desk/sign-in')}>Sign in as someone else</a>
      </p>
    </>
  );
}
