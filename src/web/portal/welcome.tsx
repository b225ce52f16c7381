import type { FieldError } from '../../core/errors.ts';
import { htmlAnswer, redirectAnswer, renderPage } from '../answer.ts';
import { ErrorList, Field } from '../components/field.tsx';
import { readForm } from '../form.ts';
import { href } from '../site.ts';
import { DeadLink } from './dead-link.tsx';
import { EntrancePage } from './entrance-page.tsx';
import type { Answer, PortalRoute } from './route.ts';
import type { Guest } from './visit.ts';

const PATH = '/desk/welcome/:token';
const TITLE = 'Make the first administrator';

/** The one-time link of a fresh start. Looking at it changes nothing; it is dead as soon as anybody can sign in. */
export const WELCOME: readonly PortalRoute[] = [
  { method: 'GET', path: PATH, right: 'public', answer: show },
  { method: 'POST', path: PATH, right: 'public', answer: create },
];

async function show(guest: Guest): Promise<Answer> {
  const open = await guest.service.staff.welcome.isOpen(guest.param('token'));
  return open ? form(guest, { name: '', email: '', errors: [] }) : dead(guest);
}

async function create(guest: Guest): Promise<Answer> {
  const { service, options, request, browser } = guest;
  const read = await readForm(request, options);
  if (!read.ok) return { status: 403 };
  const { fields } = read;
  const [name, email, password] = [fields.text('name'), fields.text('email'), fields.exact('password')];
  const token = guest.param('token');
  if (password !== fields.exact('again') && (await service.staff.welcome.isOpen(token)))
    return form(guest, { name, email, errors: [DIFFER] });
  const made = await service.staff.welcome.create(token, { name, email, password }, browser);
  if (made.ok) return redirectAnswer(options, '/desk/sign-in?said=welcome');
  return made.problem.code === 'not_found'
    ? dead(guest)
    : form(guest, { name, email, errors: made.problem.errors ?? [] });
}

const DIFFER: FieldError = { pointer: '/again', code: 'differs', detail: 'The two passwords differ.' };

async function dead({ options }: Guest): Promise<Response> {
  const page = (
    <DeadLink site={options} way={{ path: '/desk/sign-in', word: 'Go to sign in' }}>
      It made the first administrator, or its time is over. Restart the service for a new one while nobody can sign in.
    </DeadLink>
  );
  return htmlAnswer(options, 404, await renderPage(page));
}

interface State {
  readonly name: string;
  readonly email: string;
  readonly errors: readonly FieldError[];
}

async function form({ options, url }: Guest, { name, email, errors }: State): Promise<Response> {
  const errorOf = (id: string): string | undefined => errors.find(({ pointer }) => pointer === `/${id}`)?.detail;
  const list = errors.map(({ pointer, detail }) => ({ id: pointer.slice(1), text: detail }));
  const first = errors.length === 1 ? errors[0]?.pointer.slice(1) : errors.length === 0 ? 'name' : '';
  const page = (
    <EntrancePage site={options} title={TITLE} brand="Watchword" error={errors.length > 0}>
      <div class="stack">
        <h1>{TITLE}</h1>
        <p class="quiet">Whoever opens this link first may set up the desk. It works once.</p>
      </div>
      <ErrorList title="The administrator was not made" errors={list} />
      <form class="stack-wide" method="post" action={href(options, url.pathname)}>
        <Field
          id="name"
          label="Your name"
          value={name}
          error={errorOf('name')}
          autocomplete="name"
          first={first === 'name'}
        />
        <Field
          id="email"
          label="E-mail address"
          type="email"
          value={email}
          hint="You sign in with it, and codes for signing in go there."
          error={errorOf('email')}
          autocomplete="username"
          first={first === 'email'}
        />
        <Field
          id="password"
          label="Password"
          type="password"
          hint="15 characters or more. A few unrelated words work well."
          error={errorOf('password')}
          autocomplete="new-password"
          first={first === 'password'}
        />
        <Field
          id="again"
          label="Password again"
          type="password"
          error={errorOf('again')}
          autocomplete="new-password"
          first={first === 'again'}
        />
        <button class="btn btn-main btn-wide">Make the administrator</button>
      </form>
    </EntrancePage>
  );
  return htmlAnswer(options, errors.length === 0 ? 200 : 422, await renderPage(page));
}
