import type { JSX } from 'hono/jsx/jsx-runtime';
import { isId } from '../../../core/id.ts';
import type { RepresentativeView } from '../../../core/people-views.ts';
import type { ClientWithPeople, PersonHistory } from '../../../service/people/api.ts';
import { Empty } from '../../components/empty.tsx';
import { Mask } from '../../components/mask.tsx';
import { Table } from '../../components/table.tsx';
import { href } from '../../site.ts';
import { Moment } from '../moment.tsx';
import { confirmationsOf, type Confirmations } from '../confirmations.ts';
import type { NameOf } from '../names.ts';
import { Status } from '../status.tsx';
import type { Visit } from '../visit.ts';
import { clientPath, nameOf } from './paths.ts';
import { Select } from './select.tsx';

interface ShownHistory extends PersonHistory {
  readonly confirmations: Confirmations;
}

interface HistoryProps {
  readonly visit: Visit;
  readonly client: ClientWithPeople;
  readonly history: ShownHistory;
  readonly names: NameOf;
  readonly asked: RepresentativeView | null;
}

/** The page of a client's history that the address asks for; a cursor that is none shows the newest. */
export async function historyOf(
  visit: Visit,
  client: ClientWithPeople,
  asked: RepresentativeView | null,
): Promise<ShownHistory> {
  const query = { representative: asked?.id ?? null, cursor: cursorOf(visit) };
  const found = await visit.service.people.history(visit.caller, client.id, query);
  const history = found.ok ? found.value : { data: [], next_cursor: null };
  const records = history.data.map(({ record }) => record);
  return { ...history, confirmations: await confirmationsOf(visit, records) };
}

function cursorOf(visit: Visit): string | null {
  const cursor = visit.query('cursor');
  return isId('vrf', cursor) ? cursor : null;
}

/** What was verified of a client's people, newest first. */
export function History(props: HistoryProps): JSX.Element {
  const { visit, client, history, asked } = props;
  return (
    <section class="card card-flush">
      {client.representatives.length < 2 ? null : <Whose visit={visit} client={client} asked={asked} />}
      {history.data.length === 0 ? (
        <Empty title="Nothing verified yet" icon="records">
          <p>Codes to what is on file will stand here.</p>
        </Empty>
      ) : (
        <Records {...props} />
      )}
      <Pager {...props} />
    </section>
  );
}

function Records({ visit, history, names }: HistoryProps): JSX.Element {
  return (
    <Table
      caption="History"
      columns={['Destination', 'Status', 'Reason', 'Started']}
      rows={history.data.map(({ record, representative }) => ({
        cells: [
          <>
            <a href={href(visit.options, `/desk/records/${record.id}`)}>
              <Mask text={record.to.masked} />
            </a>
            <small>
              <bdi>{nameOf(representative)}</bdi>
            </small>
          </>,
          <Status visit={visit} record={record} confirmations={history.confirmations} />,
          <bdi>{record.reason ?? '–'}</bdi>,
          <>
            <span class="nowrap">
              <Moment visit={visit} at={record.created_at} />
            </span>{' '}
            <small class="nowrap">
              <bdi>{names(record.actor)}</bdi>
            </small>
          </>,
        ],
      }))}
    />
  );
}

/** Nothing where everything stands on one page. */
function Pager({ visit, client, history, asked }: HistoryProps): JSX.Element | null {
  const isFirst = cursorOf(visit) === null;
  const { next_cursor: next } = history;
  if (isFirst && next === null) return null;
  const path = (cursor: string | null): string => {
    const query = new URLSearchParams(asked === null ? {} : { person: asked.id });
    if (cursor !== null) query.set('cursor', cursor);
    const text = query.toString();
    return href(visit.options, text === '' ? clientPath(client.id) : `${clientPath(client.id)}?${text}`);
  };
  return (
    <nav class="pager" aria-label="Pages of the history">
      <span class="row">
        {isFirst ? null : (
          <a class="btn btn-small" href={path(null)}>
            Newest
          </a>
        )}
        {next === null ? null : (
          <a class="btn btn-small" href={path(next)} rel="next">
            Older
          </a>
        )}
      </span>
    </nav>
  );
}

function Whose({ visit, client, asked }: Pick<HistoryProps, 'visit' | 'client' | 'asked'>): JSX.Element {
  return (
    <form class="filters" method="get" action={href(visit.options, clientPath(client.id))} aria-label="Whose history">
      <Select
        id="person"
        label="History of"
        value={asked?.id ?? ''}
        choices={[['', 'Everybody'], ...client.representatives.map((one) => [one.id, nameOf(one)] as const)]}
      />
      <div class="row">
        <button class="btn">Show</button>
      </div>
    </form>
  );
}
