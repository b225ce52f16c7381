import type { JSX } from 'hono/jsx/jsx-runtime';
import type { ApiKeyView } from '../../../core/views.ts';
import { apiKeyInputSchema } from '../../../schema/index.ts';
import { COPY } from '../../assets.ts';
import { Badge } from '../../components/badge.tsx';
import { Table } from '../../components/table.tsx';
import type { FormFields } from '../../form.ts';
import { href } from '../../site.ts';
import { Moment } from '../moment.tsx';
import type { Done, Page } from '../page.tsx';
import type { StaffRoute } from '../route.ts';
import type { Visit } from '../visit.ts';
import { framed } from './application-frame.tsx';
import { applicationAct, applicationPage } from './application-route.ts';
import { Confirmation } from './confirmation.tsx';
import { KeyForm, NEW_KEY } from './key-form.tsx';
import type { Scope } from './scope.ts';
import { madeOnce, Secret, SHOWN_BEFORE } from './secret-once.tsx';
import { errorsOfProblem, parsed, typedIn, type Errors, type Typed } from './typed.ts';

/** API keys: look, create, revoke. */
export const KEYS: readonly StaffRoute[] = [
  applicationPage('/keys', (visit, scope) => keysPage(visit, scope, { typed: NEW_KEY, errors: {} })),
  applicationAct('/keys', create),
  applicationPage('/keys/:id/revoke', confirm),
  applicationAct('/keys/:id/revoke', revoke),
];

interface Shown {
  readonly typed: Typed;
  readonly errors: Errors;
  readonly secret?: JSX.Element;
}

async function keysPage(visit: Visit, scope: Scope, { typed, errors, secret }: Shown): Promise<Page> {
  const { caller, path } = scope;
  const found = await visit.service.keys.list(caller.application);
  const body = (
    <div class="stack-wide">
      {secret ?? null}
      <KeysTable visit={visit} path={path} keys={found.ok ? found.value.data : []} />
      <KeyForm visit={visit} path={`${path}/keys`} typed={typed} errors={errors} />
    </div>
  );
  return framed(visit, scope, {
    tab: 'keys',
    failed: Object.keys(errors).length > 0,
    scripts: secret === undefined ? [] : [COPY],
    body,
  });
}

function KeysTable({ visit, path, keys }: { visit: Visit; path: string; keys: readonly ApiKeyView[] }): JSX.Element {
  if (keys.length === 0) return <p class="card">No key yet. A program needs one to send and check codes.</p>;
  const rows = keys.map((key) => ({
    cells: [
      <bdi>{nameOf(key)}</bdi>,
      <State visit={visit} view={key} />,
      key.scopes.join(', '),
      key.last_used_at === null ? 'Never' : <Moment visit={visit} at={key.last_used_at} />,
      key.expires_at === null ? 'No end' : <Moment visit={visit} at={key.expires_at} />,
      key.revoked_at === null ? (
        <a href={href(visit.options, `${path}/keys/${key.id}/revoke`)}>
          Revoke<span class="visually-hidden"> {nameOf(key)}</span>
        </a>
      ) : (
        ''
      ),
    ],
  }));
  return (
    <section class="card card-flush">
      <Table caption="API keys" columns={['Name', 'State', 'Scopes', 'Last used', 'Ends', 'Change']} rows={rows} />
    </section>
  );
}

/** Keys made by the command line may have no name. */
function nameOf({ name, id }: ApiKeyView): string {
  return name === '' ? id : name;
}

function State({ visit, view }: { visit: Visit; view: ApiKeyView }): JSX.Element {
  if (view.revoked_at !== null) return <Badge tone="bad" icon="cross" word="Revoked" />;
  const over = view.expires_at !== null && Date.parse(view.expires_at) <= visit.options.now();
  if (over) return <Badge tone="calm" icon="clock" word="Ended" />;
  return view.mode === 'test' ? <Badge tone="test" word="Test" /> : <Badge tone="good" word="Live" />;
}

