import type { Result } from '../../core/errors.ts';
import type { ListView, SuppressionView } from '../../core/views.ts';
import type { Caller, To } from '../api/caller.ts';

/** A destination that gets nothing more. */
export interface SuppressionInput {
  readonly to: To;
  /** `manual` when absent. */
  readonly reason?: SuppressionView['reason'];
}

/** Destinations of an application that get nothing more. */
export interface SuppressionsService {
  add(caller: Caller, input: SuppressionInput): Promise<Result<SuppressionView>>;
  /** In no particular order; `to` finds what holds one destination back. */
  list(
    caller: Caller,
    input: { readonly to?: string; readonly limit?: number; readonly cursor?: string },
  ): Promise<Result<ListView<SuppressionView>>>;
  remove(caller: Caller, to: To): Promise<Result<{ readonly deleted: true }>>;
}
