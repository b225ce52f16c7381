import type { JSX } from 'hono/jsx/jsx-runtime';
import type { StatsRow, StatsView } from '../../../core/insight-views.ts';
import { Table } from '../../components/table.tsx';
import { Bar } from './chart.tsx';
import { count, money, moneyPer, partOf, percent, seconds } from './figures.ts';
import { reasonWords } from './reason-words.ts';

/** Below this part of the whole's share, a row is pointed out. */
const LOW = 0.5;

/** How far it went: each step with its share of the one it is measured by. */
export function Funnel({ total }: { total: StatsRow }): JSX.Element {
  const steps = [
    ['Started', total.started, total.started, ''],
    ['Messages sent', total.sent, total.started, 'of started'],
    ['Messages delivered', total.delivered, total.sent, 'of sent'],
    ['Verified', total.approved, total.started, 'of started'],
  ] as const;
  return (
    <section class="card card-flush">
      <Table
        caption="Funnel"
        columns={['Step', 'Share as a bar', 'Count', 'Share']}
        rows={steps.map(([word, part, whole, beside]) => ({
          cells: [
            word,
            <Bar share={whole === 0 ? 0 : part / whole} />,
            count(part),
            <>
              {partOf(part, whole)} <small>{beside}</small>
            </>,
          ],
        }))}
      />
    </section>
  );
}

type SliceProps = {
  caption: string;
  first: string;
  rows: readonly StatsRow[];
  total: StatsRow;
  nameOf: (key: string) => string;
};

/** Rows of a table; the rest is only counted. */
export const MOST_ROWS = 20;

/** The same traffic, cut one way. */
export function Slice({ caption, first, rows, total, nameOf }: SliceProps): JSX.Element {
  const costs = total.cost !== null;
  const columns = [first, 'Verified of started', 'Started', 'Share', 'Sent', 'Delivered', 'Half within'];
  const shown = rows.slice(0, MOST_ROWS);
  return (
    <section class="card card-flush">
      <Table
        caption={caption}
        columns={costs ? [...columns, 'Cost', 'Per verified'] : columns}
        rows={shown.map((row) => ({
          cells: [...cellsOf(row, total, nameOf), ...(costs ? [money(row.cost), moneyPer(row)] : [])],
        }))}
      />
      {rows.length > shown.length ? (
        <p class="pager">
          {shown.length} of {rows.length}, most started first
        </p>
      ) : null}
    </section>
  );
}

function cellsOf(row: StatsRow, total: StatsRow, nameOf: SliceProps['nameOf']) {
  const low = row.conversion !== null && total.conversion !== null && row.conversion < total.conversion * LOW;
  return [
    <bdi>{nameOf(row.key)}</bdi>,
    row.conversion === null ? (
      '–'
    ) : (
      <>
        <Bar share={row.conversion} low={low} /> {low ? <small>Unusually low: look at blocked sends</small> : null}
      </>
    ),
    count(row.started),
    percent(row.conversion),
    count(row.sent),
    partOf(row.delivered, row.sent),
    seconds(row.half_within),
  ];
}

/** Reasons with how often, most first. */
export function Reasons({
  caption,
  counts,
  none,
}: {
  caption: string;
  counts: StatsView['blocks'];
  none: string;
}): JSX.Element {
  const rows = Object.entries(counts).toSorted(([, a], [, b]) => b - a);
  return (
    <section class="card card-flush">
      {rows.length === 0 ? (
        <div class="card-head">
          <h2>{caption}</h2>
          <p class="hint">{none}</p>
        </div>
      ) : (
        <Table
          caption={caption}
          columns={['Reason', 'Count']}
          rows={rows.map(([reason, times]) => ({ cells: [reasonWords(reason), count(times)] }))}
        />
      )}
    </section>
  );
}
