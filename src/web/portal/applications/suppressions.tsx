import type { JSX } from 'hono/jsx/jsx-runtime';
import { suppressionInputSchema } from '../../../schema/index.ts';
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
import { FormErrors, TextControl } from './controls.tsx';
import type { Scope } from './scope.ts';
import { parsed, typedIn, type Errors, type Typed } from './typed.ts';

const PAGE = 25;
const REASONS: Readonly<Record<string, string>> = {
  stop: 'Said STOP',
  bounce: 'No such mailbox',
  complaint: 'Called it spam',
  manual: 'Put here by hand',
};

/** Who gets nothing more, and how to lift that. */
export const SUPPRESSIONS: readonly StaffRoute[] = [
  applicationPage('/suppressions', (visit, scope) => suppressionsPage(visit, scope, {}, {})),
  applicationAct('/suppressions', change),
];

async function suppressionsPage(visit: Visit, scope: Scope, typed: Typed, errors: Errors): Promise<Page> {
  const body = (
    <div class="stack-wide">
      <div class="cols cols-half">
        <ActForm visit={visit} scope={scope} typed={typed} errors={errors} />
        <section class="card">
          <h2>What this list is</h2>
          <p>
            Addresses stand here after STOP, a bounce, a complaint, “this was not me”, or by hand. Which they are is not
            kept: only a keyed index that finds an address when it is typed.
          </p>
        </section>
      </div>
      {await Listed({ visit, scope })}
    </div>
  );
  return framed(visit, scope, { tab: 'suppressions', failed: Object.keys(errors).length > 0, body });
}

type FormProps = { visit: Visit; scope: Scope; typed: Typed; errors: Errors };

function ActForm({ visit, scope, typed, errors }: FormProps): JSX.Element {
  return (
    <form class="card" method="post" action={href(visit.options, `${scope.path}/suppressions`)}>
      <h2>An address</h2>
      <FormErrors errors={errors} />
      <OnceField visit={visit} />
      <TextControl id="to" label="Number or e-mail address" typed={typed} errors={errors} needed />
      <div class="row">
        <button class="btn btn-main" name="act" value="add">
          Send it nothing more
        </button>
        <button class="btn" name="act" value="lift">
          Lift
        </button>
      </div>
      <p class="hint">Lift it only when the person asked for it, or the mailbox exists again.</p>
    </form>
  );
}

async function Listed({ visit, scope }: { visit: Visit; scope: Scope }): Promise<JSX.Element> {
  const cursor = visit.query('cursor');
  const { suppressions } = visit.service;
  const asked = { limit: PAGE, ...(cursor === '' ? {} : { cursor }) };
  const read = await suppressions.list(scope.caller, asked);
  const found = read.ok ? read : await suppressions.list(scope.caller, { limit: PAGE });
  const { data, next_cursor: next } = found.ok ? found.value : { data: [], next_cursor: null };
  if (data.length === 0) return <p class="card">Nobody is on the list.</p>;
  const rows = data.map((view) => ({
    cells: [
      <span class="mono">{view.id}</span>,
      REASONS[view.reason] ?? view.reason,
      view.channel ?? 'Any',
      view.by,
      <Moment visit={visit} at={view.created_at} />,
    ],
  }));
  return (
    <section class="card card-flush">
      <Table caption="Who gets nothing more" columns={['Entry', 'Why', 'Channel', 'By', 'Since']} rows={rows} />
      {next === null ? null : (
        <nav class="pager" aria-label="Pages of the list">
          <a class="btn btn-small" rel="next" href={href(visit.options, `${scope.path}/suppressions?cursor=${next}`)}>
            Next
          </a>
        </nav>
      )}
    </section>
  );
}

async function change(visit: Visit, scope: Scope, fields: FormFields): Promise<Done | Page> {
  const typed = typedIn(fields, ['to']);
  const input = parsed(suppressionInputSchema, { to: typed['to'] });
  if ('errors' in input) return suppressionsPage(visit, scope, typed, input.errors);
  const lift = fields.text('act') === 'lift';
  const { suppressions } = visit.service;
  const done = lift
    ? await suppressions.remove(scope.caller, input.value.to)
    : await suppressions.add(scope.caller, input.value);
  if (!done.ok) {
    const { errors, detail, code } = done.problem;
    const named =
      code === 'not_found' ? { to: 'Nothing holds this address back.' } : { to: errors?.[0]?.detail ?? detail };
    return suppressionsPage(visit, scope, typed, named);
  }
  const title = lift ? 'Lifted. The address gets messages again.' : 'The address gets nothing more.';
  return { to: `${scope.path}/suppressions`, flash: { tone: 'good', title } };
}
