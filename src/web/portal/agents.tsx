import type { JSX } from 'hono/jsx/jsx-runtime';
import type { AgentView } from '../../core/agent-views.ts';
import type { FieldError, Problem, Result } from '../../core/errors.ts';
import { mayManage, ROLE_NAMES, ROLES, type Role } from '../../core/staff.ts';
import { Field, FieldNotes, noteIds } from '../components/field.tsx';
import type { FormFields } from '../form.ts';
import { href } from '../site.ts';
import { AgentsTable, RolesTable } from './agents-table.tsx';
import type { FlashNote } from './flash.tsx';
import { OnceField } from './once-field.tsx';
import { portalAct, portalPage, type Done, type Page } from './page.tsx';
import type { StaffRoute } from './route.ts';
import type { Visit } from './visit.ts';

export const AGENTS_PATH = '/desk/agents';
const CRUMBS = [{ path: AGENTS_PATH, word: 'Agents and roles' }];

/** Who works at this desk: look, invite, change, deactivate. */
export const AGENTS: readonly StaffRoute[] = [
  portalPage({ path: AGENTS_PATH, right: 'agents.manage', show: list }),
  portalPage({
    path: `${AGENTS_PATH}/invite`,
    right: 'agents.manage',
    show: async (visit) => invitePage(visit, { name: '', email: '', role: 'agent', errors: [] }),
  }),
  portalAct({ path: `${AGENTS_PATH}/invite`, right: 'agents.manage', act: invite }),
  portalPage({ path: `${AGENTS_PATH}/:id`, right: 'agents.manage', show: (visit) => editPage(visit) }),
  portalAct({ path: `${AGENTS_PATH}/:id`, right: 'agents.manage', act: change }),
];

async function list(visit: Visit): Promise<Page> {
  const cursor = visit.query('cursor');
  const { agents } = visit.service.staff;
  const asked = { limit: 25, ...(cursor === '' ? {} : { cursor }) };
  const read = await agents.list(visit.caller, asked);
  const found = read.ok ? read : await agents.list(visit.caller, { limit: 25 });
  const page = found.ok ? found.value : { data: [], next_cursor: null };
  return {
    title: 'Agents and roles',
    lead: 'People who sign in to this desk. Someone with records is never deleted, only deactivated.',
    actions: (
      <a class="btn btn-main" href={href(visit.options, `${AGENTS_PATH}/invite`)}>
        Invite someone
      </a>
    ),
    body: (
      <div class="stack-wide">
        <AgentsTable visit={visit} agents={page.data} next={page.next_cursor} />
        <RolesTable />
      </div>
    ),
  };
}

interface Invited {
  readonly name: string;
  readonly email: string;
  readonly role: Role;
  readonly errors: readonly FieldError[];
  /** 422, or 403 for a role that is not the visitor's to give. */
  readonly status?: 403 | 422;
}

async function invite(visit: Visit, fields: FormFields): Promise<Done | Page> {
  const typed = { name: fields.text('name'), email: fields.text('email'), role: roleOf(fields) ?? 'agent' };
  const made = await visit.service.staff.passwordLinks.invite(visit.caller, typed);
  if (!made.ok) {
    return invitePage(visit, { ...typed, ...refusalOf(made.problem) });
  }
  const text = `A link to choose a password is on its way to ${made.value.email}. It works once, for 7 days.`;
  return { to: AGENTS_PATH, flash: { tone: 'good', title: `${made.value.name} is invited.`, text } };
}

function refusalOf({ code, detail, errors }: Problem): Required<Pick<Invited, 'errors' | 'status'>> {
  const status = code === 'forbidden' ? 403 : 422;
  return { status, errors: errors ?? [{ pointer: '/role', code: 'refused', detail }] };
}

function roleOf(fields: FormFields): Role | null {
  return ROLES.find((role) => role === fields.text('role')) ?? null;
}

function invitePage(visit: Visit, { name, email, role, errors, status = 422 }: Invited): Page {
  const errorOf = (id: string): string | undefined => errors.find(({ pointer }) => pointer === `/${id}`)?.detail;
  const failed = errors.length > 0;
  const body = (
    <form class="card" method="post" action={href(visit.options, `${AGENTS_PATH}/invite`)}>
      <OnceField visit={visit} />
      <Field id="name" label="Name" value={name} error={errorOf('name')} autocomplete="off" maxlength={80} first />
      <Field
        id="email"
        label="E-mail address"
        type="email"
        value={email}
        hint="They sign in with it, and the link to choose a password goes there."
        error={errorOf('email')}
        autocomplete="off"
        maxlength={254}
      />
      <RoleField visit={visit} role={role} error={errorOf('role')} />
      <div class="row">
        <button class="btn btn-main">Send the invitation</button>
        <a class="btn" href={href(visit.options, AGENTS_PATH)}>
          Back
        </a>
      </div>
    </form>
  );
  return { title: 'Invite someone', crumbs: CRUMBS, error: failed, status: failed ? status : 200, body };
}

function RoleField(props: { visit: Visit; role: Role; error?: string | undefined }): JSX.Element {
  const { visit, role, error } = props;
  const roles = ROLES.filter((one) => mayManage(visit.agent.role, one));
  return (
    <div class="field">
      <label for="role">Role</label>
      <FieldNotes id="role" error={error} />
      <select class="input" id="role" name="role" aria-describedby={noteIds('role', undefined, error)}>
        {roles.map((one) => (
          <option value={one} selected={one === role}>
            {ROLE_NAMES[one]}
          </option>
        ))}
      </select>
    </div>
  );
}

