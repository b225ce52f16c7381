import type { JSX } from 'hono/jsx/jsx-runtime';
import type { AgentView } from '../../core/agent-views.ts';
import { ROLE_NAMES } from '../../core/staff.ts';
import { Badge } from '../components/badge.tsx';
import { Table } from '../components/table.tsx';
import { href } from '../site.ts';
import { Moment } from './moment.tsx';
import type { Visit } from './visit.ts';

type Props = { visit: Visit; agents: readonly AgentView[]; next: string | null };

export function AgentsTable({ visit, agents, next }: Props): JSX.Element {
  return (
    <section class="card card-flush">
      <Table
        caption="Agents"
        columns={['Name', 'Role', 'Second factor', 'Last signed in', 'State', 'Change']}
        rows={agents.map((agent) => ({ cells: cellsOf(visit, agent) }))}
      />
      {next === null ? null : (
        <nav class="pager" aria-label="Pages">
          <a class="btn btn-small" href={href(visit.options, `/desk/agents?cursor=${next}`)}>
            Next
          </a>
        </nav>
      )}
    </section>
  );
}

function cellsOf(visit: Visit, agent: AgentView) {
  const { id, name, email, role, last_signed_in_at: last } = agent;
  const own = id === visit.agent.id;
  const path = own ? '/desk/account' : `/desk/agents/${id}`;
  return [
    <>
      <bdi>{name}</bdi> <small>{email}</small>
    </>,
    ROLE_NAMES[role],
    factorWords(agent),
    last === null ? 'Never' : <Moment visit={visit} at={last} />,
    own ? <Badge tone="good" word="You" /> : <State agent={agent} />,
    <a href={href(visit.options, path)}>
      {own ? 'Account' : 'Edit'}
      <span class="visually-hidden"> {name}</span>
    </a>,
  ];
}

function factorWords({ second_factor: factor, passkeys }: AgentView): string {
  const word = factor === 'totp' ? 'Authenticator' : 'Code by e-mail';
  return passkeys === 0 ? word : `${word}, ${passkeys === 1 ? 'a passkey' : `${passkeys} passkeys`}`;
}

function State({ agent }: { agent: AgentView }): JSX.Element {
  if (agent.status === 'active') return <Badge tone="good" word="Active" />;
  if (agent.status === 'invited') return <Badge tone="open" icon="envelope" word="Invited" />;
  return <Badge tone="calm" word="Inactive" />;
}

const RIGHTS: readonly (readonly string[])[] = [
  ['Send, check, cancel codes', 'Yes', 'Yes', 'Yes', 'No'],
  ['Skip with a reason', 'If the policy allows', 'Yes, and reviews', 'Yes', 'No'],
  ['See records', 'All, masked', 'All, can reveal', 'All, can reveal', 'All, masked'],
  ['Export records', 'No', 'Yes', 'Yes', 'Yes'],
  ['Edit people', 'Add, edit', 'And deactivate', 'And erase', 'Look only'],
  ['Insights', 'No', 'Yes', 'Yes', 'Yes'],
  ['Manage agents', 'No', 'Agents only', 'Everyone', 'No'],
  ['Applications, keys, policies', 'No', 'No', 'Yes', 'No'],
  ['Audit log', 'No', 'Look', 'Look', 'Look, verify, export'],
];

/** The table of rights in words. */
export function RolesTable(): JSX.Element {
  return (
    <section class="card card-flush">
      <Table
        caption="What each role may do"
        columns={['Right', 'Agent', 'Supervisor', 'Administrator', 'Auditor']}
        rows={RIGHTS.map((cells) => ({ cells }))}
      />
    </section>
  );
}
