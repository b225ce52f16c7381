import { addDays, startOfDay } from '../../../core/zoned-day.ts';
import type { AuditQuery } from '../../../service/api.ts';
import type { Visit } from '../visit.ts';
import { GROUPS } from './words.ts';

export const AUDIT_PATH = '/desk/audit';
export const FILTER_NAMES = ['q', 'from', 'until', 'who', 'what'] as const;
export type Filters = Readonly<Record<(typeof FILTER_NAMES)[number], string>>;

const WHO = /^(?:agt_[0-9A-Z]{30}|agent|api_key|system)$/;
/** Longer than any id. */
const LONGEST = 64;

/** The filters as the address carries them. What is no id or day finds nothing, instead of everything; the rest is read as any. */
export function readFilters({ query }: Visit): Filters {
  const fit = (name: string, fits: (text: string) => boolean): string => (fits(query(name)) ? query(name) : '');
  return {
    q: query('q').slice(0, LONGEST),
    from: query('from').slice(0, LONGEST),
    until: query('until').slice(0, LONGEST),
    who: fit('who', (text) => WHO.test(text)),
    what: fit('what', (text) => Object.hasOwn(GROUPS, text)),
  };
}

/** As the log is read. Days are those of the application's time zone. */
export function queryOf({ q, from, until, who, what }: Filters, timeZone: string): AuditQuery {
  const after = startOfDay(from, timeZone);
  const before = startOfDay(addDays(until, 1), timeZone);
  const group = Object.entries(GROUPS).find(([name]) => name === what)?.[1];
  return {
    ...(q === '' ? {} : { target: q }),
    ...(who === '' ? {} : { actor: who }),
    ...(group === undefined ? {} : { actions: group.actions }),
    ...(after === null ? {} : { created_after: after }),
    ...(before === null || until === '' ? {} : { created_before: before }),
  };
}

/** The address of a view, below the base path. */
export function viewPath(filters: Filters, cursor = ''): string {
  const query = new URLSearchParams();
  for (const name of FILTER_NAMES) if (filters[name] !== '') query.set(name, filters[name]);
  if (cursor !== '') query.set('cursor', cursor);
  const text = query.toString();
  return text === '' ? AUDIT_PATH : `${AUDIT_PATH}?${text}`;
}
