import type { JSX } from 'hono/jsx/jsx-runtime';
import { Field } from '../../components/field.tsx';
import type { FormFields } from '../../form.ts';
import { href } from '../../site.ts';
import { OnceField } from '../once-field.tsx';
import type { Done, Page } from '../page.tsx';
import type { Visit } from '../visit.ts';
import { errorAt, refusedOf, Refusals, type Refused } from './errors.tsx';
import { clientPath, PEOPLE_CRUMB, PEOPLE_PATH } from './paths.ts';
import { Select } from './select.tsx';
import { countryChoices } from '../country-name.ts';

interface Typed {
  readonly company: string;
  readonly country: string;
  readonly reference: string;
}

function typedIn(fields: FormFields): Typed {
  return { company: fields.text('company'), country: fields.text('country'), reference: fields.text('reference') };
}

/** The form for a new client. */
export async function newPage(visit: Visit): Promise<Page> {
  return formPage(visit, { title: 'Add client', path: `${PEOPLE_PATH}/new`, back: PEOPLE_PATH, typed: empty(visit) });
}

function empty({ application }: Visit): Typed {
  return { company: '', country: application.default_country ?? '', reference: '' };
}

export async function add(visit: Visit, fields: FormFields): Promise<Done | Page> {
  const typed = typedIn(fields);
  const added = await visit.service.people.add(visit.caller, typed);
  if (added.ok) return { to: clientPath(added.value.id), flash: { tone: 'good', title: 'Client added.' } };
  const refused = refusedOf(added.problem, 'company');
  return formPage(visit, { title: 'Add client', path: `${PEOPLE_PATH}/new`, back: PEOPLE_PATH, typed, refused });
}

export async function editPage(visit: Visit): Promise<Page | null> {
  const found = await visit.service.people.get(visit.caller, visit.param('id'));
  if (!found.ok) return null;
  const { id, company, country, reference } = found.value;
  const typed = { company, country: country ?? '', reference: reference ?? '' };
  return formPage(visit, { title: `Edit ${company}`, path: `${clientPath(id)}/edit`, back: clientPath(id), typed });
}

export async function edit(visit: Visit, fields: FormFields): Promise<Done | Page | null> {
  const id = visit.param('id');
  const typed = typedIn(fields);
  const changed = await visit.service.people.change(visit.caller, id, typed);
  if (changed.ok) return { to: clientPath(id), flash: { tone: 'good', title: `${changed.value.company} saved.` } };
  if (changed.problem.code === 'not_found') return null;
  const refused = refusedOf(changed.problem, 'company');
  return formPage(visit, {
    title: 'Edit client',
    path: `${clientPath(id)}/edit`,
    back: clientPath(id),
    typed,
    refused,
  });
}

interface Form {
  readonly title: string;
  readonly path: string;
  readonly back: string;
  readonly typed: Typed;
  readonly refused?: Refused;
}

function formPage(visit: Visit, { title, path, back, typed, refused = [] }: Form): Page {
  const { options, application } = visit;
  return {
    title,
    crumbs: [PEOPLE_CRUMB],
    error: refused.length > 0,
    status: refused.length > 0 ? 422 : 200,
    body: (
      <>
        <Refusals refused={refused} title="The client was not saved" />
        <form class="card" method="post" action={href(options, path)}>
          <OnceField visit={visit} />
          <Field
            id="company"
            label="Company"
            value={typed.company}
            error={errorAt(refused, 'company')}
            maxlength={120}
            autocomplete="off"
            first
          />
          <Select
            id="country"
            label="Country"
            value={typed.country}
            error={errorAt(refused, 'country')}
            choices={[['', 'None'], ...countryChoices(application.countries)]}
            optional
          />
          <Field
            id="reference"
            label="Account or reference"
            value={typed.reference}
            error={errorAt(refused, 'reference')}
            maxlength={120}
            autocomplete="off"
            optional
          />
          <Buttons visit={visit} main="Save client" back={back} />
        </form>
      </>
    ),
  };
}

/** Asks before a client goes. */
export async function removePage(visit: Visit): Promise<Page | null> {
  const found = await visit.service.people.get(visit.caller, visit.param('id'));
  if (!found.ok) return null;
  const { id, company, representatives: people } = found.value;
  return {
    title: `Remove ${company}?`,
    crumbs: [PEOPLE_CRUMB, { path: clientPath(id), word: company }],
    body: (
      <form class="card" method="post" action={href(visit.options, `${clientPath(id)}/remove`)}>
        <OnceField visit={visit} />
        <p>
          The client and its {people.length === 1 ? 'representative' : `${people.length} representatives`} leave the
          list and the directory. Records stay.
        </p>
        <Buttons visit={visit} main="Remove the client" back={clientPath(id)} word="Keep it" danger />
      </form>
    ),
  };
}

export async function remove(visit: Visit): Promise<Done | null> {
  const removed = await visit.service.people.remove(visit.caller, visit.param('id'));
  if (!removed.ok) return null;
  return { to: PEOPLE_PATH, flash: { tone: 'good', title: 'Client removed.', text: 'Its records stay.' } };
}

/** The act of a form, and the way out of it. */
export function Buttons(props: {
  visit: Visit;
  main: string;
  back: string;
  word?: string;
  danger?: boolean;
}): JSX.Element {
  const { visit, main, back, word = 'Back', danger = false } = props;
  return (
    <div class="row">
      <button class={danger ? 'btn btn-danger-main' : 'btn btn-main'}>{main}</button>
      <a class="btn" href={href(visit.options, back)}>
        {word}
      </a>
    </div>
  );
}
