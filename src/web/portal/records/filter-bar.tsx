import type { JSX } from 'hono/jsx/jsx-runtime';
import type { AgentView } from '../../../core/agent-views.ts';
import type { ApplicationView } from '../../../core/views.ts';
import { reasonsOf } from '../../../core/reasons.ts';
import { CHANNELS } from '../../../core/verification.ts';
import { href } from '../../site.ts';
import { DayField, dayFault } from '../day-field.tsx';
import type { Visit } from '../visit.ts';
import { OTHER_ACTORS } from '../names.ts';
import { inUse, viewPath, type FilterName, type Filters } from './filters.ts';
import { CHANNEL_WORDS } from '../../components/channel-words.ts';
import { countryChoices, countryWord } from '../country-name.ts';

type Choice = readonly [value: string, word: string];
type Props = {
  visit: Visit;
  filters: Filters;
  agents: readonly AgentView[];
  /** To choose from; none where somebody sees one only. */
  places: readonly ApplicationView[];
};

const PERIOD_WORDS: readonly Choice[] = [
  ['', 'Any time'],
  ['today', 'Today'],
  ['7d', 'Last 7 days'],
  ['30d', 'Last 30 days'],
  ['90d', 'Last 90 days'],
];
const STATUS_WORDS: readonly Choice[] = [
  ['', 'Any'],
  ['approved', 'Verified'],
  ['pending', 'Pending'],
  ['failed', 'Failed or not delivered'],
  ['expired', 'Expired'],
  ['blocked', 'Blocked'],
  ['canceled', 'Canceled'],
  ['skipped', 'Skipped'],
];
const SIGN_IN_WORDS: readonly Choice[] = [
  ['', 'Left out'],
  ['shown', 'Shown'],
];
const OTHERS = ['api_key', 'hosted', 'library'] as const;

/** The filters: a form by GET, so that a view is an address that can be kept. */
export function FilterBar(props: Props): JSX.Element {
  const { visit, filters } = props;
  const { options, application } = visit;
  return (
    <form
      class="filters no-print"
      method="get"
      action={href(options, '/desk/records')}
      role="search"
      aria-label="Filter records"
    >
      <Text name="q" label="Search" type="search" filters={filters} hint="Full number, e-mail, ticket or id" wide />
      <Choose name="period" label="Started" filters={filters} choices={PERIOD_WORDS} />
      <DayField name="from" label="From" value={filters.from} error={dayFault(filters.from)} />
      <DayField name="until" label="To" value={filters.until} error={dayFault(filters.until)} />
      <Choose name="status" label="Status" filters={filters} choices={STATUS_WORDS} />
      <Choose
        name="channel"
        label="Channel"
        filters={filters}
        choices={[['', 'Any'], ...CHANNELS.map((one) => [one, CHANNEL_WORDS[one]] as const)]}
      />
      <Choose
        name="country"
        label="Country"
        filters={filters}
        choices={[['', 'Any'], ...countryChoices(application.countries)]}
      />
      <Text name="purpose" label="Purpose" type="text" filters={filters} />
      <Choose
        name="reason"
        label="Reason"
        filters={filters}
        choices={[['', 'Any'], ...reasonsOf(application).map((one) => [one, one] as const)]}
      />
      <Choose name="agent" label="Agent" filters={filters} choices={agentChoices(props)} />
      <Choose name="signins" label="Agents’ sign-ins" filters={filters} choices={SIGN_IN_WORDS} />
      {props.places.length === 0 ? null : (
        <Choose name="app" label="Application" filters={filters} choices={placeChoices(props)} />
      )}
      <div class="row">
        <button class="btn">Show</button>
        <a class="btn" href={href(options, '/desk/records')}>
          Clear
        </a>
      </div>
    </form>
  );
}

/** Each filter in use, with a link that takes it away. */
export function Chips(props: Props): JSX.Element | null {
  const { visit, filters } = props;
  const names = inUse(filters);
  if (names.length === 0) return null;
  return (
    <div class="chips no-print">
      {names.map((name) => (
        <a class="chip" href={href(visit.options, viewPath({ ...filters, [name]: '' }))}>
          <span class="visually-hidden">Remove filter: </span>
          <bdi>{filterWord(name, props)}</bdi> <span aria-hidden="true">×</span>
        </a>
      ))}
    </div>
  );
}

/** A filter's value as the form says it. */
export function filterWord(name: FilterName, props: Pick<Props, 'filters' | 'agents' | 'places'>): string {
  const value = props.filters[name];
  const wordIn = (choices: readonly Choice[]): string => choices.find(([one]) => one === value)?.[1] ?? value;
  switch (name) {
    case 'from':
      return `From ${value}`;
    case 'until':
      return `To ${value}`;
    case 'period':
      return wordIn(PERIOD_WORDS);
    case 'status':
      return wordIn(STATUS_WORDS);
    case 'channel':
      return CHANNELS.flatMap((one) => (one === value ? [CHANNEL_WORDS[one]] : [])).join('');
    case 'country':
      return countryWord(value);
    case 'agent':
      return wordIn(agentChoices(props));
    case 'signins':
      return 'With agents’ sign-ins';
    case 'app':
      return wordIn(placeChoices(props));
    default:
      return value;
  }
}

function agentChoices({ agents }: Pick<Props, 'agents'>): readonly Choice[] {
  const people = agents.map(({ id, name }) => [`agent:${id}`, name] as const);
  const others = OTHERS.map((type) => [type, OTHER_ACTORS[type]] as const);
  return [['', 'Anyone'], ...people, ['agent', 'Any agent'], ...others];
}

function placeChoices({ places }: Pick<Props, 'places'>): readonly Choice[] {
  return [['', 'This one'], ...places.map(({ id, brand }) => [id, brand] as const)];
}

function Text(props: {
  name: FilterName;
  label: string;
  type: 'search' | 'text';
  filters: Filters;
  hint?: string;
  wide?: boolean;
}): JSX.Element {
  const { name, label, type, filters, hint, wide = false } = props;
  return (
    <div class={wide ? 'field wide' : 'field'}>
      <label for={name}>{label}</label>
      <input
        class="input"
        type={type}
        id={name}
        name={name}
        value={filters[name]}
        placeholder={hint}
        maxlength={320}
        autocomplete="off"
      />
    </div>
  );
}

function Choose(props: { name: FilterName; label: string; filters: Filters; choices: readonly Choice[] }): JSX.Element {
  const { name, label, filters, choices } = props;
  const value = filters[name];
  // A view that somebody kept may name what is no longer offered.
  const all = choices.some(([one]) => one === value) ? choices : [...choices, [value, value] as const];
  return (
    <div class="field">
      <label for={name}>{label}</label>
      <select class="input" id={name} name={name}>
        {all.map(([one, word]) => (
          <option value={one} selected={one === value}>
            {word}
          </option>
        ))}
      </select>
    </div>
  );
}
