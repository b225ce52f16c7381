import { ruleAgainst, type ListRule, type Ruled } from '../../core/list-rules.ts';
import type { ServiceDeps } from '../deps.ts';
import { readThrough } from '../read-through.ts';

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
  const known = readThrough<readonly ListRule[]>(env, { forMs: FRESH_MS });

  async function load(application: string): Promise<readonly ListRule[]> {
    const found = await store.documents.list({ kind: RULE_KIND, application, limit: MOST_RULES });
    return found.map(({ body }) => JSON.parse(body) as ListRule);
  }

  return {
    against: async (application, about) => ruleAgainst(await known.of(application, () => load(application)), about),
    forget: () => known.forget(),
  };
}
