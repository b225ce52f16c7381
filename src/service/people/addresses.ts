import { isId } from '../../core/id.ts';
import type { Application } from '../../ports/settings.ts';
import { address, newest, type Addressed } from '../destination.ts';
import { forgetDevices } from '../devices/index.ts';
import { putPerson } from '../directory.ts';
import type { Representative } from './client.ts';
import { representativeById, type Deps } from './stored.ts';

const ADDRESS_KIND = 'representative_address';
/** More people than anybody shares an address with. */
const MOST_SHARED = 100;

/** Notes under which addresses a representative is found, active or not. */
export async function noteAddresses(deps: Deps, one: Representative): Promise<void> {
  await forgetAddresses(deps, one.id);
  for (const [suffix, value] of [
    ['m', one.mobile],
    ['e', one.email],
  ] as const) {
    if (value === null) continue;
    const addressed = address(deps.ring, { default_country: null }, value);
    if (!addressed.ok) continue;
    await deps.store.documents.put({
      kind: ADDRESS_KIND,
      id: `${one.id}.${suffix}`,
      application: one.application,
      index: newest(addressed.value.toIndexes),
      version: 1,
      body: '{}',
      createdAt: one.createdAt,
      dueAt: null,
      endsAt: null,
    });
  }
}

export async function forgetAddresses(deps: Deps, representative: string): Promise<void> {
  for (const suffix of ['m', 'e']) await deps.store.documents.remove(ADDRESS_KIND, `${representative}.${suffix}`);
}

/** Everybody on file with this address, by its blind indexes. */
export async function atAddress(
  deps: Deps,
  application: string,
  toIndexes: readonly string[],
): Promise<readonly Representative[]> {
  const ids = new Set<string>();
  for (const index of toIndexes) {
    const found = await deps.store.documents.list({ kind: ADDRESS_KIND, application, index, limit: MOST_SHARED });
    for (const { id } of found) ids.add(id.slice(0, id.indexOf('.')));
  }
  const people = await Promise.all([...ids].map((id) => representativeById(deps, application, id)));
  return people.filter((one) => one !== null);
}

/**
 * Makes the directory say what the people on file say: an address is known while one of them is active. What was put there by
 * others stays.
 */
export async function syncDirectory(
  deps: Deps,
  application: Pick<Application, 'id' | 'default_country'>,
  values: readonly (string | null)[],
): Promise<void> {
  for (const value of new Set(values)) {
    const addressed = value === null ? null : address(deps.ring, application, value);
    if (addressed?.ok === true) await syncOne(deps, application, addressed.value);
  }
}

async function syncOne(
  deps: Deps,
  application: Pick<Application, 'id' | 'default_country'>,
  addressed: Addressed,
): Promise<void> {
  const { toIndexes } = addressed;
  const [known] = await deps.store.directory.list(application.id, null, 1, toIndexes);
  if (known !== undefined && !isId('rep', known.reference ?? '')) return;
  const people = await atAddress(deps, application.id, toIndexes);
  const active = people.find(({ state }) => state === 'active');
  if (active !== undefined) {
    const name = `${active.firstName} ${active.lastName}`;
    await putPerson(deps, application.id, addressed, { name, reference: active.id });
    return;
  }
  if (known !== undefined) await deps.store.directory.remove(application.id, toIndexes);
  // Nobody is on file with this address any more: who was remembered there is somebody else, or nobody's.
  await forgetDevices(deps, application.id, addressed.limitIndexes);
}
