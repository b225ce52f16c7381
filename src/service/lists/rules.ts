import { ruleAgainst, type ListRule, type Ruled } from '../../core/list-rules.ts';
import type { ServiceDeps } from '../deps.ts';

export const RULE_KIND = 'list_rule';
export const MOST_RULES = 1_000;
const FRESH_MS = 1_000;

/** What the lists of an application say. A change by any instance holds within a second. */
export interface Rules {
  against(application: string, about: Ruled): Promise<'block_list' | 'allow_list' | null>;
  /** After a write by this instance. */
  forget(): void;
}

/** Read whole, and once a second at most. */
export function createRules({ store, env }: Pick<ServiceDeps, 'store' | 'env'>): Rules {
  const known = new Map<string, { readonly at: number; readonly rules: Promise<readonly ListRule[]> }>();

  function rulesOf(application: string): Promise<readonly ListRule[]> {
    const before = known.get(application);
    const at = env.now();
    if (before !== undefined && at - before.at < FRESH_MS) return before.rules;
    const rules = store.documents
      .list({ kind: RULE_KIND, application, limit: MOST_RULES })
      .then((found) => found.map(({ body }) => JSON.parse(body) as ListRule));
    known.set(application, { at, rules });
    rules.catch(() => known.delete(application));
    return rules;
  }

  return {
    against: async (application, about) => ruleAgainst(await rulesOf(application), about),
    forget: () => known.clear(),
  };
}
