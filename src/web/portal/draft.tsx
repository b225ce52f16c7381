import { htmlAnswer, redirectAnswer, renderPage } from '../answer.ts';
import type { Found } from '../../service/api.ts';
import { readForm, type FormBounds } from '../form.ts';
import { href } from '../site.ts';
import { deskCookie, setDeskCookie, withCookies } from './cookies.ts';
import { DeskPage } from './desk-page.tsx';
import type { Answer, StaffRoute } from './route.ts';
import type { Guest, Visit } from './visit.ts';

const KEPT_SECONDS = 1800;
/** Never kept: what somebody else could use. */
const SECRET = /passw|^code$|^totp$|^current$|^new$|^again$|^answer$|secret|^once$/i;
/** Acts that are not worth going on with. */
const FORGOTTEN = new Set(['/desk/sign-out']);

export const CONTINUE_PATH = '/desk/continue';

type Ended = Extract<Found, { readonly state: 'ended' }>;

/** Keeps the fields of a form whose session ended; the answer leads to signing in. Null when there is nothing to keep. */
export async function keepTyped(guest: Guest, bounds: FormBounds, { agent, reason }: Ended): Promise<Response | null> {
  const { service, options, request, url } = guest;
  if (FORGOTTEN.has(url.pathname)) return null;
  const form = await readForm(request, options, bounds);
  if (!form.ok) return null;
  const fields = form.fields.entries().filter(([name]) => !SECRET.test(name));
  const token = await service.staff.drafts.keep(agent, { path: url.pathname, fields });
  const query = new URLSearchParams({ next: CONTINUE_PATH, said: `kept_${reason}` });
  const answer = redirectAnswer(options, `/desk/sign-in?${query.toString()}`);
  return withCookies(answer, setDeskCookie(options, 'draft', token, KEPT_SECONDS));
}

/** After a form has done its work nothing of it is kept. */
export async function dropDraft({ service, options, request }: Visit, answer: Response): Promise<Response> {
  const token = deskCookie(request, options, 'draft');
  if (token === '') return answer;
  await service.staff.drafts.drop(token);
  return withCookies(answer, setDeskCookie(options, 'draft', ''));
}

/** After signing in again: what had been typed, and one button that sends it. */
export const CONTINUE: StaffRoute = {
  method: 'GET',
  path: CONTINUE_PATH,
  right: 'staff',
  answer: continuePage,
};

async function continuePage(visit: Visit): Promise<Answer> {
  const { service, options, agent, request } = visit;
  const draft = await service.staff.drafts.read(agent.id, deskCookie(request, options, 'draft'));
  if (draft === null) return redirectAnswer(options, '/desk');
  const seen = draft.fields.filter(([, value]) => value.trim() !== '');
  const page = (
    <DeskPage visit={visit} head={{ title: 'Go on where you were', lead: 'Nothing was sent or saved yet.' }}>
      <form class="card stack" method="post" action={href(options, draft.path)}>
        <h2>What you had typed</h2>
        <dl class="facts">
          {seen.map(([name, value]) => (
            <div>
              <dt>{wordOf(name)}</dt>
              <dd>
                <bdi>{value.startsWith('data:') ? 'The file you chose' : value}</bdi>
              </dd>
            </div>
          ))}
        </dl>
        {draft.fields.map(([name, value]) => (
          <input type="hidden" name={name} value={value} />
        ))}
        <input type="hidden" name="once" value={visit.newToken()} />
        <div class="row">
          <button class="btn btn-main">Send the form</button>
          <a class="btn" href={href(options, '/desk')}>
            Leave it
          </a>
        </div>
      </form>
    </DeskPage>
  );
  return htmlAnswer(options, 200, await renderPage(page));
}

/** `ticket_reference` as words. */
function wordOf(name: string): string {
  const words = name.replaceAll('_', ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}
