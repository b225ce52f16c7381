import type { JSX } from 'hono/jsx/jsx-runtime';
import type { DeskRecordView } from '../../../service/desk/api.ts';
import { Mask } from '../../components/mask.tsx';
import { Table } from '../../components/table.tsx';
import { href } from '../../site.ts';
import { DayAndTime } from '../moment.tsx';
import type { Visit } from '../visit.ts';
import { isUnsentSkip } from './details.tsx';
import { recordPath } from './place.ts';
import { CHANNEL_WORDS } from '../../components/channel-words.ts';
import { countryWord } from '../country-name.ts';
import type { Confirmations } from '../confirmations.ts';
import type { NameOf } from '../names.ts';
import { Status } from '../status.tsx';

interface TableProps {
  readonly visit: Visit;
  readonly records: readonly DeskRecordView[];
  readonly nameOf: NameOf;
  /** What each cost, by id; null where the role does not see costs. */
  readonly costs: ReadonlyMap<string, string> | null;
  readonly confirmations: Confirmations;
}

const COLUMNS = ['Destination', 'Status', 'Started', 'Country', 'Channel', 'Reason', 'By', 'Tries'];
const FIGURES = ['Tries', 'Cost'];

/** Records, newest first; rows become blocks on a phone. */
export function RecordsTable({ visit, records, nameOf, costs, confirmations }: TableProps): JSX.Element {
  return (
    <Table
      caption="Records, newest first"
      columns={costs === null ? COLUMNS : [...COLUMNS, 'Cost']}
      figures={FIGURES}
      rows={records.map((record) => ({
        cells: [
          ...cellsOf({ visit, record, nameOf, confirmations }),
          ...(costs === null ? [] : [costs.get(record.id) ?? '–']),
        ],
      }))}
    />
  );
}

type RowProps = Omit<TableProps, 'records' | 'costs'> & { readonly record: DeskRecordView };

function cellsOf({ visit, record, nameOf, confirmations }: RowProps) {
  const unsent = isUnsentSkip(record);
  return [
    <>
      <a href={href(visit.options, recordPath(visit, record.id))}>
        <Mask text={record.to.masked} />
      </a>
      {record.reference === null ? null : (
        <small>
          <bdi>{record.reference}</bdi>
        </small>
      )}
    </>,
    <Status visit={visit} record={record} confirmations={confirmations} />,
    <DayAndTime visit={visit} at={record.created_at} />,
    countryWord(record.to.country),
    unsent ? '–' : CHANNEL_WORDS[record.channel],
    <bdi>{record.reason ?? '–'}</bdi>,
    <bdi>{nameOf(record.actor)}</bdi>,
    unsent ? '–' : `${record.checks} / ${record.checks + record.checks_remaining}`,
  ];
}
