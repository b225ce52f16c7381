import type { JSX } from 'hono/jsx/jsx-runtime';
import { RULE_TYPES, type ListRuleView } from '../../../core/list-rules.ts';
import { listRuleInputSchema } from '../../../schema/index.ts';
import { Badge } from '../../components/badge.tsx';
import { Table } from '../../components/table.tsx';
import type { FormFields } from '../../form.ts';
import { href } from '../../site.ts';
import { Moment } from '../moment.tsx';
import { OnceField } from '../once-field.tsx';
import type { Done, Page } from '../page.tsx';
import type { StaffRoute } from '../route.ts';
import type { Visit } from '../visit.ts';
import { framed } from './application-frame.tsx';
import { applicationAct, applicationPage } from './application-route.ts';
import { FormErrors, SelectControl, TextControl } from './controls.tsx';
import type { Scope } from './scope.ts';
import { errorsOfProblem, parsed, typedIn, type Errors, type Typed } from './typed.ts';

const FIELDS = ['list', 'type', 'value'];
const NEW: Typed = { list: 'block', type: 'prefix', value: '' };
const WORDS = { destination: 'Address', prefix: 'Beginning of numbers', country: 'Country', domain: 'Mail domain' };

/** Where nothing goes, or where alone something goes. */
export const LISTS: readonly StaffRoute[] = [
  applicationPage('/lists', (visit, scope) => listsPage(visit, scope, NEW, {})),
  applicationAct('/lists', add),
  applicationAct('/lists/:id/remove', remove),
];

async function listsPage(visit: Visit, scope: Scope, typed: Typed, errors: Errors): Promise<Page> {
  const found = await visit.service.listRules.list(scope.caller);
  const rules = found.ok ? found.value.data : [];
  const body = (
    <div class="stack-wide">
      <RulesTable visit={visit} scope={scope} rules={rules} />
      <form class="card" method="post" action={href(visit.options, `${scope.path}/lists`)}>
        <h2>Another rule</h2>
        <p class="quiet">
          A start that a rule stops is recorded as blocked, and nothing is sent. With rules on the allow list only what
          they name gets codes. A block wins.
        </p>
        <FormErrors errors={errors} />
        <OnceField visit={visit} />
        <div class="fields-2">
          <SelectControl
            id="list"
            label="List"
            typed={typed}
            errors={errors}
            choices={[
              ['block', 'Block'],
              ['allow', 'Allow'],
            ]}
          />
          <SelectControl
            id="type"
            label="Of"
            typed={typed}
            errors={errors}
            choices={RULE_TYPES.map((type) => [type, WORDS[type]] as const)}
          />
          <TextControl
            id="value"
            label="Which"
            hint="A number or e-mail address, +4477, GB or mail.example."
            typed={typed}
            errors={errors}
            needed
          />
        </div>
        <div class="row">
          <button class="btn btn-main">Add the rule</button>
        </div>
      </form>
    </div>
  );
  return framed(visit, scope, { tab: 'lists', failed: Object.keys(errors).length > 0, body });
}

type TableProps = { visit: Visit; scope: Scope; rules: readonly ListRuleView[] };

function RulesTable({ visit, scope, rules }: TableProps): JSX.Element {
  if (rules.length === 0) return <p class="card">No rule yet: every open destination may get codes.</p>;
  const rows = rules.map((rule) => ({
    cells: [
      <bdi>{rule.value}</bdi>,
      WORDS[rule.type],
      rule.list === 'block' ? <Badge tone="bad" icon="barred" word="Block" /> : <Badge tone="good" word="Allow" />,
      <Moment visit={visit} at={rule.created_at} />,
      <form method="post" action={href(visit.options, `${scope.path}/lists/${rule.id}/remove`)}>
        <OnceField visit={visit} />
        <button class="link">
          Remove<span class="visually-hidden">: {rule.value}</span>
        </button>
      </form>,
    ],
  }));
  return (
    <section class="card card-flush">
      <Table caption="Rules" columns={['Which', 'Of', 'List', 'Since', 'Change']} rows={rows} />
    </section>
  );
}

async function add(visit: Visit, scope: Scope, fields: FormFields): Promise<Done | Page> {
  const typed = typedIn(fields, FIELDS);
  const input = parsed(listRuleInputSchema, typed);
  if ('errors' in input) return listsPage(visit, scope, typed, input.errors);
  const added = await visit.service.listRules.add(scope.caller, input.value);
  if (added.ok) return { to: `${scope.path}/lists`, flash: { tone: 'good', title: 'The rule is added.' } };
  const { form, to, ...rest } = errorsOfProblem(added.problem);
  const value = rest['value'] ?? to ?? form;
  return listsPage(visit, scope, typed, value === undefined ? rest : { ...rest, value });
}

async function remove(visit: Visit, scope: Scope): Promise<Done | null> {
  const removed = await visit.service.listRules.remove(scope.caller, visit.param('id'));
  if (!removed.ok) return null;
  return { to: `${scope.path}/lists`, flash: { tone: 'good', title: 'The rule is removed.' } };
}
