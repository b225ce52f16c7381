import type { Result } from '../../core/errors.ts';
import type { ListRuleView } from '../../core/list-rules.ts';
import type { ListView } from '../../core/views.ts';
import type { Caller } from '../api/caller.ts';

/** Which list, and what it matches. */
export type ListRuleInput = Pick<ListRuleView, 'list' | 'type' | 'value'>;

/** Block and allow lists: where nothing goes, or where alone something goes. */
export interface ListRulesService {
  /** The same rule twice is one. */
  add(caller: Caller, input: ListRuleInput): Promise<Result<ListRuleView>>;
  /** All, oldest first. */
  list(caller: Caller): Promise<Result<ListView<ListRuleView>>>;
  remove(caller: Caller, id: string): Promise<Result<{ readonly deleted: true }>>;
}
