import type { JSX } from 'hono/jsx/jsx-runtime';
import type { RepresentativeView } from '../../../core/people-views.ts';
import { reasonsOf } from '../../../core/reasons.ts';
import type { ClientWithPeople } from '../../../service/people/api.ts';
import { Badge } from '../../components/badge.tsx';
import { Empty } from '../../components/empty.tsx';
import { Field, FieldNotes } from '../../components/field.tsx';
import { Icon } from '../../components/icon.tsx';
import { Mask } from '../../components/mask.tsx';
import { Table } from '../../components/table.tsx';
import type { FormFields } from '../../form.ts';
import { href } from '../../site.ts';
import { OnceField } from '../once-field.tsx';
import type { Done, Page } from '../page.tsx';
import { dateWords } from '../records/instants.tsx';
import type { Visit } from '../visit.ts';
import { History, historyOf } from './client-history.tsx';
import { errorAt, refusedOf, Refusals, type Refused } from './errors.tsx';
import { clientPath, nameOf, PEOPLE_CRUMB, representativePath } from './paths.ts';
import { Select } from './select.tsx';
import { countryWord } from '../country-name.ts';
import { type NameOf, namesOf } from '../names.ts';

const VERIFY_PATH = '/desk/verifications';
const SKIP_PATH = '/desk/skip';

interface Typed {
  readonly representative: string;
  readonly by: string;
  readonly reason: string;
  readonly reference: string;
}

/** A client: who may act for it, a code to one of them, and what was verified. */
export async function clientPage(
  visit: Visit,
  typed: Typed | null = null,
  refused: Refused = [],
): Promise<Page | null> {
  const found = await visit.service.people.get(visit.caller, visit.param('id'));
  if (!found.ok) return null;
  const client = found.value;
  const asked = client.representatives.find(({ id }) => id === visit.query('person')) ?? null;
  const history = await historyOf(visit, client, asked);
  const actors = [client.created_by, client.modified_by, ...history.data.map(({ record }) => record.actor)];
  const names = await namesOf(visit, actors);
  const active = client.representatives.filter(({ status }) => status === 'active');
  const maySend = visit.may('desk.send') && active.length > 0;
  return {
    title: client.company,
    lead: <Lead visit={visit} client={client} names={names} />,
    crumbs: [PEOPLE_CRUMB],
    ...(visit.may('people.edit') ? { actions: <Actions visit={visit} client={client} /> } : {}),
    error: refused.length > 0,
    status: refused.length > 0 ? 422 : 200,
    body: (
      <div class={maySend ? 'cols cols-form' : 'stack-wide'}>
        {maySend ? <SendForm {...{ visit, client, active, typed, refused }} maySkip={await maySkip(visit)} /> : null}
        <div class="stack-wide">
          <People visit={visit} client={client} />
          <History visit={visit} client={client} history={history} names={names} asked={asked} />
        </div>
      </div>
    ),
  };
}

export async function send(visit: Visit, fields: FormFields): Promise<Done | Page | null> {
  const id = visit.param('id');
  const typed: Typed = {
    representative: fields.text('representative'),
    by: fields.text('by'),
    reason: fields.text('reason'),
    reference: fields.text('reference'),
  };
  const started = await visit.service.people.send(visit.caller, id, {
    representative: typed.representative,
    by: typed.by === 'email' ? 'email' : 'mobile',
    ...(typed.reason === '' ? {} : { reason: typed.reason }),
    ...(typed.reference === '' ? {} : { reference: typed.reference.slice(0, 128) }),
  });
  if (!started.ok) return clientPage(visit, typed, refusedOf(started.problem, 'representative'));
  const { id: verification, to } = started.value.verification;
  const place = visit.hasPage(`${VERIFY_PATH}/:id`) ? VERIFY_PATH : '/desk/records';
  return {
    to: `${place}/${verification}`,
    flash: { tone: 'good', title: 'Code on its way', text: `to ${to.masked}.` },
  };
}

function Lead({ visit, client, names }: { visit: Visit; client: ClientWithPeople; names: NameOf }): JSX.Element {
  const { reference, country } = client;
  const timeZone = visit.application.time_zone;
  const facts = [...(reference === null ? [] : [reference]), ...(country === null ? [] : [countryWord(country)])];
  const isChanged = client.modified_at !== client.created_at;
  return (
    <>
      <bdi>{facts.length === 0 ? '' : `${facts.join(', ')}. `}</bdi>
      Added {dateWords(client.created_at, timeZone)} by <bdi>{names(client.created_by)}</bdi>
      {isChanged ? (
        <>
          , changed {dateWords(client.modified_at, timeZone)} by <bdi>{names(client.modified_by)}</bdi>
        </>
      ) : null}
      .
    </>
  );
}

function Actions({ visit, client }: { visit: Visit; client: ClientWithPeople }): JSX.Element {
  const path = href(visit.options, clientPath(client.id));
  return (
    <>
      <a class="btn" href={`${path}/edit`}>
        Edit
      </a>
      {visit.may('people.deactivate') ? (
        <a class="btn btn-danger" href={`${path}/remove`}>
          Remove
        </a>
      ) : null}
    </>
  );
}

