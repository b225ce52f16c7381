import type { Application } from '../../ports/settings.ts';
import type { ServiceDeps } from '../deps.ts';
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

interface Known {
  readonly at: number;
  readonly templates: Promise<readonly SavedTemplate[]>;
}

/** A read-through cache of templates, per application. */
export function createTemplates(deps: ServiceDeps): Templates {
  const known = new Map<string, Known>();
  const seen = new Map<string, readonly SavedTemplate[]>();
  return {
    of(application) {
      const at = deps.env.now();
      const before = known.get(application.id);
      if (before !== undefined && at - before.at < FRESH_MS) return before.templates;
      // Old words are better than none: what was read before stands in for what cannot be read now.
      const templates = load(deps, application).then(
        (found) => {
          seen.set(application.id, found);
          return found;
        },
        (error: unknown) => {
          if (before === undefined) known.delete(application.id);
          return before?.templates ?? Promise.reject(error);
        },
      );
      known.set(application.id, { at, templates });
      return templates;
    },
    seen: (application) => seen.get(application) ?? [],
    forget: (application) => {
      const before = known.get(application);
      if (before !== undefined) known.set(application, { ...before, at: Number.NEGATIVE_INFINITY });
    },
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
