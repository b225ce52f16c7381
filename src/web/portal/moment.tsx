import type { JSX } from 'hono/jsx/jsx-runtime';
import type { Visit } from './visit.ts';

/** A point in time in the application's zone: `14:02` today, else with its day. `at` is RFC 3339. */
export function Moment({ visit, at }: { visit: Visit; at: string }): JSX.Element {
  return <time datetime={at}>{momentText(at, visit.options.now(), visit.application.time_zone)}</time>;
}

/** The same on two lines that stand under each other in a table: `19 Nov`, with its year where that is another one, and `14:02`. */
export function DayAndTime({ visit, at }: { visit: Visit; at: string }): JSX.Element {
  const { time_zone } = visit.application;
  const date = new Date(at);
  return (
    <time datetime={at}>
      <span class="nowrap">
        {format(date, time_zone, { day: 'numeric', month: 'short' })}
        {otherYear(date, visit.options.now(), time_zone)}
      </span>{' '}
      <small>{format(date, time_zone, CLOCK)}</small>
    </time>
  );
}

/** `14:02` today, `19 November, 14:02` this year, else with the year. */
export function momentText(at: string, now: number, timeZone: string): string {
  const date = new Date(at);
  const clock = format(date, timeZone, CLOCK);
  const day = format(date, timeZone, DAY);
  const year = otherYear(date, now, timeZone);
  return year === '' && day === format(new Date(now), timeZone, DAY) ? clock : `${day}${year}, ${clock}`;
}

const CLOCK = { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' } as const;
const DAY = { day: 'numeric', month: 'long' } as const;

/** What stands after a day: its year with a space before it, or nothing this year. */
function otherYear(date: Date, now: number, timeZone: string): string {
  const year = format(date, timeZone, { year: 'numeric' });
  return year === format(new Date(now), timeZone, { year: 'numeric' }) ? '' : ` ${year}`;
}

const FORMATS = new Map<string, Intl.DateTimeFormat>();

function format(date: Date, timeZone: string, options: Intl.DateTimeFormatOptions): string {
  const key = `${timeZone}|${JSON.stringify(options)}`;
  const known = FORMATS.get(key) ?? new Intl.DateTimeFormat('en-GB', { timeZone, ...options });
  FORMATS.set(key, known);
  return known.format(date);
}
