import type { JSX } from 'hono/jsx/jsx-runtime';
import type { AgentView } from '../../../core/agent-views.ts';
import { href } from '../../site.ts';
import { DayField, dayFault } from '../day-field.tsx';
import type { Visit } from '../visit.ts';
import { AUDIT_PATH, type Filters } from './filters.ts';
import { GROUPS } from './words.ts';

type Choice = readonly [value: string, word: string];
type Props = { visit: Visit; filters: Filters; agents: readonly AgentView[] };

/** A form by GET, so that a view is an address that can be kept. */
export function FilterForm({ visit, filters, agents }: Props): JSX.Element {
  const who: readonly Choice[] = [
    ['', 'Anyone'],
    ...agents.map(({ id, name }) => [id, name] as const),
    ['agent', 'Any agent'],
    ['api_key', 'API keys'],
    ['system', 'The system'],
  ];
  const what: readonly Choice[] = [
    ['', 'Anything'],
    ...Object.entries(GROUPS).map(([name, { word }]) => [name, word] as const),
  ];
  const path = href(visit.options, AUDIT_PATH);
  return (
    <form class="filters no-print" method="get" action={path} role="search" aria-label="Filter the audit log">
      <Search filters={filters} />
      <DayField name="from" label="From" value={filters.from} error={dayFault(filters.from)} />
      <DayField name="until" label="To" value={filters.until} error={dayFault(filters.until)} />
      <Choose name="who" label="Who" filters={filters} choices={who} />
      <Choose name="what" label="What" filters={filters} choices={what} />
      <div class="row">
        <button class="btn">Show</button>
        <a class="btn" href={path}>
          Clear
        </a>
      </div>
    </form>
  );
}

type FieldProps = { name: keyof Filters; label: string; filters: Filters };

function Search({ filters }: Pick<FieldProps, 'filters'>): JSX.Element {
  return (
    <div class="field wide">
      <label for="q">On</label>
      <input
        class="input"
        type="search"
        id="q"
        name="q"
        value={filters.q}
        placeholder="Id of what it was done to"
        maxlength={64}
        autocomplete="off"
      />
    </div>
  );
}

function Choose({ name, label, filters, choices }: FieldProps & { choices: readonly Choice[] }): JSX.Element {
  return (
    <div class="field">
      <label for={name}>{label}</label>
      <select class="input" id={name} name={name}>
        {choices.map(([value, word]) => (
          <option value={value} selected={value === filters[name]}>
            {word}
          </option>
        ))}
      </select>
    </div>
  );
}
