import type { JSX } from 'hono/jsx/jsx-runtime';
import type { StatsRow } from '../../../core/insight-views.ts';
import { Table } from '../../components/table.tsx';
import { count } from './figures.ts';
import { dayLabel } from './period.ts';

const WIDTH = 700;
const HEIGHT = 200;

/** Started and verified by day: a picture that stretches, its finding in words, and the numbers in a table. */
export function DayChart({ days }: { days: readonly StatsRow[] }): JSX.Element {
  const top = niceTop(Math.max(1, ...days.map(({ started }) => started)));
  // A single day is a level line, not a point that nobody sees.
  const drawn = days.length === 1 ? [...days, ...days] : days;
  const line = (read: (row: StatsRow) => number): string =>
    drawn.map((row, at) => `${xOf(at, drawn.length)},${(HEIGHT - (read(row) / top) * HEIGHT).toFixed(1)}`).join(' ');
  const started = line((row) => row.started);
  return (
    <section class="card">
      <div class="card-head">
        <h2>Started and verified, by day</h2>
      </div>
      <div class="legend">
        <Legend name="c1" word="Started" />
        <Legend name="c2" word="Verified" />
      </div>
      <div class="chart">
        <div class="y" aria-hidden="true">
          <span>{count(top)}</span>
          <span>{count(top / 2)}</span>
          <span>0</span>
        </div>
        <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} preserveAspectRatio="none" role="img" aria-label={finding(days)}>
          {[0, HEIGHT / 2, HEIGHT].map((y) => (
            <line x1="0" x2={WIDTH} y1={y} y2={y} />
          ))}
          <polygon points={`0,${HEIGHT} ${started} ${WIDTH},${HEIGHT}`} />
          <polyline class="c1" points={started} />
          <polyline class="c2" points={line((row) => row.approved)} />
        </svg>
        <div class="x" aria-hidden="true">
          {ticksOf(days).map((day) => (
            <span>{dayLabel(day)}</span>
          ))}
        </div>
      </div>
      <details>
        <summary>Show as a table</summary>
        <Table
          caption="By day"
          columns={['Day', 'Started', 'Verified']}
          rows={days.map(({ key, started: begun, approved }) => ({
            cells: [dayLabel(key), count(begun), count(approved)],
          }))}
        />
      </details>
    </section>
  );
}

function Legend({ name, word }: { name: string; word: string }): JSX.Element {
  return (
    <span>
      <svg viewBox="0 0 24 8" aria-hidden="true">
        <line class={name} x1="0" y1="4" x2="24" y2="4" />
      </svg>
      {word}
    </span>
  );
}

function xOf(at: number, length: number): string {
  return ((at / (length - 1)) * WIDTH).toFixed(1);
}

/** A round number not below. */
function niceTop(most: number): number {
  const step = 10 ** Math.floor(Math.log10(most));
  return [2, 4, 10].map((times) => times * step).find((top) => top >= most) ?? most;
}

function ticksOf(days: readonly StatsRow[]): readonly string[] {
  const at = [0, 1 / 3, 2 / 3, 1].map((part) => Math.round(part * (days.length - 1)));
  return [...new Set(at)].flatMap((index) => days[index]?.key ?? []);
}

function finding(days: readonly StatsRow[]): string {
  const begun = days.map(({ started }) => started);
  const done = days.map(({ approved }) => approved);
  if (days.length === 1) return `That day ${count(begun[0] ?? 0)} started, and ${count(done[0] ?? 0)} were verified.`;
  const between = (values: readonly number[]): string =>
    `between ${count(Math.min(...values))} and ${count(Math.max(...values))}`;
  return `Each day ${between(begun)} started, and ${between(done)} were verified.`;
}

/** A share as a bar; the number stands beside it. */
export function Bar({ share, low = false }: { share: number; low?: boolean }): JSX.Element {
  const part = `${Math.min(100, Math.round(share * 1_000) / 10)}%`;
  return (
    <svg class="bar" role="img" aria-label={`${part.slice(0, -1)} percent${low ? ', unusually low' : ''}`}>
      <rect width={part} height="100%" class={low ? 'low' : undefined} />
    </svg>
  );
}