interface SendProps {
  readonly visit: Visit;
  readonly client: ClientWithPeople;
  readonly active: readonly RepresentativeView[];
  readonly typed: Typed | null;
  readonly refused: Refused;
  readonly maySkip: boolean;
}

/** Whether the policy of calls lets this agent go on without a code. */
async function maySkip({ service, caller, may }: Visit): Promise<boolean> {
  return may('desk.skip') && (await service.desk.sendForm(caller, '')).policy.override !== 'never';
}

function SendForm({ visit, client, active, typed, refused, maySkip: skips }: SendProps): JSX.Element {
  const reasons = reasonsOf(visit.application);
  const roleOf = ({ role }: RepresentativeView): string => (role === null ? '' : `, ${role}`);
  return (
    <form
      class="card"
      method="post"
      action={href(visit.options, `${clientPath(client.id)}/send`)}
      aria-labelledby="send-title"
    >
      <OnceField visit={visit} />
      <h2 id="send-title">Send a code</h2>
      <Refusals refused={refused} title="The code was not sent" />
      <Select
        id="representative"
        label="Representative"
        value={typed?.representative ?? ''}
        hint="Only active representatives are listed."
        error={errorAt(refused, 'representative')}
        choices={active.map((one) => [one.id, `${nameOf(one)}${roleOf(one)}`] as const)}
      />
      <fieldset class="field" id="by">
        <legend>Where to</legend>
        <FieldNotes id="by" error={errorAt(refused, 'by') ?? errorAt(refused, 'to')} />
        <div class="choices">
          <Where value="mobile" word="SMS" to={active[0]?.mobile?.masked} one={active.length === 1} by={typed?.by} />
          <Where value="email" word="E-mail" to={active[0]?.email?.masked} one={active.length === 1} by={typed?.by} />
        </div>
      </fieldset>
      <Select
        id="reason"
        label="Reason"
        value={typed?.reason ?? ''}
        error={errorAt(refused, 'reason')}
        choices={[['', 'Choose a reason'], ...reasons.map((one) => [one, one] as const)]}
        required
      />
      <Field
        id="reference"
        label="Ticket or case"
        value={typed?.reference}
        error={errorAt(refused, 'reference')}
        maxlength={128}
        autocomplete="off"
        optional
      />
      <button class="btn btn-main btn-wide">
        <Icon name="plane" />
        Send code
      </button>
      {skips ? (
        <p class="small">
          <a href={href(visit.options, SKIP_PATH)}>Cannot send a code? Record a skip</a>
        </p>
      ) : null}
    </form>
  );
}

/** With one representative the way shows where it leads. */
function Where(props: {
  value: string;
  word: string;
  to: string | undefined;
  one: boolean;
  by: string | undefined;
}): JSX.Element {
  const { value, word, to, one, by = 'mobile' } = props;
  return (
    <label class="choice">
      <input type="radio" name="by" value={value} checked={by === value} />
      <span>
        {word}
        {one ? <small>{to ?? 'None on file'}</small> : null}
      </span>
    </label>
  );
}

function People({ visit, client }: { visit: Visit; client: ClientWithPeople }): JSX.Element {
  const { representatives: people } = client;
  const mayEdit = visit.may('people.edit');
  return (
    <section class="card card-flush">
      {people.length === 0 ? (
        <Empty title="Nobody here yet" icon="people">
          <p>Add who may act for this client.</p>
        </Empty>
      ) : (
        <Table
          caption="Authorised representatives"
          columns={['Name', 'State', 'Mobile and e-mail', ...(mayEdit ? ['Change'] : [])]}
          rows={people.map((one) => ({ off: one.status !== 'active', cells: personCells(visit, one, mayEdit) }))}
        />
      )}
      {mayEdit ? (
        <p class="pager">
          <a class="btn btn-small" href={href(visit.options, `${clientPath(client.id)}/representatives/new`)}>
            Add a representative
          </a>
          <span>Never deleted, only deactivated.</span>
        </p>
      ) : null}
    </section>
  );
}

function personCells(visit: Visit, one: RepresentativeView, mayEdit: boolean) {
  return [
    <>
      <bdi>{nameOf(one)}</bdi>
      {one.role === null && one.country === null ? null : (
        <small>
          <bdi>{[one.role, one.country === null ? null : countryWord(one.country)].filter(Boolean).join(', ')}</bdi>
        </small>
      )}
    </>,
    one.status === 'active' ? (
      <Badge tone="good" word="Active" />
    ) : (
      <Badge tone="calm" word={one.status === 'inactive' ? 'Inactive' : 'Erased'} />
    ),
    <>
      {one.mobile === null ? null : <Mask text={one.mobile.masked} />}
      {one.email === null ? null : (
        <small>
          <Mask text={one.email.masked} />
        </small>
      )}
    </>,
    ...(mayEdit
      ? [
          <a href={href(visit.options, representativePath(one))}>
            Edit<span class="visually-hidden"> {nameOf(one)}</span>
          </a>,
        ]
      : []),
  ];
}
