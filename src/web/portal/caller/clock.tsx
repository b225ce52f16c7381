import type { JSX } from 'hono/jsx/jsx-runtime';
import type { Visit } from '../visit.ts';

const FORMATS = new Map<string, Intl.DateTimeFormat>();

/** `14:02:58` in the application's zone. */
export function secondsText(visit: Visit, at: string): string {
  const { time_zone: timeZone } = visit.application;
  const options = { timeZone, hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' } as const;
  const format = FORMATS.get(timeZone) ?? new Intl.DateTimeFormat('en-GB', options);
  FORMATS.set(timeZone, format);
  return format.format(new Date(at));
}

/** The same as an element. */
export function Seconds({ visit, at }: { visit: Visit; at: string }): JSX.Element {
  return <time datetime={at}>{secondsText(visit, at)}</time>;
}

/** `Friday 20 November 2026` in the application's zone. */
export function dayText({ options, application }: Visit): string {
  const words = { weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' } as const;
  const format = new Intl.DateTimeFormat('en-GB', { timeZone: application.time_zone, ...words });
  return format.format(options.now()).replace(',', '');
}
