import type { JSX } from 'hono/jsx/jsx-runtime';
import type { ClientPage, ClientWithPeople } from '../../../service/people/api.ts';
import { Badge } from '../../components/badge.tsx';
import { Empty } from '../../components/empty.tsx';
import { Table } from '../../components/table.tsx';
import { href } from '../../site.ts';
import type { Page } from '../page.tsx';
import type { Visit } from '../visit.ts';
import { clientPath, IMPORT_PATH, nameOf, PEOPLE_PATH } from './paths.ts';
import { Select } from './select.tsx';
import { countryChoices, countryWord } from '../country-name.ts';

/** Representatives of a client who are named. */
const NAMED = 5;

interface Asked {
  readonly q: string;
  readonly country: string;
  readonly state: '' | 'active' | 'inactive';
}

/** Clients by name, with search. */
export async function listPage(visit: Visit): Promise<Page> {
  const asked = askedOf(visit);
  const { q, country, state } = asked;
  const found = await visit.service.people.find(visit.caller, {
    q,
    page: Number(visit.query('page')) || 1,
    ...(country === '' ? {} : { country }),
    ...(state === '' ? {} : { state }),
  });
  return {
    title: 'People',
    lead: 'Clients, and who may act for them. Codes go only to what is on file.',
    ...(visit.may('people.edit') ? { actions: <Actions visit={visit} /> } : {}),
    body: (
      <section class="card card-flush">
        <FilterBar visit={visit} asked={asked} />
        {found.total === 0 ? <Nobody visit={visit} asked={asked} /> : <Clients visit={visit} clients={found.data} />}
        {found.total === 0 ? null : <Pager visit={visit} asked={asked} found={found} />}
      </section>
    ),
  };
}

function askedOf(visit: Visit): Asked {
  const state = visit.query('state');
  const country = visit.query('country');
  return {
    q: visit.query('q').slice(0, 120),
    country: /^[A-Z]{2}$/.test(country) ? country : '',
    state: state === 'active' || state === 'inactive' ? state : '',
  };
}

function Actions({ visit }: { visit: Visit }): JSX.Element {
  return (
    <>
      <a class="btn" href={href(visit.options, IMPORT_PATH)}>
        Import CSV
      </a>
      <a class="btn btn-main" href={href(visit.options, `${PEOPLE_PATH}/new`)}>
        Add client
      </a>
    </>
  );
}

function FilterBar({ visit, asked }: { visit: Visit; asked: Asked }): JSX.Element {
  return (
    <form
      class="filters"
      method="get"
      action={href(visit.options, PEOPLE_PATH)}
      role="search"
      aria-label="Filter clients"
    >
      <div class="field wide">
        <label for="q">Search</label>
        <input
          class="input"
          type="search"
          id="q"
          name="q"
          value={asked.q}
          placeholder="Company, account or representative"
          maxlength={120}
          autocomplete="off"
        />
      </div>
      <Select
        id="country"
        label="Country"
        value={asked.country}
        choices={[['', 'Any'], ...countryChoices(visit.application.countries)]}
      />
      <Select
        id="state"
        label="State"
        value={asked.state}
        choices={[
          ['', 'All'],
          ['active', 'Active'],
          ['inactive', 'Inactive'],
        ]}
      />
      <div class="row">
        <button class="btn">Show</button>
      </div>
    </form>
  );
}

function Clients({ visit, clients }: { visit: Visit; clients: readonly ClientWithPeople[] }): JSX.Element {
  return (
    <Table
      caption="Clients"
      columns={['Company', 'State', 'Country', 'Authorised representatives']}
      rows={clients.map((client) => {
        const active = client.representatives.filter(({ status }) => status === 'active');
        return {
          off: active.length === 0,
          cells: [
            <>
              <a href={href(visit.options, clientPath(client.id))}>
                <bdi>{client.company}</bdi>
              </a>
              {client.reference === null ? null : (
                <small>
                  <bdi>{client.reference}</bdi>
                </small>
              )}
            </>,
            active.length === 0 ? <Badge tone="calm" word="Inactive" /> : <Badge tone="good" word="Active" />,
            countryWord(client.country),
            active.length === 0 ? 'None active' : <bdi>{namesIn(active)}</bdi>,
          ],
        };
      })}
    />
  );
}

/** The first few; the client's page has them all. */
function namesIn(active: ClientWithPeople['representatives']): string {
  const rest = active.length - NAMED;
  const names = active.slice(0, NAMED).map(nameOf).join(', ');
  return rest > 0 ? `${names} and ${rest} more` : names;
}

function Pager({ visit, asked, found }: { visit: Visit; asked: Asked; found: ClientPage }): JSX.Element {
  const { total, page, pages, data } = found;
  const path = (to: number): string => {
    const query = new URLSearchParams(Object.entries(asked).filter(([, value]) => value !== ''));
    if (to > 1) query.set('page', String(to));
    const text = query.toString();
    return href(visit.options, text === '' ? PEOPLE_PATH : `${PEOPLE_PATH}?${text}`);
  };
  return (
    <nav class="pager" aria-label="Pages of results">
      <span>
        {data.length} of {total} {total === 1 ? 'client' : 'clients'}, by name
      </span>
      {pages === 1 ? null : (
        <span class="row">
          <Step word="Previous" rel="prev" path={page === 1 ? null : path(page - 1)} />
          <Step word="Next" rel="next" path={page === pages ? null : path(page + 1)} />
        </span>
      )}
    </nav>
  );
}

function Step({ word, rel, path }: { word: string; rel: string; path: string | null }): JSX.Element {
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

function Nobody({ visit, asked }: { visit: Visit; asked: Asked }): JSX.Element {
  const isFiltered = asked.q !== '' || asked.country !== '' || asked.state !== '';
  return isFiltered ? (
    <Empty title="No client fits" icon="people">
      <p>Nobody here has this name, account or state.</p>
      <a class="btn" href={href(visit.options, PEOPLE_PATH)}>
        Show all clients
      </a>
    </Empty>
  ) : (
    <Empty title="Nobody here yet" icon="people">
      <p>Add the companies that call you, and who may act for them.</p>
    </Empty>
  );
}
