import { isId } from '../core/id.ts';
import { STAFF_SIGN_IN } from '../core/staff.ts';
import type { Verification } from '../core/verification.ts';
import type { Found } from '../ports/verification-store.ts';
import type { Caller } from './api.ts';
import type { ServiceDeps } from './deps.ts';

/**
 * The record as far as the caller may see it: of its own application and mode. Anything else is as good as unknown, and so are the
 * codes that agents sign in with for whoever is no agent: no key and no page reads, counts, sends or ends them. `need` as for
 * `VerificationStore.get`.
 */
export async function load(
  deps: ServiceDeps,
  caller: Pick<Caller, 'application' | 'mode' | 'actor'>,
  id: string,
  need?: 'verdict',
): Promise<Found> {
  if (!isId('vrf', id)) return { record: null, now: 0 };
  const found = await deps.store.verifications.get(id, need);
  const { record } = found;
  const visible = record !== null && record.application === caller.application.id && record.mode === caller.mode;
  return visible && !isTheDesks(record, caller) ? found : { record: null, now: found.now };
}

/** Whether only agents may know of it. */
function isTheDesks({ purpose }: Verification, { actor }: Pick<Caller, 'actor'>): boolean {
  return purpose === STAFF_SIGN_IN && actor.type !== 'agent';
}
