import { isId } from '../core/id.ts';
import type { Found } from '../ports/verification-store.ts';
import type { Caller } from './api.ts';
import type { ServiceDeps } from './deps.ts';

/**
 * The record as far as the caller may see it: of its own application and mode. Anything else is as good as unknown. `need` as for
 * `VerificationStore.get`.
 */
export async function load(
  deps: ServiceDeps,
  caller: Pick<Caller, 'application' | 'mode'>,
  id: string,
  need?: 'verdict',
): Promise<Found> {
  if (!isId('vrf', id)) return { record: null, now: 0 };
  const found = await deps.store.verifications.get(id, need);
  const { record } = found;
  const visible = record !== null && record.application === caller.application.id && record.mode === caller.mode;
  return visible ? found : { record: null, now: found.now };
}
