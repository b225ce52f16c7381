import type { DeskRecordView } from '../../../service/api.ts';
import type { Visit } from '../visit.ts';

export const DESK_PATH = '/desk';
export const CASE_PATH = '/desk/verifications/:id';
export const SKIP_PATH = '/desk/skip';
const RECORD_PATH = '/desk/records/:id';

/** The page of one verification, or what is below it. */
export function casePath(id: string, act?: string): string {
  return act === undefined ? `/desk/verifications/${id}` : `/desk/verifications/${id}/${act}`;
}

/** Where a row of the board leads: an open one to where its code is entered, a closed one to its record; null = nowhere. */
export function rowPath(visit: Visit, { id, status }: DeskRecordView): string | null {
  const hasRecord = visit.hasPage(RECORD_PATH) && visit.may('records.view');
  if (visit.may('desk.verify') && (status === 'pending' || !hasRecord)) return casePath(id);
  return hasRecord ? `/desk/records/${id}` : null;
}

/** The record's own page; null while there is none. */
export function recordPath(visit: Visit, id: string): string | null {
  return visit.hasPage(RECORD_PATH) ? `/desk/records/${id}` : null;
}