/** What was typed and what is wrong with it, where a form was refused. */
interface Refused {
  readonly problem: Problem;
  readonly typed: { readonly name: string | undefined; readonly role: Role | null };
}

async function editPage(visit: Visit, refused?: Refused): Promise<Page | null> {
  const found = await visit.service.staff.agents.get(visit.caller, visit.param('id'));
  if (!found.ok) return null;
  const agent = found.value;
  const { name, email, role } = agent;
  const lead = `${email}, ${ROLE_NAMES[role]}`;
  const status = refused === undefined ? 200 : refusalOf(refused.problem).status;
  const common = { title: name, lead, crumbs: CRUMBS, error: refused !== undefined, status };
  if (!mayManage(visit.agent.role, role))
    return { ...common, body: <p class="card">Only an administrator changes people of this role.</p> };
  return { ...common, body: <EditForms visit={visit} agent={agent} refused={refused} /> };
}

function EditForms(props: { visit: Visit; agent: AgentView; refused: Refused | undefined }): JSX.Element {
  const { visit, agent, refused } = props;
  const path = href(visit.options, `${AGENTS_PATH}/${agent.id}`);
  const { status, second_factor: factor, passkeys } = agent;
  const { errors } = refused === undefined ? { errors: [] } : refusalOf(refused.problem);
  const errorOf = (id: string): string | undefined => errors.find(({ pointer }) => pointer === `/${id}`)?.detail;
  return (
    <div class="cols cols-half">
      <form class="card" method="post" action={path}>
        <h2>Name and role</h2>
        <OnceField visit={visit} />
        <input type="hidden" name="act" value="save" />
        <Field
          id="name"
          label="Name"
          value={refused?.typed.name ?? agent.name}
          error={errorOf('name')}
          autocomplete="off"
          maxlength={80}
        />
        <RoleField visit={visit} role={refused?.typed.role ?? agent.role} error={errorOf('role')} />
        <div class="row">
          <button class="btn btn-main">Save</button>
        </div>
      </form>
      <section class="card">
        <h2>Access</h2>
        <p>{ACCESS_TEXTS[status]}</p>
        <div class="row">
          {status === 'invited' ? <Act visit={visit} path={path} act="invite" word="Send the link again" /> : null}
          {factor === 'totp' || passkeys > 0 ? (
            <Act visit={visit} path={path} act="factor" word="Reset the second factor" danger />
          ) : null}
          {status === 'inactive' ? (
            <Act visit={visit} path={path} act="activate" word="Activate the account" />
          ) : (
            <Act visit={visit} path={path} act="deactivate" word="Deactivate the account" danger />
          )}
        </div>
      </section>
    </div>
  );
}

const ACCESS_TEXTS: Readonly<Record<AgentView['status'], string>> = {
  active: 'Can sign in. Deactivating ends every session at once; records stay.',
  invited: 'Has not chosen a password yet.',
  inactive: 'Cannot sign in. Records stay.',
};

function Act(props: { visit: Visit; path: string; act: string; word: string; danger?: boolean }): JSX.Element {
  const { visit, path, act, word, danger = false } = props;
  return (
    <form method="post" action={path}>
      <OnceField visit={visit} />
      <input type="hidden" name="act" value={act} />
      <button class={danger ? 'btn btn-danger' : 'btn'}>{word}</button>
    </form>
  );
}

async function change(visit: Visit, fields: FormFields): Promise<Done | Page | null> {
  const id = visit.param('id');
  const result = await changed(visit, id, fields);
  if (result === null) return null;
  if (!result.ok) {
    const typed = { name: fields.has('name') ? fields.text('name') : undefined, role: roleOf(fields) };
    return result.problem.code === 'not_found' ? null : editPage(visit, { problem: result.problem, typed });
  }
  const flash = flashOf(fields.text('act'), result.value.name);
  return { to: `${AGENTS_PATH}/${id}`, ...(flash === null ? {} : { flash }) };
}

function changed(visit: Visit, id: string, fields: FormFields): Promise<Result<AgentView>> | null {
  const { agents, passwordLinks } = visit.service.staff;
  const role = roleOf(fields);
  switch (fields.text('act')) {
    case 'save':
      return agents.update(visit.caller, id, { name: fields.text('name'), ...(role === null ? {} : { role }) });
    case 'activate':
      return agents.update(visit.caller, id, { active: true });
    case 'deactivate':
      return agents.update(visit.caller, id, { active: false });
    case 'factor':
      return agents.resetSecondFactor(visit.caller, id);
    case 'invite':
      return passwordLinks.inviteAgain(visit.caller, id);
    default:
      return null;
  }
}

function flashOf(act: string, name: string): FlashNote | null {
  const titles: Readonly<Record<string, string>> = {
    save: `${name} saved.`,
    activate: `${name} activated.`,
    deactivate: `${name} deactivated. Every session is ended.`,
    factor: `The second factor of ${name} is reset.`,
    invite: `A new link is on its way to ${name}. The one before no longer works.`,
  };
  const title = titles[act];
  return title === undefined ? null : { tone: 'good', title };
}
