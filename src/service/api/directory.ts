import type { Result } from '../../core/errors.ts';
import type { ListView, PersonView } from '../../core/views.ts';
import type { Caller, To } from './caller.ts';

/** People who alone may receive codes where the policy says `recipients: directory`. */
export interface DirectoryService {
  put(
    caller: Caller,
    input: { readonly to: To; readonly name?: string; readonly reference?: string },
  ): Promise<Result<PersonView>>;
  list(
    caller: Caller,
    input: { readonly to?: string; readonly limit?: number; readonly cursor?: string },
  ): Promise<Result<ListView<PersonView>>>;
  remove(caller: Caller, to: To): Promise<Result<{ readonly deleted: true }>>;
  /** Has every hosted page ask for a code again, on whatever device it remembered the destination. */
  forgetDevices(caller: Caller, to: To): Promise<Result<{ readonly forgotten: number }>>;
  /** Re-binds a destination whose failed checks locked it. */
  rebind(caller: Caller, to: To): Promise<Result<{ readonly rebound: boolean }>>;
}
