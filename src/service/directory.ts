import { maskedDestination, parseDestination } from '../core/address.ts';
import { ok, refuse, type Result } from '../core/errors.ts';
import { isId, newId } from '../core/id.ts';
import { timestamp, type ListView, type PersonView } from '../core/views.ts';
import type { Person } from '../ports/settings.ts';
import type { Caller, DirectoryService, To } from './api.ts';
import type { ServiceDeps } from './deps.ts';
import { address, newest, type Addressed } from './destination.ts';
import { forgetDevices } from './devices/index.ts';
import { destinationKeys } from './limits.ts';
import { liveSettingsProblem } from './live-settings.ts';
import { BAD_CURSOR } from './problems.ts';

const PAGE = 20;

/** What is sealed of a person. */
interface Known {
  readonly to: string;
  readonly name: string | null;
}

/** The application's known people; addresses and names are sealed, found again by blind index. */
export function createDirectory(deps: ServiceDeps): DirectoryService {
  return {
    put: (caller, input) => put(deps, caller, input),
    list: (caller, input) => list(deps, caller, input),
    async remove(caller, to) {
      const barred = liveSettingsProblem(deps, caller);
      if (barred) return refuse(barred);
      const addressed = address(deps.ring, caller.application, to);
      if (!addressed.ok) return addressed;
      const gone = await deps.store.directory.remove(caller.application.id, addressed.value.toIndexes);
      await forgetDevices(deps, caller.application.id, addressed.value.limitIndexes);
      return gone
        ? ok({ deleted: true })
        : refuse({ code: 'not_found', detail: 'Nobody in the directory has this destination.' });
    },
    async forgetDevices(caller, to) {
      const barred = liveSettingsProblem(deps, caller);
      if (barred) return refuse(barred);
      const addressed = address(deps.ring, caller.application, to);
      if (!addressed.ok) return addressed;
      const { limitIndexes } = addressed.value;
      return ok({ forgotten: await forgetDevices(deps, caller.application.id, limitIndexes) });
    },
    async rebind(caller, to) {
      const barred = liveSettingsProblem(deps, caller);
      if (barred) return refuse(barred);
      const addressed = address(deps.ring, caller.application, to);
      if (!addressed.ok) return addressed;
      const keys = destinationKeys({ caller, limitIndexes: addressed.value.limitIndexes });
      return ok({ rebound: await deps.store.destinations.rebind(keys) });
    },
  };
}

async function put(
  deps: ServiceDeps,
  caller: Caller,
  input: { readonly to: To; readonly name?: string; readonly reference?: string },
): Promise<Result<PersonView>> {
  const barred = liveSettingsProblem(deps, caller);
  if (barred) return refuse(barred);
  const addressed = address(deps.ring, caller.application, input.to);
  if (!addressed.ok) return addressed;
  const { name = null, reference = null } = input;
  const person = await putPerson(deps, caller.application.id, addressed.value, { name, reference });
  return ok(personView(deps, caller, person));
}

/** Adds an address to an application's directory, or writes what is known of it anew. */
export async function putPerson(
  deps: Pick<ServiceDeps, 'store' | 'ring' | 'env'>,
  application: string,
  addressed: Addressed,
  { name, reference }: { readonly name: string | null; readonly reference: string | null },
): Promise<Person> {
  const now = deps.env.now();
  const toIndex = newest(addressed.toIndexes);
  const known: Known = { to: addressed.destination.value, name };
  return deps.store.directory.put({
    id: newId('per', now, deps.env.randomText(20)),
    application,
    toIndex,
    sealed: deps.ring.seal('person', JSON.stringify(known), `${application}|${toIndex}`),
    reference,
    createdAt: now,
  });
}

async function list(
  deps: ServiceDeps,
  caller: Caller,
  input: { readonly to?: string; readonly limit?: number; readonly cursor?: string },
): Promise<Result<ListView<PersonView>>> {
  const limit = input.limit ?? PAGE;
  if (input.cursor !== undefined && !isId('per', input.cursor)) return refuse(BAD_CURSOR);
  const addressed = input.to === undefined ? null : address(deps.ring, caller.application, input.to);
  if (addressed !== null && !addressed.ok) return addressed;
  const found = await deps.store.directory.list(
    caller.application.id,
    input.cursor ?? null,
    limit + 1,
    ...(addressed === null ? [] : [addressed.value.toIndexes]),
  );
  const page = found.slice(0, limit);
  const more = found.length > limit;
  const data = page.map((person) => personView(deps, caller, person));
  return ok({ data, has_more: more, next_cursor: more ? (page.at(-1)?.id ?? null) : null });
}

function personView(deps: ServiceDeps, caller: Caller, person: Person): PersonView {
  const opened = deps.ring.open('person', person.sealed, `${person.application}|${person.toIndex}`);
  const known: Known | null = opened === null ? null : (JSON.parse(opened) as Known);
  const parsed =
    known === null ? null : parseDestination(known.to, { defaultCountry: caller.application.default_country });
  return {
    id: person.id,
    object: 'person',
    to: parsed?.ok
      ? maskedDestination(parsed.destination)
      : { type: 'email', masked: '•••', country: null, line_type: null },
    name: known?.name ?? null,
    reference: person.reference,
    created_at: timestamp(person.createdAt),
  };
}
