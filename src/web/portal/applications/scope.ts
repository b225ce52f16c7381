import type { ApplicationView } from '../../../core/views.ts';
import type { Caller } from '../../../service/api.ts';
import type { Visit } from '../visit.ts';

export const APPLICATIONS_PATH = '/desk/applications';

/** The application that a page below `/desk/applications/:app` is about. */
export interface Scope {
  /** Whoever looks, as one of that application. */
  readonly caller: Caller;
  readonly view: ApplicationView;
  /** Of its pages. */
  readonly path: string;
}

/** Null when there is no such application, or it is another tenant's. */
export async function scopeOf({ service, caller: visitor, param }: Visit): Promise<Scope | null> {
  const caller = await service.applications.administered(visitor, param('app'));
  const found = caller === null ? null : await service.applications.get(caller, caller.application.id);
  if (caller === null || found === null || !found.ok) return null;
  return { caller, view: found.value, path: `${APPLICATIONS_PATH}/${found.value.id}` };
}
