import { parseEmail } from '../../core/email.ts';
import type { Caller } from '../../service/api.ts';
import { htmlAnswer, renderPage } from '../answer.ts';
import { Field } from '../components/field.tsx';
import { Icon } from '../components/icon.tsx';
import { readForm } from '../form.ts';
import { href } from '../site.ts';
import { askedDesk } from './asked-desk.ts';
import { EntrancePage } from './entrance-page.tsx';
import type { Answer, PortalRoute } from './route.ts';
import type { Guest } from './visit.ts';

const PATH = '/desk/forgot-password';

/** Asking for a link that sets a new password. The answer is the same whoever the address belongs to. */
export const FORGOT_PASSWORD: readonly PortalRoute[] = [
  { method: 'GET', path: PATH, right: 'public', answer: show },
  { method: 'POST', path: PATH, right: 'public', answer: ask },
];

async function show(guest: Guest): Promise<Answer> {
  const desk = await askedDesk(guest, guest.query('app'));
  return 'refused' in desk ? desk.refused : form(guest, desk.application, '', null);
}

async function ask(guest: Guest): Promise<Answer> {
  const { service, options, request, browser } = guest;
  const read = await readForm(request, options);
  if (!read.ok) return { status: 403 };
  const desk = await askedDesk(guest, read.fields.text('app'));
  if ('refused' in desk) return desk.refused;
  const { application } = desk;
  const email = read.fields.text('email');
  if ('code' in parseEmail(email)) return form(guest, application, email, BAD_EMAIL);
  await service.staff.passwordLinks.forgot(application, email, browser);
  const title = 'Check your e-mail';
  const page = (
    <EntrancePage site={options} title={title} brand={application.brand}>
      <Icon name="envelope" class="sign is-info" />
      <div class="stack">
        <h1>{title}</h1>
        <p>
          If{' '}
          <strong>
            <bdi>{email}</bdi>
          </strong>{' '}
          belongs to an agent, a reset link is on its way. It works once, for 30 minutes.
        </p>
        <p class="quiet small">
          Nothing after 5 minutes? Look in your spam folder, or ask your supervisor to check the address on your
          account.
        </p>
      </div>
      <BackToSignIn site={options} application={application} />
    </EntrancePage>
  );
  return htmlAnswer(options, 200, await renderPage(page));
}

const BAD_EMAIL = 'Enter the whole address, with a dot after the @ sign, such as you@example.com';

type Application = Caller['application'];

async function form(guest: Guest, application: Application, email: string, error: string | null): Promise<Response> {
  const { options } = guest;
  const title = 'Reset your password';
  const page = (
    <EntrancePage site={options} title={title} brand={application.brand} error={error !== null}>
      <div class="stack">
        <h1>{title}</h1>
        <p class="quiet">We will e-mail you a link that works once, for 30 minutes.</p>
      </div>
      <form class="stack-wide" method="post" action={href(options, PATH)}>
        <Field
          id="email"
          label="E-mail address"
          type="email"
          value={email === '' ? undefined : email}
          error={error ?? undefined}
          autocomplete="email"
          maxlength={254}
          first
        />
        <input type="hidden" name="app" value={application.name} />
        <button class="btn btn-main btn-wide">Send the link</button>
      </form>
      <BackToSignIn site={options} application={application} />
    </EntrancePage>
  );
  return htmlAnswer(options, error === null ? 200 : 422, await renderPage(page));
}

/** To the desk that was left: a browser that never signed in does not know which one. */
function BackToSignIn({ site, application }: { site: Guest['options']; application: Application }) {
  const query = new URLSearchParams({ app: application.name });
  return (
    <p class="small">
      <a href={href(site, `/desk/sign-in?${query.toString()}`)}>Back to sign in</a>
    </p>
  );
}
