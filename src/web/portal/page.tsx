import type { JSX } from 'hono/jsx/jsx-runtime';
import { htmlAnswer, redirectAnswer, renderPage } from '../answer.ts';
import { readForm, type FormBounds, type FormFields } from '../form.ts';
import { setDeskCookie, withCookies } from './cookies.ts';
import { DeskPage, type PageHead } from './desk-page.tsx';
import { dropDraft } from './draft.tsx';
import { flashCookie, flashOf, type FlashNote } from './flash.tsx';
import { runOnce } from './run-once.ts';
import { onceKey } from './once-field.tsx';
import { NOT_FOUND, type Answer, type StaffRoute } from './route.ts';
import type { Visit } from './visit.ts';

/** A page to show: its head and body. `status` is 422 after an error in a form. */
export interface Page extends PageHead {
  readonly body: JSX.Element;
  readonly status?: number;
}

/** A form has done its work: the browser goes on to `to` (below the base path), where `flash` is said. */
export interface Done {
  readonly to: string;
  readonly flash?: FlashNote;
}

/** Null = there is nothing here. A `Response` or error status goes out as it is. */
type Shown = Page | Answer | null;

/** A page of the desk, by GET. */
export function portalPage(route: {
  readonly path: string;
  readonly right: StaffRoute['right'];
  show(visit: Visit): Promise<Shown>;
}): StaffRoute {
  const { path, right } = route;
  return { method: 'GET', path, right, answer: async (visit) => shown(visit, await route.show(visit)) };
}

/**
 * What a form of the desk does, by POST. `act` answers with {@link Done}, or with the form again (status 422, what was typed in
 * it). With an `OnceField` in the form it is done once however often the form is sent: the answer is the same again.
 */
export function portalAct(route: {
  readonly path: string;
  readonly right: StaffRoute['right'];
  readonly form?: FormBounds;
  act(visit: Visit, fields: FormFields): Promise<Done | Shown>;
}): StaffRoute {
  const { path, right, form: bounds = {} } = route;
  return {
    method: 'POST',
    path,
    right,
    form: bounds,
    async answer(visit) {
      const form = await readForm(visit.request, visit.options, bounds);
      if (!form.ok) return { status: form.status === 413 ? 413 : 403 };
      const key = onceKey(form.fields);
      const act = (): Promise<Done | Shown> => route.act(visit, form.fields);
      const outcome = key === null ? await act() : await runOnce(visit, key, form.fields, act);
      if (!isDone(outcome)) return shown(visit, outcome);
      return dropDraft(visit, done(visit, outcome));
    },
  };
}

function isDone(outcome: Done | Shown): outcome is Done {
  return outcome !== null && 'to' in outcome;
}

function done(visit: Visit, { to, flash }: Done): Response {
  const answer = redirectAnswer(visit.options, to);
  return flash === undefined ? answer : withCookies(answer, flashCookie(visit, flash));
}

async function shown(visit: Visit, page: Shown): Promise<Answer> {
  if (page === null) return NOT_FOUND;
  if (!('body' in page && 'title' in page)) return page;
  const { body, status = 200, ...head } = page;
  const html = await renderPage(
    <DeskPage visit={visit} head={head}>
      {body}
    </DeskPage>,
  );
  const answer = htmlAnswer(visit.options, status, html);
  return flashOf(visit) === null ? answer : withCookies(answer, setDeskCookie(visit.options, 'flash', ''));
}
