import { addDays } from '../../../core/zoned-day.ts';
import { dayFault } from '../day-field.tsx';
import type { Visit } from '../visit.ts';

export const INSIGHTS_PATH = '/desk/insights';
export const PRESETS = { '7d': 7, '30d': 30, '90d': 90 } as const;
const MOST_DAYS = 366;

type Field = 'from' | 'until';

/** The days that are looked at, in UTC, both in. `preset` '' = chosen by hand. */
export interface Period {
  readonly from: string;
  readonly to: string;
  readonly preset: keyof typeof PRESETS | '';
  /** What was typed that makes no period; the last 30 days are looked at instead. */
  readonly bad: {
    readonly field: Field;
    readonly says: string;
    readonly typed: Readonly<Record<Field, string>>;
  } | null;
}

/** The period of the address. A last day alone ends thirty days; from a first day alone it is up to today. */
export function readPeriod({ query }: Visit, today: string): Period {
  const typed = { from: query('from'), until: query('until') };
  const fault = faultIn(typed);
  if (fault !== null) return { ...lastDays('30d', today), bad: { ...fault, typed } };
  const { from, until } = typed;
  if (until !== '') return { from: from || addDays(until, -29), to: until, preset: '', bad: null };
  if (from !== '')
    return { from, to: from > today ? from : earlier(today, addDays(from, MOST_DAYS - 1)), preset: '', bad: null };
  const preset = Object.keys(PRESETS).includes(query('period')) ? (query('period') as keyof typeof PRESETS) : '30d';
  return lastDays(preset, today);
}

function lastDays(preset: keyof typeof PRESETS, today: string): Period {
  return { from: addDays(today, 1 - PRESETS[preset]), to: today, preset, bad: null };
}

function faultIn({
  from,
  until,
}: Readonly<Record<Field, string>>): { readonly field: Field; readonly says: string } | null {
  if (dayFault(from) !== undefined) return { field: 'from', says: 'Write the first day as 2026-11-20.' };
  if (dayFault(until) !== undefined) return { field: 'until', says: 'Write the last day as 2026-11-20.' };
  if (from === '' || until === '') return null;
  if (from > until) return { field: 'until', says: 'The last day is before the first.' };
  return from > addDays(until, -MOST_DAYS) ? null : { field: 'from', says: `Choose ${MOST_DAYS} days at most.` };
}

function earlier(one: string, other: string): string {
  return one < other ? one : other;
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
