import type { JSX } from 'hono/jsx/jsx-runtime';
import type { DeskRecordView, TodayView } from '../../../service/api.ts';
import { Empty } from '../../components/empty.tsx';
import { Table } from '../../components/table.tsx';
import { href } from '../../site.ts';
import { Moment } from '../moment.tsx';
import type { Visit } from '../visit.ts';
import { rowPath } from './paths.ts';
import { CHANNEL_WORDS } from '../../components/channel-words.ts';
import { Mask } from '../../components/mask.tsx';
import { countryName } from '../country-name.ts';
import type { Confirmations } from '../confirmations.ts';
import type { NameOf } from '../names.ts';
import { Status } from '../status.tsx';
import { counted } from '../words.ts';

interface BoardProps {
  readonly visit: Visit;
  readonly today: TodayView;
  readonly nameOf: NameOf;
  readonly confirmations: Confirmations;
}

/** What this desk did today: counts, and the newest records. It is read anew while the page is open. */
export function Board(props: BoardProps): JSX.Element {
  return (
    <div class="stack-wide" id="board" data-live-part>
      <Tiles today={props.today} />
      {props.today.total === 0 ? <NothingYet visit={props.visit} /> : <Today {...props} />}
    </div>
  );
}

function Tiles({ today }: Pick<BoardProps, 'today'>): JSX.Element {
  const { total, isPartial, agents, open, ownOpen, approved, decided, skipped } = today;
  const plus = isPartial ? '+' : '';
  const share = decided === 0 ? 'none closed yet' : `${Math.round((approved / decided) * 100)}% of those closed`;
  return (
    <dl class="tiles">
      <Tile label="Started today" figure={`${total}${plus}`} note={`by ${counted(agents, 'agent')}`} />
      <Tile label="Verified" figure={`${approved}${plus}`} note={share} />
      <Tile label="Open now" figure={`${open}${plus}`} note={ownOpen === 1 ? '1 is yours' : `${ownOpen} are yours`} />
      <Tile label="Skipped" figure={`${skipped}${plus}`} note="never counts as verified" />
    </dl>
  );
}

function Tile({ label, figure, note }: { label: string; figure: string; note: string }): JSX.Element {
  return (
    <div class="tile">
      <dt>{label}</dt>
      <dd>{figure}</dd>
      <dd>{note}</dd>
    </div>
  );
}

function NothingYet({ visit }: Pick<BoardProps, 'visit'>): JSX.Element {
  return (
    <section class="card card-flush">
      <Empty title="No codes sent today">
        <p>Send the first one with the form. It appears here with its delivery and result, and stays on record.</p>
        {visit.hasPage('/desk/records') ? (
          <a href={href(visit.options, '/desk/records')}>Look up earlier records</a>
        ) : null}
      </Empty>
    </section>
  );
}

function Today({ visit, today, nameOf, confirmations }: BoardProps): JSX.Element {
  const { records, total, isPartial } = today;
  return (
    <section class="card card-flush">
      <Table
        caption="Today"
        columns={['Destination', 'Status', 'Reason', 'Started']}
        rows={records.map((record) => ({
          id: record.id,
          cells: cellsOf({ visit, record, name: nameOf(record.actor), confirmations }),
        }))}
      />
      <div class="pager">
        <span>
          Newest {records.length} of {total}
          {isPartial ? '+' : ''} today
        </span>
        {visit.hasPage('/desk/records') ? (
          <a class="btn btn-small" href={href(visit.options, '/desk/records')}>
            All records
          </a>
        ) : null}
      </div>
    </section>
  );
}

type RowProps = Pick<BoardProps, 'visit' | 'confirmations'> & {
  readonly record: DeskRecordView;
  readonly name: string;
};

function cellsOf({ visit, record, name, confirmations }: RowProps) {
  const path = rowPath(visit, record);
  return [
    <>
      {path === null ? (
        <Mask text={record.to.masked} />
      ) : (
        <a href={href(visit.options, path)}>
          <Mask text={record.to.masked} />
        </a>
      )}{' '}
      <small>{wayOf(record)}</small>
    </>,
    <Status visit={visit} record={record} confirmations={confirmations} />,
    <>
      {record.reason ?? '–'}{' '}
      {record.reference === null ? null : (
        <small class="nowrap">
          <bdi>{record.reference}</bdi>
        </small>
      )}
    </>,
    <>
      <Moment visit={visit} at={record.created_at} />{' '}
      <small class="nowrap">
        <bdi>{name}</bdi>
      </small>
    </>,
  ];
}

function wayOf({ channel, sends, to }: DeskRecordView): string {
  const way = sends === 0 ? 'No code sent' : CHANNEL_WORDS[channel];
  return to.country === null ? way : `${way}, ${countryName(to.country)}`;
}
