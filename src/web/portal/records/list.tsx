import type { JSX } from 'hono/jsx/jsx-runtime';
import type { AgentView } from '../../../core/agent-views.ts';
import { idTime, isId } from '../../../core/id.ts';
import type { ApplicationView } from '../../../core/views.ts';
import { Empty } from '../../components/empty.tsx';
import { href } from '../../site.ts';
import { OnceField } from '../once-field.tsx';
import type { Page } from '../page.tsx';
import { hasBadDay } from '../day-field.tsx';
import type { Visit } from '../visit.ts';
import { confirmationsOf } from '../confirmations.ts';
import { costsOf } from './costs.ts';
import { Chips, FilterBar, filterWord } from './filter-bar.tsx';
import { inUse, readFilters, viewPath, type FilterName, type Filters } from './filters.ts';
import { findRecords, FULL, type Found } from './find-records.ts';
import { instantWords } from './instants.tsx';
import { placeOf, placesOf } from './place.ts';
import { RecordsTable } from './records-table.tsx';
import { namesOf } from '../names.ts';

/** More agents than a list to choose from is good for. */
const MOST_AGENTS = 200;
/** Pages that “Newer” finds its way back through. */
const TRAIL = 8;

/** The records: filters, one page, the ways on. */
export async function listPage(own: Visit): Promise<Page | null> {
  const visit = await placeOf(own);
  if (visit === null) return null;
  const places = await placesOf(own);
  const filters = readFilters(visit.query);
  const found = await findRecords(visit, filters, visit.query('cursor'));
  const agents = await visit.service.staff.agents.list(visit.caller, { limit: MOST_AGENTS });
  const people = agents.ok ? agents.value.data : [];
  const { records } = found;
  const nameOf = await namesOf(
    visit,
    records.map(({ actor }) => actor),
  );
  const costs = await costsOf(visit, records);
  const confirmations = await confirmationsOf(visit, records);
  const body = (
    <>
      <section class="card card-flush">
        <FilterBar visit={visit} filters={filters} agents={people} places={places} />
        <Chips visit={visit} filters={filters} agents={people} places={places} />
        {records.length === 0 ? (
          found.next === null ? (
            await nothing(visit, filters, { agents: people, places })
          ) : (
            <NotYet visit={visit} next={found.next} />
          )
        ) : (
          <RecordsTable {...{ visit, records, nameOf, costs, confirmations }} />
        )}
        {records.length === 0 && found.next === null && visit.query('cursor') === '' ? null : (
          <Pager visit={visit} filters={filters} found={found} />
        )}
      </section>
      <p class="hint pad">
        Times in {visit.application.time_zone} time.
        {costs === null ? null : ' Costs as charged or estimated by the provider.'}
      </p>
    </>
  );
  const lead = 'Every code sent, skipped or refused. Destinations are masked.';
  const exportable = visit.may('records.export') && records.length > 0;
  const actions = exportable ? { actions: <ExportForm visit={visit} filters={filters} /> } : {};
  const wrong = hasBadDay(filters) ? { error: true, status: 422 } : {};
  return { title: 'Records', lead, ...actions, body, ...wrong };
}

function ExportForm({ visit, filters }: { visit: Visit; filters: Filters }): JSX.Element {
  return (
    <form method="post" action={href(visit.options, '/desk/records/export')}>
      <OnceField visit={visit} />
      {inUse(filters).map((name) => (
        <input type="hidden" name={name} value={filters[name]} />
      ))}
      <button class="btn">Export as CSV</button>
    </form>
  );
}

/** Newer goes back the way that was come; the way is kept in the address. */
function Pager({ visit, filters, found }: { visit: Visit; filters: Filters; found: Found }): JSX.Element {
  const { options } = visit;
  const cursor = isId('vrf', visit.query('cursor')) ? visit.query('cursor') : '';
  const trail = visit
    .query('trail')
    .split('~')
    .filter((id) => isId('vrf', id))
    .slice(-TRAIL);
  const older = {
    cursor: found.next ?? '',
    trail: [...trail, ...(cursor === '' ? [] : [cursor])].slice(-TRAIL).join('~'),
  };
  const newer = { cursor: trail.at(-1) ?? '', trail: trail.slice(0, -1).join('~') };
  const count = found.records.length;
  return (
    <nav class="pager" aria-label="Pages of results">
      <span>
        {count === 1 ? '1 record' : `${count} records`} on this page, newest first
        {found.next !== null && count > 0 && count < FULL ? `, back to ${since(visit, found.next)}` : ''}
      </span>
      <span class="row">
        <PageLink word="Newer" rel="prev" path={cursor === '' ? null : href(options, viewPath(filters, newer))} />
        <PageLink word="Older" rel="next" path={found.next === null ? null : href(options, viewPath(filters, older))} />
      </span>
    </nav>
  );
}

function PageLink({ word, rel, path }: { word: string; rel: string; path: string | null }): JSX.Element {
  if (path === null) {
    return (
      <span class="btn btn-small" aria-disabled="true">
        {word}
      </span>
    );
  }
  return (
    <a class="btn btn-small" href={path} rel={rel}>
      {word}
    </a>
  );
}

/** Few fit, and not everything was looked through. */
function NotYet({ visit, next }: { visit: Visit; next: string }): JSX.Element {
  return (
    <Empty title="Nothing so far">
      <p>Searched back to {since(visit, next)}. “Older” below goes on; dates make it shorter.</p>
    </Empty>
  );
}

function since({ application }: Visit, id: string): string {
  return instantWords(new Date(idTime(id)).toISOString(), application.time_zone);
}

async function nothing(
  visit: Visit,
  filters: Filters,
  names: { readonly agents: readonly AgentView[]; readonly places: readonly ApplicationView[] },
): Promise<JSX.Element> {
  const used = inUse(filters);
  if (used.length === 0) {
    return (
      <Empty title="No records yet" icon="records">
        <p>Codes that are sent, skipped or refused will stand here.</p>
      </Empty>
    );
  }
  const way = await filterInTheWay(visit, filters);
  return (
    <Empty title="No record fits these filters">
      <p>
        {way === null ? (
          'Remove one filter above, or clear them all.'
        ) : (
          <>
            Without “<bdi>{filterWord(way, { filters, ...names })}</bdi>” there are some. Remove that filter above, or
            clear them all.
          </>
        )}
      </p>
      <a class="btn" href={href(visit.options, '/desk/records')}>
        Clear all filters
      </a>
    </Empty>
  );
}

/** The one filter without which there would be something, or null. */
async function filterInTheWay(visit: Visit, filters: Filters): Promise<FilterName | null> {
  const used = inUse(filters);
  if (used.length < 2) return null;
  for (const name of used.filter((one) => !['q', 'app', 'signins'].includes(one))) {
    const without = await findRecords(visit, { ...filters, [name]: '' }, '', 1);
    if (without.records.length > 0) return name;
  }
  const anything = used.includes('q') && (await findRecords(visit, { ...filters, q: '' }, '', 1)).records.length > 0;
  return anything ? 'q' : null;
}
