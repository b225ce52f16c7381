import type { Right } from '../../../core/staff.ts';
import type { ApplicationView } from '../../../core/views.ts';
import type { Visit } from '../visit.ts';

export const RECORDS_PATH = '/desk/records';

/** What an administrator of the installation may do with another application's records: look. */
const LOOKING: ReadonlySet<Right> = new Set(['records.view', 'records.print', 'costs.view']);

/** The visit to the application whose records are asked for (`?app=`); null where somebody may not see them. */
export async function placeOf(own: Visit): Promise<Visit | null> {
  const asked = own.query('app');
  if (asked === '' || asked === own.application.id) return own;
  const caller = own.may('administration') ? await own.service.applications.administered(own.caller, asked) : null;
  if (caller === null) return null;
  const may = (right: Right): boolean => LOOKING.has(right) && own.may(right);
  return { ...own, application: caller.application, caller, may };
}

/** The applications to choose from, where there are several. */
export async function placesOf(own: Visit): Promise<readonly ApplicationView[]> {
  const found = own.may('administration') ? await own.service.applications.list(own.caller) : null;
  return found?.ok === true && found.value.data.length > 1 ? found.value.data : [];
}

/** A page of a record, below the base path. */
export function recordPath({ application, staff }: Visit, id: string, rest = ''): string {
  const path = `${RECORDS_PATH}/${id}${rest}`;
  return application.id === staff.application.id ? path : `${path}?app=${application.id}`;
}
