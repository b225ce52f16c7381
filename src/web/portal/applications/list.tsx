import { PRESET_NAMES } from '../../../core/policy.ts';
import { applicationSchema } from '../../../schema/index.ts';
import { Table } from '../../components/table.tsx';
import type { FormFields } from '../../form.ts';
import { href } from '../../site.ts';
import { OnceField } from '../once-field.tsx';
import { portalAct, portalPage, type Done, type Page } from '../page.tsx';
import type { StaffRoute } from '../route.ts';
import type { Visit } from '../visit.ts';
import { FormErrors, SelectControl, TextControl } from './controls.tsx';
import { LIST_COLUMNS, listRow } from './list-row.tsx';
import { APPLICATIONS_PATH } from './scope.ts';
import { errorsOfProblem, parsed, typedIn, type Errors, type Typed } from './typed.ts';

const right = 'administration';
const NEW_PATH = `${APPLICATIONS_PATH}/new`;
const FIRST: Typed = { name: '', brand: '', preset: 'default' };

/** Every application that the administrator manages, and a new one. */
export const APPLICATION_LIST: readonly StaffRoute[] = [
  portalPage({ path: APPLICATIONS_PATH, right, show: list }),
  portalPage({ path: NEW_PATH, right, show: async (visit) => newPage(visit, FIRST, {}) }),
  portalAct({ path: NEW_PATH, right, act: create }),
];

async function list(visit: Visit): Promise<Page> {
  const { service, caller, options } = visit;
  const found = await service.applications.list(caller);
  const applications = found.ok ? found.value.data : [];
  const rows = await Promise.all(applications.map((view) => listRow(visit, view)));
  const body = (
    <section class="card card-flush">
      <Table caption="Applications" columns={LIST_COLUMNS} rows={rows} />
    </section>
  );
  const actions = mayCreate(visit) ? (
    <a class="btn btn-main" href={href(options, NEW_PATH)}>
      New application
    </a>
  ) : undefined;
  const lead = 'Each keeps its own policies, keys, providers, people and records.';
  return { title: 'Applications', lead, body, ...(actions === undefined ? {} : { actions }) };
}

function mayCreate({ application }: Visit): boolean {
  return application.name === 'default';
}

function newPage(visit: Visit, typed: Typed, errors: Errors): Page | { readonly status: 403; readonly detail: string } {
  if (!mayCreate(visit)) return { status: 403, detail: 'Administrators of “default” create applications.' };
  const failed = Object.keys(errors).length > 0;
  const body = (
    <form class="card" method="post" action={href(visit.options, NEW_PATH)}>
      <FormErrors errors={errors} />
      <OnceField visit={visit} />
      <TextControl id="name" label="Name" typed={typed} errors={errors} maxlength={80} needed />
      <TextControl
        id="brand"
        label="Brand"
        hint="Stands in messages and on pages. The name when it is empty."
        typed={typed}
        errors={errors}
        maxlength={40}
      />
      <SelectControl
        id="preset"
        label="Preset"
        hint="What its policies start from."
        typed={typed}
        errors={errors}
        choices={PRESET_NAMES.map((name) => [name, name] as const)}
      />
      <div class="row">
        <button class="btn btn-main">Create the application</button>
        <a class="btn" href={href(visit.options, APPLICATIONS_PATH)}>
          Back
        </a>
      </div>
    </form>
  );
  const crumbs = [{ path: APPLICATIONS_PATH, word: 'Applications' }];
  return { title: 'New application', crumbs, error: failed, status: failed ? 422 : 200, body };
}

async function create(visit: Visit, fields: FormFields): Promise<Done | ReturnType<typeof newPage>> {
  const typed = typedIn(fields, ['name', 'brand', 'preset']);
  const { name, brand, preset } = typed;
  const input = parsed(applicationSchema, { name, preset, ...(brand === '' ? {} : { brand }) });
  if ('errors' in input) return newPage(visit, typed, input.errors);
  const made = await visit.service.applications.create(visit.caller, input.value);
  if (!made.ok) return newPage(visit, typed, errorsOfProblem(made.problem));
  return { to: `${APPLICATIONS_PATH}/${made.value.id}`, flash: { tone: 'good', title: `${name ?? ''} is created.` } };
}
