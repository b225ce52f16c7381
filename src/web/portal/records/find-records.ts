import { isId } from '../../../core/id.ts';
import type { DeskSearch } from '../../../service/api.ts';
import type { DeskRecordView } from '../../../service/desk/api.ts';
import { hasBadDay } from '../day-field.tsx';
import type { Visit } from '../visit.ts';
import { searchInput, type Filters } from './filters.ts';

/** What a search found, and what the search box was taken for. */
export interface Found {
  readonly records: readonly DeskRecordView[];
  /** Cursor of the next page; null = this is the last. */
  readonly next: string | null;
  readonly by: 'nothing' | 'id' | 'destination' | 'reference';
}

/** Records on a full page. */
export const FULL = 25;
/** Records looked at for one page of a filter that few fit: more would take longer than a page may. “Older” goes on. */
const PATIENCE = 10_000;

/** One page of the records that fit. A cursor that is none of this list shows the first page. */
export async function findRecords(visit: Visit, filters: Filters, cursor: string, limit = FULL): Promise<Found> {
  const { q } = filters;
  if (hasBadDay(filters)) return { records: [], next: null, by: 'nothing' };
  const base = searchInput(filters, visit.options.now(), visit.application.time_zone);
  const page = { ...base, limit, patience: PATIENCE, ...(isId('vrf', cursor) ? { cursor } : {}) };
  if (q === '') return { ...(await search(visit, page)), by: 'nothing' };
  if (isId('vrf', q)) return byId(visit, q, base);
  const byDestination = looksLikeAddress(q) ? await search(visit, { ...page, to: q }) : null;
  if (byDestination !== null && (byDestination.records.length > 0 || !mayBeReference(q))) {
    return { ...byDestination, by: 'destination' };
  }
  return { ...(await search(visit, { ...page, reference: q.slice(0, 128) })), by: 'reference' };
}

/** How `findRecords` understood the search box, as fields of a search that reads on and on (CSV export). */
export async function exportInput(
  visit: Visit,
  filters: Filters,
): Promise<DeskSearch | 'none' | { readonly id: string }> {
  if (hasBadDay(filters)) return 'none';
  const base = searchInput(filters, visit.options.now(), visit.application.time_zone);
  if (filters.q === '') return base;
  const { by, records } = await findRecords(visit, filters, '', 1);
  if (by === 'id') return records.length === 0 ? 'none' : { id: filters.q };
  return by === 'destination' ? { ...base, to: filters.q } : { ...base, reference: filters.q.slice(0, 128) };
}

async function search(visit: Visit, input: DeskSearch): Promise<Pick<Found, 'records' | 'next'>> {
  const found = await visit.service.desk.search(visit.caller, input);
  // What cannot be read as an address finds nothing.
  return found.ok ? { records: found.value.data, next: found.value.next_cursor } : { records: [], next: null };
}

async function byId(visit: Visit, id: string, filter: DeskSearch): Promise<Found> {
  const found = await visit.service.desk.record(visit.caller, id);
  const records = found.ok && fits(found.value, filter) ? [found.value] : [];
  return { records, next: null, by: 'id' };
}

function fits(record: DeskRecordView, filter: DeskSearch): boolean {
  const at = Date.parse(record.created_at);
  const actor = filter.actor ?? record.actor.type;
  return (
    (filter.status ?? record.status) === record.status &&
    (filter.channel ?? record.channel) === record.channel &&
    (filter.country ?? record.to.country) === record.to.country &&
    (filter.purpose ?? record.purpose) === record.purpose &&
    (filter.reason ?? record.reason) === record.reason &&
    (actor === record.actor.type || actor === `${record.actor.type}:${record.actor.id ?? ''}`) &&
    at > (filter.created_after ?? -Infinity) &&
    at < (filter.created_before ?? Infinity)
  );
}

function looksLikeAddress(text: string): boolean {
  return text.includes('@') || /^\+?[\d\s().-]{6,}$/.test(text);
}

/** Digits alone may be a ticket as well as a number; the number is tried first. */
function mayBeReference(text: string): boolean {
  return !text.includes('@') && !text.startsWith('+');
}
