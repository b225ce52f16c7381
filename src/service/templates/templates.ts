import type { Application } from '../../ports/settings.ts';
import type { ServiceDeps } from '../deps.ts';
import { readThrough } from '../read-through.ts';
import { managedFrom, savedFrom, TEMPLATE_KIND, type SavedTemplate } from './saved-template.ts';

/** The most templates an application may have, so that all of them are read at once. */
export const MOST_TEMPLATES = 200;
const FRESH_MS = 1_000;

/** The words of applications' own messages. */
export interface Templates {
  /**
   * Those of an application in the order of their ids, of the configuration file before what was saved for the same. At most a
   * second behind a change made by any instance; while the store is away, as they were last seen.
   */
  of(application: Pick<Application, 'id' | 'name'>): Promise<readonly SavedTemplate[]>;
  /** The same as this instance last read them, without asking. */
  seen(application: string): readonly SavedTemplate[];
  /** After a write by this instance. */
  forget(application: string): void;
}

/** A read-through cache of templates, per application. */
export function createTemplates(deps: ServiceDeps): Templates {
  const seen = new Map<string, readonly SavedTemplate[]>();
  const known = readThrough<readonly SavedTemplate[]>(deps.env, { forMs: FRESH_MS, oldIfFailed: true });
  return {
    // Old words are better than none.
    of: (application) =>
      known.of(application.id, async () => {
        const found = await load(deps, application);
        seen.set(application.id, found);
        return found;
      }),
    seen: (application) => seen.get(application) ?? [],
    forget: (application) => known.forget(application),
  };
}

async function load(
  { store, settings }: ServiceDeps,
  { id, name }: Pick<Application, 'id' | 'name'>,
): Promise<readonly SavedTemplate[]> {
  const documents = await store.documents.list({ kind: TEMPLATE_KIND, application: id, limit: MOST_TEMPLATES });
  const templates = new Map(documents.map(savedFrom).map((template) => [template.id, template]));
  for (const input of settings.managed.find((entry) => entry.name === name)?.templates ?? []) {
    const managed = managedFrom(input);
    if (managed !== null) templates.set(managed.id, managed);
  }
  return [...templates.values()].toSorted((a, b) => (a.id < b.id ? -1 : 1));
}
