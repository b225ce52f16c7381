import type { JSX } from 'hono/jsx/jsx-runtime';
import type { RepresentativeView } from '../../../core/people-views.ts';
import type { ClientWithPeople } from '../../../service/people/api.ts';
import { Field } from '../../components/field.tsx';
import type { FormFields } from '../../form.ts';
import { href } from '../../site.ts';
import { OnceField } from '../once-field.tsx';
import type { Done, Page } from '../page.tsx';
import type { Visit } from '../visit.ts';
import { Buttons } from './client-forms.tsx';
import { errorAt, refusedOf, Refusals, type Refused } from './errors.tsx';
import { clientPath, nameOf, PEOPLE_CRUMB, representativePath } from './paths.ts';
import { Select } from './select.tsx';
import { countryChoices } from '../country-name.ts';

const NAMES = ['first_name', 'last_name', 'role', 'country', 'mobile', 'email'] as const;
type Typed = Readonly<Record<(typeof NAMES)[number], string>>;

function typedIn(fields: FormFields): Typed {
  const [first_name = '', last_name = '', role = '', country = '', mobile = '', email = ''] = NAMES.map((name) =>
    fields.text(name),
  );
  return { first_name, last_name, role, country, mobile, email };
}

interface Place {
  readonly client: ClientWithPeople;
  /** Null = a new one. */
  readonly one: RepresentativeView | null;
}

/** The client and, where the path names one, its representative. */
async function placeOf(visit: Visit): Promise<Place | null> {
  const found = await visit.service.people.get(visit.caller, visit.param('id'));
  if (!found.ok) return null;
  const rep = visit.param('rep');
  const one = found.value.representatives.find(({ id }) => id === rep) ?? null;
  return rep !== '' && one === null ? null : { client: found.value, one };
}

export async function newRepresentative(visit: Visit): Promise<Page | null> {
  const place = await placeOf(visit);
  if (place === null) return null;
  const country = place.client.country ?? visit.application.default_country ?? '';
  const typed = { first_name: '', last_name: '', role: '', country, mobile: '', email: '' };
  return formPage(visit, place, typed, []);
}

export async function addRepresentative(visit: Visit, fields: FormFields): Promise<Done | Page | null> {
  const place = await placeOf(visit);
  if (place === null) return null;
  const typed = typedIn(fields);
  const added = await visit.service.people.addRepresentative(visit.caller, place.client.id, typed);
  if (!added.ok) return formPage(visit, place, typed, refusedOf(added.problem, 'first_name'));
  return { to: clientPath(place.client.id), flash: { tone: 'good', title: `${nameOf(added.value)} added.` } };
}

export async function editRepresentative(visit: Visit): Promise<Page | null> {
  const place = await placeOf(visit);
  if (place === null || place.one === null) return null;
  const { first_name, last_name, role, country } = place.one;
  // Addresses on file are never shown whole, so an empty field leaves them as they are.
  const typed = { first_name, last_name, role: role ?? '', country: country ?? '', mobile: '', email: '' };
  return formPage(visit, place, typed, []);
}

export async function changeRepresentative(visit: Visit, fields: FormFields): Promise<Done | Page | null> {
  const place = await placeOf(visit);
  if (place === null || place.one === null) return null;
  const typed = typedIn(fields);
  const { mobile, email, ...rest } = typed;
  const removed = fields.text('drop');
  const changed = await visit.service.people.changeRepresentative(visit.caller, place.one.id, {
    ...rest,
    ...(mobile !== '' ? { mobile } : removed === 'mobile' ? { mobile: null } : {}),
    ...(email !== '' ? { email } : removed === 'email' ? { email: null } : {}),
  });
  if (!changed.ok) return formPage(visit, place, typed, refusedOf(changed.problem, 'first_name'));
  return { to: clientPath(place.client.id), flash: { tone: 'good', title: `${nameOf(changed.value)} saved.` } };
}

function statePath(one: RepresentativeView): string {
  return `${representativePath(one)}/state`;
}

/** Asks before codes to a person end. */
export async function deactivatePage(visit: Visit): Promise<Page | null> {
  const place = await placeOf(visit);
  if (place === null || place.one?.status !== 'active') return null;
  const { client, one } = place;
  return {
    title: `Deactivate ${nameOf(one)}?`,
    crumbs: crumbsOf(client),
    body: (
      <form class="card" method="post" action={href(visit.options, statePath(one))}>
        <OnceField visit={visit} />
        <input type="hidden" name="act" value="deactivate" />
        <p>
          Codes can no longer go to this person from the page of {client.company}, nor where only people of the
          directory get codes. What took place stays, and the person can be activated again.
        </p>
        <Buttons visit={visit} main="Deactivate" back={representativePath(one)} word="Keep active" danger />
      </form>
    ),
  };
}

/** Deactivates, or activates again. */
export async function setState(visit: Visit, fields: FormFields): Promise<Done | null> {
  const place = await placeOf(visit);
  const act = fields.text('act');
  if (place === null || place.one === null || !['activate', 'deactivate'].includes(act)) return null;
  const active = act === 'activate';
  const changed = await visit.service.people.changeRepresentative(visit.caller, place.one.id, { active });
  if (!changed.ok) return null;
  const name = nameOf(changed.value);
  const flash = active
    ? ({ tone: 'good', title: `${name} activated.` } as const)
    : ({ tone: 'good', title: `${name} deactivated.`, text: 'Codes can no longer go there.' } as const);
  return { to: clientPath(place.client.id), flash };
}

