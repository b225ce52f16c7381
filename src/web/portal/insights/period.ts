import { addDays, startOfDay } from '../../../core/zoned-day.ts';
import type { Visit } from '../visit.ts';

export const INSIGHTS_PATH = '/desk/insights';
export const PRESETS = { '7d': 7, '30d': 30, '90d': 90 } as const;
const MOST_DAYS = 366;

/** The days that are looked at, in UTC, both in. `preset` '' = chosen by hand. */
export interface Period {
  readonly from: string;
  readonly to: string;
  readonly preset: keyof typeof PRESETS | '';
}

/** The period of the address; what makes no sense is read as the last 30 days. */
export function readPeriod({ query }: Visit, today: string): Period {
  const [from, to] = [query('from'), query('until')];
  const isDay = (text: string): boolean => startOfDay(text, 'UTC') !== null;
  const given = isDay(from) || isDay(to);
  const last = isDay(to) ? to : today;
  const first = isDay(from) ? from : addDays(last, -29);
  if (given && first <= last && first > addDays(last, -MOST_DAYS)) return { from: first, to: last, preset: '' };
  const preset = Object.keys(PRESETS).includes(query('period')) ? (query('period') as keyof typeof PRESETS) : '30d';
  return { from: addDays(today, 1 - PRESETS[preset]), to: today, preset };
}

/** `7 November 2026`. */
export function dayWords(day: string): string {
  return FORMAT.format(new Date(`${day}T00:00:00Z`));
}

const FORMAT = new Intl.DateTimeFormat('en-GB', { timeZone: 'UTC', day: 'numeric', month: 'long', year: 'numeric' });

/** `7 Nov`. */
export function dayLabel(day: string): string {
  return SHORT.format(new Date(`${day}T00:00:00Z`));
}

const SHORT = new Intl.DateTimeFormat('en-GB', { timeZone: 'UTC', day: 'numeric', month: 'short' });
