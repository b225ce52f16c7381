import type { Actor } from '../../core/verification.ts';
import type { Application } from '../../ports/settings.ts';
import { atAddress, forgetAddresses, syncDirectory } from './addresses.ts';
import type { Representative } from './client.ts';
import { changeRepresentative, type Deps } from './stored.ts';

const NOBODY = { firstName: '', lastName: '', role: null, country: null, mobile: null, email: null } as const;

/** Erases everybody on file at an address: of each only the id is left. */
export async function forgetPeople(
  deps: Deps,
  application: Pick<Application, 'id' | 'default_country'>,
  toIndexes: readonly string[],
  actor: Actor,
): Promise<void> {
  for (const one of await atAddress(deps, application.id, toIndexes)) await forgetPerson(deps, application, one, actor);
}

export async function forgetPerson(
  deps: Deps,
  application: Pick<Application, 'id' | 'default_country'>,
  one: Representative,
  actor: Actor,
): Promise<void> {
  const modifiedAt = await deps.store.verifications.time();
  const erase = (known: Representative): Representative => ({
    ...known,
    ...NOBODY,
    state: 'erased',
    modifiedAt,
    modifiedBy: actor,
  });
  await changeRepresentative(deps, one, erase);
  await forgetAddresses(deps, one.id);
  await syncDirectory(deps, application, [one.mobile, one.email]);
}
