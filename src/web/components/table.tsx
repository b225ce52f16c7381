import type { Child } from 'hono/jsx';
import type { JSX } from 'hono/jsx/jsx-runtime';

/** A row: its header cell first. `id` makes it a place to link to. */
export interface Row {
  readonly id?: string;
  /** Grey: it is no longer in use. */
  readonly off?: boolean;
  readonly cells: readonly Child[];
}

interface TableProps {
  readonly caption: string;
  readonly columns: readonly string[];
  /** Those of the columns that hold figures, which end at one line. */
  readonly figures?: readonly string[];
  readonly rows: readonly Row[];
}

/** From this many columns on, the table may scroll sideways and is a region with a name. */
const WIDE = 6;

/** A table whose rows become blocks of “Label value” where there is no room. The roles keep its meaning then. */
export function Table({ caption, columns, figures = [], rows }: TableProps): JSX.Element {
  const wide = columns.length >= WIDE ? { tabindex: 0, role: 'region', 'aria-label': caption } : {};
  return (
    <div class="scroll" {...wide}>
      <table class="table table-stack" role="table">
        <caption>{caption}</caption>
        <thead role="rowgroup">
          <tr role="row">
            {columns.map((column) => (
              <th scope="col" role="columnheader" class={sideOf(column, figures)}>
                {column}
              </th>
            ))}
          </tr>
        </thead>
        <tbody role="rowgroup">
          {rows.map((row) => (
            <TableRow row={row} columns={columns} figures={figures} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function sideOf(column: string | undefined, figures: readonly string[]): string | undefined {
  return column !== undefined && figures.includes(column) ? 'end' : undefined;
}

interface RowProps {
  readonly row: Row;
  readonly columns: readonly string[];
  readonly figures: readonly string[];
}

function TableRow({ row, columns, figures }: RowProps): JSX.Element {
  const [header, ...rest] = row.cells;
  return (
    <tr role="row" id={row.id} class={row.off === true ? 'is-off' : undefined}>
      <th scope="row" role="rowheader">
        {header}
      </th>
      {rest.map((cell, index) => (
        <td role="cell" class={sideOf(columns[index + 1], figures)} data-label={columns[index + 1]}>
          {cell}
        </td>
      ))}
    </tr>
  );
}
