import { ok, refuse, type Problem, type Result } from '../../core/errors.ts';
import { isId, newId } from '../../core/id.ts';
import type { RepresentativeView } from '../../core/people-views.ts';
import type { ListView } from '../../core/views.ts';
import type { Caller } from '../api.ts';
import { liveSettingsProblem } from '../live-settings.ts';
import { BAD_CURSOR } from '../problems.ts';
import { noteAddresses, syncDirectory } from './addresses.ts';
import type { RepresentativeInput } from './api.ts';
import {
  REPRESENTATIVE_KIND,
  representativeDocument,
  representativeFrom,
  representativeView,
  type Client,
  type PersonFacts,
  type Representative,
} from './client.ts';
import { NO_CLIENT, NO_REPRESENTATIVE, note, type PeopleDeps } from './deps.ts';
import { personFacts } from './facts.ts';
import { forgetPerson } from './forget.ts';
import {
  changeRepresentative as write,
  clientById,
  MOST_REPRESENTATIVES,
  representativeById,
  representativesOf,
} from './stored.ts';

const LISTED = 20;
const ERASED: Problem = { code: 'conflict', detail: 'This person was erased.' };

export async function listRepresentatives(
  deps: PeopleDeps,
  { application }: Caller,
  query: { readonly client?: string; readonly limit?: number; readonly cursor?: string },
): Promise<Result<ListView<RepresentativeView>>> {
  const { limit = LISTED, cursor, client } = query;
  if (cursor !== undefined && !isId('rep', cursor)) return refuse(BAD_CURSOR);
  const found = await deps.store.documents.list({
    kind: REPRESENTATIVE_KIND,
    application: application.id,
    limit: limit + 1,
    ...(client === undefined ? {} : { index: client }),
    ...(cursor === undefined ? {} : { after: cursor }),
  });
  const page = found.slice(0, limit);
  const more = found.length > limit;
  const data = page.flatMap((stored) => representativeFrom(deps.ring, stored) ?? []).map(representativeView);
  return ok({ data, has_more: more, next_cursor: more ? (page.at(-1)?.id ?? null) : null });
}

export async function getRepresentative(
  deps: PeopleDeps,
  caller: Caller,
  id: string,
): Promise<Result<RepresentativeView>> {
  const one = await representativeById(deps, caller.application.id, id);
  return one === null ? refuse(NO_REPRESENTATIVE) : ok(representativeView(one));
}

export async function addRepresentative(
  deps: PeopleDeps,
  caller: Caller,
  clientId: string,
  input: RepresentativeInput,
): Promise<Result<RepresentativeView>> {
  const barred = liveSettingsProblem(deps, caller);
  if (barred !== null) return refuse(barred);
  const client = await clientById(deps, caller.application.id, clientId);
  if (client === null) return refuse(NO_CLIENT);
  const facts = personFacts(input, null, client.country ?? caller.application.default_country);
  if (!facts.ok) return facts;
  const others = await representativesOf(deps, client.application, client.id);
  if (others.length >= MOST_REPRESENTATIVES) {
    return refuse({ code: 'conflict', detail: `A client has at most ${MOST_REPRESENTATIVES} representatives.` });
  }
  const one = await insertRepresentative(deps, caller, client, facts.value);
  await note(deps, caller, 'person.added', one.id, { client: client.id });
  return ok(representativeView(one));
}

/** Active from the start. */
export async function insertRepresentative(
  deps: PeopleDeps,
  caller: Caller,
  client: Pick<Client, 'id'>,
  facts: PersonFacts,
): Promise<Representative> {
  const now = await deps.store.verifications.time();
  const one: Representative = {
    id: newId('rep', now, deps.env.randomText(20)),
    application: caller.application.id,
    version: 1,
    client: client.id,
    state: 'active',
    createdAt: now,
    createdBy: caller.actor,
    modifiedAt: now,
    modifiedBy: caller.actor,
    ...facts,
  };
  await deps.store.documents.put(representativeDocument(deps.ring, one));
  await noteAddresses(deps, one);
  await syncDirectory(deps, caller.application, [one.mobile, one.email]);
  return one;
}

export async function changeRepresentative(
  deps: PeopleDeps,
  caller: Caller,
  id: string,
  input: Partial<RepresentativeInput> & { readonly active?: boolean },
): Promise<Result<RepresentativeView>> {
  const barred = liveSettingsProblem(deps, caller);
  if (barred !== null) return refuse(barred);
  const before = await representativeById(deps, caller.application.id, id);
  if (before === null) return refuse(NO_REPRESENTATIVE);
  if (before.state === 'erased') return refuse(ERASED);
  const { default_country: home } = caller.application;
  const facts = personFacts(input, before, home);
  if (!facts.ok) return facts;
  const modifiedAt = await deps.store.verifications.time();
  const { active } = input;
  const state = active === undefined ? null : active ? 'active' : 'inactive';
  const after = await write(deps, before, (newest) => {
    if (newest.state === 'erased') return null;
    const now = personFacts(input, newest, home);
    const edits = { modifiedAt, modifiedBy: caller.actor, state: state ?? newest.state };
    return now.ok ? { ...newest, ...now.value, ...edits } : null;
  });
  if (after === null) return refuse(NO_REPRESENTATIVE);
  await noteAddresses(deps, after);
  await syncDirectory(deps, caller.application, [before.mobile, before.email, after.mobile, after.email]);
  await noteChange(deps, caller, before, after);
  return ok(representativeView(after));
}

async function noteChange(
  deps: PeopleDeps,
  caller: Caller,
  before: Representative,
  after: Representative,
): Promise<void> {
  if (before.state !== after.state)
    await note(deps, caller, after.state === 'active' ? 'person.activated' : 'person.deactivated', after.id);
  const names = ['firstName', 'lastName', 'role', 'country', 'mobile', 'email'] as const;
  const fields = names.filter((name) => before[name] !== after[name]).join(' ');
  if (fields !== '') await note(deps, caller, 'person.changed', after.id, { fields });
}

export async function eraseRepresentative(
  deps: PeopleDeps,
  caller: Caller,
  id: string,
): Promise<Result<{ readonly erased: number }>> {
  const barred = liveSettingsProblem(deps, caller);
  if (barred !== null) return refuse(barred);
  const one = await representativeById(deps, caller.application.id, id);
  if (one === null) return refuse(NO_REPRESENTATIVE);
  let erased = 0;
  for (const to of [one.mobile, one.email]) {
    const done = to === null ? ok({ erased: 0 }) : await deps.records.erase(caller, to);
    if (!done.ok) return done;
    erased += done.value.erased;
  }
  await forgetPerson(deps, caller.application, one, caller.actor);
  await note(deps, caller, 'record.erased', id, { records: erased });
  return ok({ erased });
}
