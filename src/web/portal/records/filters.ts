import { STATUSES, CHANNELS, type ChannelName, type Status } from '../../../core/verification.ts';
import { addDays, dayOf, startOfDay } from '../../../core/zoned-day.ts';
import { STAFF_SIGN_IN } from '../../../core/staff.ts';
import type { DeskSearch, SearchInput } from '../../../service/api.ts';

export const PERIODS = { today: 0, '7d': 6, '30d': 29, '90d': 89 } as const;
type Period = keyof typeof PERIODS;

export const FILTER_NAMES = [
  'q',
  'period',
  'from',
  'until',
  'status',
  'channel',
  'country',
  'purpose',
  'reason',
  'agent',
  'signins',
  'app',
] as const;
export type FilterName = (typeof FILTER_NAMES)[number];

/** The filters of the list as its address carries them; '' = any. What makes no sense is read as any, but for a day, which then fits nothing. */
export type Filters = Readonly<Record<FilterName, string>>;

/** Longer than anything that is looked for. */
const LONGEST = 320;

/** Reads filters with `value`, which answers '' for a name it does not know. */
export function readFilters(value: (name: string) => string): Filters {
  const text = (name: string): string => value(name).slice(0, LONGEST);
  const one = (name: string, known: readonly string[]): string => (known.includes(text(name)) ? text(name) : '');
  const matching = (name: string, form: RegExp): string => (form.test(text(name)) ? text(name) : '');
  const dates = { from: text('from'), until: text('until') };
  return {
    q: text('q'),
    ...dates,
    period: dates.from !== '' || dates.until !== '' ? '' : one('period', Object.keys(PERIODS)),
    status: one('status', STATUSES),
    channel: one('channel', CHANNELS),
    country: matching('country', /^[A-Z]{2}$/),
    // What is no name of a purpose finds nothing, instead of everything.
    purpose: text('purpose').toLowerCase().replaceAll(' ', '_').slice(0, 40),
    reason: text('reason').slice(0, 128),
    agent: matching('agent', /^(?:agent:agt_[0-9A-Z]{30}|agent|api_key|hosted|library)$/),
    signins: one('signins', ['shown']),
    app: matching('app', /^app_[0-9A-Z]{30}$/),
  };
}

/** The filters in use, in their order. */
export function inUse(filters: Filters): readonly FilterName[] {
  return FILTER_NAMES.filter((name) => filters[name] !== '');
}

/** The address of a view, below the base path. Only filters in use are in it. */
export function viewPath(filters: Filters, more: Readonly<Record<string, string>> = {}): string {
  const query = new URLSearchParams();
  for (const name of inUse(filters)) query.set(name, filters[name]);
  for (const [name, value] of Object.entries(more)) if (value !== '') query.set(name, value);
  const text = query.toString();
  return text === '' ? '/desk/records' : `/desk/records?${text}`;
}

/** As the records are searched, but for what was typed into the search box. Days are those of the time zone. */
export function searchInput(filters: Filters, now: number, timeZone: string): DeskSearch {
  const { status, channel, country, purpose, reason, agent, signins } = filters;
  return {
    ...span(filters, now, timeZone),
    ...(status === '' ? {} : { status: status as Status }),
    ...(channel === '' ? {} : { channel: channel as ChannelName }),
    ...(country === '' ? {} : { country }),
    // Agents' own sign-ins are no evidence about callers.
    ...(purpose !== '' || signins !== '' ? {} : { except_purpose: STAFF_SIGN_IN }),
    ...(purpose === '' ? {} : { purpose }),
    ...(reason === '' ? {} : { reason }),
    ...(agent === '' ? {} : { actor: agent }),
  };
}

function span(
  { period, from, until }: Filters,
  now: number,
  timeZone: string,
): Pick<SearchInput, 'created_after' | 'created_before'> {
  const first = period === '' ? from : addDays(dayOf(now, timeZone), -PERIODS[period as Period]);
  const start = startOfDay(first, timeZone);
  const end = until === '' ? null : startOfDay(addDays(until, 1), timeZone);
  return {
    ...(start === null ? {} : { created_after: start - 1 }),
    ...(end === null ? {} : { created_before: end }),
  };
}