async function create(visit: Visit, scope: Scope, fields: FormFields): Promise<Done | Page> {
  const typed = typedIn(fields, ['name', 'ends', 'mode', 'scopes']);
  const input = inputOf(typed, visit.options.now());
  if ('errors' in input) return keysPage(visit, scope, { typed, errors: input.errors });
  const unproven = await unprovenErrors(visit, input.value.scopes, fields);
  if (unproven !== null) return keysPage(visit, scope, { typed, errors: unproven });
  const { application } = scope.caller;
  const made = await madeOnce(visit, fields, () => visit.service.keys.create(application, input.value, scope.caller));
  const back = `${scope.path}/keys`;
  if (made.type === 'again') return { to: back, flash: SHOWN_BEFORE };
  if (made.type === 'refused') return keysPage(visit, scope, { typed, errors: errorsOfProblem(made.problem) });
  const { key = '', mode } = made.value;
  const secret = <Secret visit={visit} title={`Your new ${mode} key.`} label="New API key" value={key} back={back} />;
  return keysPage(visit, scope, { typed: NEW_KEY, errors: {}, secret });
}

/** A key that administers outlives the session of whoever makes it: the password is asked for again. */
async function unprovenErrors(visit: Visit, scopes: readonly string[], fields: FormFields): Promise<Errors | null> {
  if (!scopes.includes('admin')) return null;
  const password = fields.exact('password');
  if (password === '') return { password: 'Type your password: a key with the scope admin needs it.' };
  const confirmed = await visit.service.staff.account.confirm(visit.staff, password);
  return confirmed.ok ? null : errorsOfProblem(confirmed.problem);
}

/** The day a key ends is its last: it works to the end of that day (UTC). */
function inputOf({ name = '', ends = '', mode = '', scopes = '' }: Typed, now: number) {
  const end = ends === '' ? null : Date.parse(`${ends}T23:59:59Z`);
  const errors: Record<string, string> = {};
  if (name === '') errors['name'] = 'Say what uses the key.';
  if (end !== null && Number.isNaN(end)) errors['ends'] = 'Enter a date such as 2027-11-20.';
  else if (end !== null && end <= now) errors['ends'] = 'This day is over.';
  const chosen = scopes.split('\n').filter((scope) => scope !== '');
  if (chosen.length === 0) errors['scopes'] = 'Choose what the key may do.';
  if (Object.keys(errors).length > 0) return { errors };
  const time = end === null ? {} : { expires_at: new Date(end).toISOString() };
  return parsed(apiKeyInputSchema, { name, mode, scopes: chosen, ...time });
}

async function ownKey(visit: Visit, { caller }: Scope): Promise<ApiKeyView | null> {
  const found = await visit.service.keys.list(caller.application);
  const key = found.ok ? found.value.data.find(({ id }) => id === visit.param('id')) : undefined;
  return key ?? null;
}

async function confirm(visit: Visit, scope: Scope): Promise<Page | null> {
  const key = await ownKey(visit, scope);
  if (key === null) return null;
  const title = `Revoke ${nameOf(key)}?`;
  const body = (
    <Confirmation
      visit={visit}
      action={`${scope.path}/keys/${key.id}/revoke`}
      back={`${scope.path}/keys`}
      yes="Revoke the key"
      no="Keep it"
    >
      <p>Whatever uses this key is refused within a second. A revoked key never works again.</p>
    </Confirmation>
  );
  return framed(visit, scope, { tab: 'keys', title, body });
}

async function revoke(visit: Visit, { caller, path }: Scope): Promise<Done | null> {
  const { application } = caller;
  const revoked = await visit.service.keys.revoke(application, visit.param('id'), caller);
  if (!revoked.ok) return null;
  return { to: `${path}/keys`, flash: { tone: 'good', title: `${nameOf(revoked.value)} is revoked.` } };
}
