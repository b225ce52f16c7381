import type { JSX } from 'hono/jsx/jsx-runtime';
import { zonedText } from '../../../core/zoned-day.ts';

const MONTHS = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
];

/** To the second, in the application's zone: evidence names the instant. The day stands there when it is not `day`'s. */
export function Instant({ at, timeZone, day }: { at: string; timeZone: string; day: string }): JSX.Element {
  const text = zonedText(Date.parse(at), timeZone);
  const same = zonedText(Date.parse(day), timeZone).slice(0, 10) === text.slice(0, 10);
  return <time datetime={at}>{same ? text.slice(11) : `${dateWord(text)} ${text.slice(11)}`}</time>;
}

/** `20 November 2026 at 13:49:02`. */
export function instantWords(at: string, timeZone: string): string {
  const text = zonedText(Date.parse(at), timeZone);
  return `${dateWord(text)} at ${text.slice(11)}`;
}

/** `20 November 2026`. */
export function dateWords(at: string, timeZone: string): string {
  return dateWord(zonedText(Date.parse(at), timeZone));
}

function dateWord(text: string): string {
  return `${Number(text.slice(8, 10))} ${MONTHS[Number(text.slice(5, 7)) - 1] ?? ''} ${text.slice(0, 4)}`;
}
