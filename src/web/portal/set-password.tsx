import type { Problem } from '../../core/errors.ts';
import { htmlAnswer, redirectAnswer, renderPage } from '../answer.ts';
import { Field } from '../components/field.tsx';
import { readForm } from '../form.ts';
import { href } from '../site.ts';
import { DeadLink } from './dead-link.tsx';
import { EntrancePage } from './entrance-page.tsx';
import type { Answer, PortalRoute } from './route.ts';
import type { Guest } from './visit.ts';

const PATH = '/desk/set-password/:token';

/** Where the links of resets and invitations lead. Looking changes nothing, so a mail scanner uses nothing up. */
export const SET_PASSWORD: readonly PortalRoute[] = [
  { method: 'GET', path: PATH, right: 'public', answer: show },
  { method: 'POST', path: PATH, right: 'public', answer: set },
];

async function show(guest: Guest): Promise<Answer> {
  return form(guest, {});
}

async function set(guest: Guest): Promise<Answer> {
  const { service, options, request, browser } = guest;
  const read = await readForm(request, options);
  if (!read.ok) return { status: 403 };
  const { passwordLinks } = service.staff;
  const token = guest.param('token');
  const password = read.fields.exact('new');
  if (password !== read.fields.exact('again')) return form(guest, { again: 'The two passwords differ.' });
  const done = await passwordLinks.setPassword(token, password, browser);
  if (done.ok) {
    const query = new URLSearchParams({ said: 'password_set', app: done.value.application });
    return redirectAnswer(options, `/desk/sign-in?${query.toString()}`);
  }
  return done.problem.code === 'invalid_request'
    ? form(guest, { new: done.problem.detail })
    : refused(guest, done.problem);
}

async function refused(guest: Guest, { code, detail }: Problem): Promise<Answer> {
  if (code === 'forbidden') return { status: 403, detail };
  const { options } = guest;
  const page = (
    <DeadLink site={options} way={{ path: `/desk/forgot-password${appOf(guest)}`, word: 'Send a new link' }}>
      A link works once: for 30 minutes after “Forgot your password?”, for 7 days as an invitation. This one has been
      used, a newer one was sent, or its time is over.
    </DeadLink>
  );
  return htmlAnswer(options, 404, await renderPage(page));
}

/** The desk that the mail was about, for the way on: a browser that never signed in does not know it. */
function appOf({ query }: Guest): string {
  const app = query('app');
  return app === '' ? '' : `?${new URLSearchParams({ app }).toString()}`;
}

/** The form of an open link. Who is new has no other devices. */
async function form(guest: Guest, errors: { readonly new?: string; readonly again?: string }): Promise<Answer> {
  const { options, url, service } = guest;
  const use = await service.staff.passwordLinks.useOf(guest.param('token'), guest.browser);
  if (!use.ok) return refused(guest, use.problem);
  const title = 'Choose a new password';
  const failed = errors.new !== undefined || errors.again !== undefined;
  const page = (
    <EntrancePage site={options} title={title} brand="Watchword" error={failed}>
      <div class="stack">
        <h1>{title}</h1>
        <p class="quiet">
          Use 15 characters or more. A few unrelated words work well.
          {use.value === 'reset' ? ' Other devices will be signed out.' : null}
        </p>
      </div>
      <form class="stack-wide" method="post" action={href(options, `${url.pathname}${appOf(guest)}`)}>
        <Field
          id="new"
          label="New password"
          type="password"
          error={errors.new}
          autocomplete="new-password"
          first={errors.again === undefined}
        />
        <Field
          id="again"
          label="New password again"
          type="password"
          error={errors.again}
          autocomplete="new-password"
          first={errors.again !== undefined}
        />
        <button class="btn btn-main btn-wide">Set the password</button>
      </form>
    </EntrancePage>
  );
  return htmlAnswer(options, failed ? 422 : 200, await renderPage(page));
}