/** Asks before a person is erased. */
export async function erasePersonPage(visit: Visit): Promise<Page | null> {
  const place = await placeOf(visit);
  if (place === null || place.one === null || place.one.status === 'erased') return null;
  const { client, one } = place;
  return {
    title: `Erase ${nameOf(one)}?`,
    crumbs: crumbsOf(client),
    body: (
      <form class="card" method="post" action={href(visit.options, `${representativePath(one)}/erase`)}>
        <OnceField visit={visit} />
        <p>
          Name, mobile number and e-mail address go from the client, from the directory and from every record, with
          tickets and notes. That a verification took place, when, and how it ended stays. This cannot be undone.
        </p>
        <Buttons visit={visit} main="Erase the person" back={clientPath(client.id)} word="Keep the data" danger />
      </form>
    ),
  };
}

export async function erasePerson(visit: Visit): Promise<Done | null> {
  const place = await placeOf(visit);
  if (place === null || place.one === null) return null;
  const done = await visit.service.people.eraseRepresentative(visit.caller, place.one.id);
  if (!done.ok) return null;
  const { erased } = done.value;
  const text = `${erased === 1 ? '1 record' : `${erased} records`} changed.`;
  return { to: clientPath(place.client.id), flash: { tone: 'good', title: 'The person is erased.', text } };
}

function crumbsOf(client: ClientWithPeople): NonNullable<Page['crumbs']> {
  return [PEOPLE_CRUMB, { path: clientPath(client.id), word: client.company }];
}

function formPage(visit: Visit, { client, one }: Place, typed: Typed, refused: Refused): Page {
  const path = one === null ? `${clientPath(client.id)}/representatives/new` : representativePath(one);
  const isErased = one?.status === 'erased';
  return {
    title: one === null ? 'Add a representative' : `Edit ${nameOf(one)}`,
    lead: client.company,
    crumbs: crumbsOf(client),
    error: refused.length > 0,
    status: refused.length > 0 ? 422 : 200,
    body: isErased ? (
      <p class="card">This person was erased.</p>
    ) : (
      <div class="stack-wide">
        <Refusals refused={refused} title="The representative was not saved" />
        <form class="card" method="post" action={href(visit.options, path)}>
          <OnceField visit={visit} />
          <PersonFields visit={visit} one={one} typed={typed} refused={refused} />
          <Buttons visit={visit} main="Save representative" back={clientPath(client.id)} />
        </form>
        {one === null ? null : <StateCard visit={visit} one={one} />}
      </div>
    ),
  };
}

type FieldsProps = { visit: Visit; one: RepresentativeView | null; typed: Typed; refused: Refused };

function PersonFields({ visit, one, typed, refused }: FieldsProps): JSX.Element {
  const text = { maxlength: 120, autocomplete: 'off' } as const;
  const onFile = (masked: string | undefined): string | undefined =>
    masked === undefined ? undefined : `On file: ${masked}. Leave empty to keep it.`;
  return (
    <>
      <div class="fields-2">
        <Field
          id="first_name"
          label="First name"
          value={typed.first_name}
          error={errorAt(refused, 'first_name')}
          first
          {...text}
        />
        <Field
          id="last_name"
          label="Last name"
          value={typed.last_name}
          error={errorAt(refused, 'last_name')}
          {...text}
        />
      </div>
      <Field id="role" label="Role" value={typed.role} error={errorAt(refused, 'role')} optional {...text} />
      <Select
        id="country"
        label="Country"
        value={typed.country}
        hint="Numbers without a + are read as numbers of this country."
        error={errorAt(refused, 'country')}
        choices={[['', 'None'], ...countryChoices(visit.application.countries)]}
        optional
      />
      <Field
        id="mobile"
        label="Mobile number"
        type="tel"
        value={typed.mobile}
        hint={onFile(one?.mobile?.masked)}
        error={errorAt(refused, 'mobile')}
        optional
        maxlength={40}
        autocomplete="off"
      />
      <Field
        id="email"
        label="E-mail address"
        type="email"
        value={typed.email}
        hint={onFile(one?.email?.masked)}
        error={errorAt(refused, 'email')}
        optional
        maxlength={254}
        autocomplete="off"
      />
      {one !== null && one.mobile !== null && one.email !== null ? (
        <Select
          id="drop"
          label="Remove from file"
          value=""
          choices={[
            ['', 'Nothing'],
            ['mobile', 'The mobile number'],
            ['email', 'The e-mail address'],
          ]}
          optional
        />
      ) : null}
    </>
  );
}

function StateCard({ visit, one }: { visit: Visit; one: RepresentativeView }): JSX.Element | null {
  if (!visit.may('people.deactivate')) return null;
  const active = one.status === 'active';
  return (
    <section class="card">
      <h2>Access to codes</h2>
      <p>
        {active ? 'Codes may go to this person.' : 'Codes can no longer go to this person.'} Nobody is ever deleted.
      </p>
      <div class="row">
        {active ? (
          <a class="btn btn-danger" href={href(visit.options, statePath(one))}>
            Deactivate
          </a>
        ) : (
          <form method="post" action={href(visit.options, statePath(one))}>
            <OnceField visit={visit} />
            <input type="hidden" name="act" value="activate" />
            <button class="btn">Activate</button>
          </form>
        )}
        {visit.may('people.erase') ? (
          <a class="btn btn-danger" href={href(visit.options, `${representativePath(one)}/erase`)}>
            Erase the person
          </a>
        ) : null}
      </div>
    </section>
  );
}
