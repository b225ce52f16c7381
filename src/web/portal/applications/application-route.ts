import type { FormBounds, FormFields } from '../../form.ts';
import { portalAct, portalPage, type Done, type Page } from '../page.tsx';
import type { StaffRoute } from '../route.ts';
import type { Visit } from '../visit.ts';
import { APPLICATIONS_PATH, scopeOf, type Scope } from './scope.ts';

/** A page about one application, by GET. `path` follows that of the application. */
export function applicationPage(
  path: string,
  show: (visit: Visit, scope: Scope) => Promise<Page | null> | Page,
): StaffRoute {
  return portalPage({
    path: `${APPLICATIONS_PATH}/:app${path}`,
    right: 'administration',
    async show(visit) {
      const scope = await scopeOf(visit);
      return scope === null ? null : show(visit, scope);
    },
  });
}

/** What a form about one application does, by POST. `form` is what it takes where that is more than a few fields. */
export function applicationAct(
  path: string,
  act: (visit: Visit, scope: Scope, fields: FormFields) => Promise<Done | Page | null>,
  form: FormBounds = {},
): StaffRoute {
  return portalAct({
    form,
    path: `${APPLICATIONS_PATH}/:app${path}`,
    right: 'administration',
    async act(visit, fields) {
      const scope = await scopeOf(visit);
      return scope === null ? null : act(visit, scope, fields);
    },
  });
}
