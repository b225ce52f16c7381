import { ok, refuse, type Result } from '../../core/errors.ts';
import { isId, newId } from '../../core/id.ts';
import type { ClientView } from '../../core/people-views.ts';
import type { ListView } from '../../core/views.ts';
import type { Caller } from '../api.ts';
import { liveSettingsProblem } from '../live-settings.ts';
import { BAD_CURSOR } from '../problems.ts';
import { forgetAddresses, syncDirectory } from './addresses.ts';
import type { ClientInput, ClientPage, ClientQuery, ClientWithPeople } from './api.ts';
import {
  CLIENT_KIND,
  clientDocument,
  clientFrom,
  clientView,
  REPRESENTATIVE_KIND,
  representativeView,
  type Client,
  type Representative,
} from './client.ts';
import { NO_CLIENT, note, type PeopleDeps } from './deps.ts';
import { clientFacts, type ClientFacts } from './facts.ts';
import { clientById, clientsOf, MOST_CLIENTS, representativesOf } from './stored.ts';

const PAGE = 25;
const LISTED = 20;

/** Clients by name, with their people. Names are sealed, so this opens them all: an application has few enough. */
export async function findClients(deps: PeopleDeps, caller: Caller, query: ClientQuery): Promise<ClientPage> {
  const application = caller.application.id;
  const people = new Map<string, Representative[]>();
  for (const one of await representativesOf(deps, application)) {
    people.set(one.client, [...(people.get(one.client) ?? []), one]);
  }
  const found = (await clientsOf(deps, application))
    .map((client) => ({ client, people: people.get(client.id) ?? [] }))
    .filter((one) => fits(one, query))
    .toSorted((one, other) => one.client.company.localeCompare(other.client.company, 'en'));
  const pages = Math.max(1, Math.ceil(found.length / PAGE));
  const page = Math.min(Math.max(1, Math.trunc(query.page ?? 1)), pages);
  const data = found.slice((page - 1) * PAGE, page * PAGE).map((one) => withPeople(one.client, one.people));
  return { data, total: found.length, page, pages };
}

type Known = { readonly client: Client; readonly people: readonly Representative[] };

function fits({ client, people }: Known, { q = '', country, state }: ClientQuery): boolean {
  const names = people.map(({ firstName, lastName }) => `${firstName} ${lastName}`);
  const texts = [client.company, client.reference ?? '', ...names].map((text) => text.toLowerCase());
  const isActive = people.some((one) => one.state === 'active');
  return (
    texts.some((text) => text.includes(q.trim().toLowerCase())) &&
    (country === undefined || client.country === country) &&
    (state === undefined || isActive === (state === 'active'))
  );
}

/** Those who may be called first, then by name. */
function withPeople(client: Client, people: readonly Representative[]): ClientWithPeople {
  const sorted = people.toSorted(
    (one, other) =>
      Number(other.state === 'active') - Number(one.state === 'active') ||
      one.lastName.localeCompare(other.lastName, 'en') ||
      one.id.localeCompare(other.id),
  );
  return { ...clientView(client), representatives: sorted.map(representativeView) };
}

export async function listClients(
  deps: PeopleDeps,
  { application }: Caller,
  { limit = LISTED, cursor }: { readonly limit?: number; readonly cursor?: string },
): Promise<Result<ListView<ClientView>>> {
  if (cursor !== undefined && !isId('cli', cursor)) return refuse(BAD_CURSOR);
  const query = { kind: CLIENT_KIND, application: application.id, limit: limit + 1 };
  const found = await deps.store.documents.list(cursor === undefined ? query : { ...query, after: cursor });
  const page = found.slice(0, limit);
  const more = found.length > limit;
  const data = page.flatMap((stored) => clientFrom(deps.ring, stored) ?? []).map(clientView);
  return ok({ data, has_more: more, next_cursor: more ? (page.at(-1)?.id ?? null) : null });
}

export async function getClient(deps: PeopleDeps, caller: Caller, id: string): Promise<Result<ClientWithPeople>> {
  const client = await clientById(deps, caller.application.id, id);
  if (client === null) return refuse(NO_CLIENT);
  return ok(withPeople(client, await representativesOf(deps, client.application, client.id)));
}

export async function addClient(deps: PeopleDeps, caller: Caller, input: ClientInput): Promise<Result<ClientView>> {
  const barred = liveSettingsProblem(deps, caller);
  if (barred !== null) return refuse(barred);
  const facts = clientFacts(input, null);
  if (!facts.ok) return facts;
  const all = await clientsOf(deps, caller.application.id);
  const taken = all.find(({ company }) => sameName(company, facts.value.company));
  if (taken !== undefined) {
    const detail = 'A client of this name is already there.';
    return refuse({ code: 'conflict', detail, errors: [{ pointer: '/company', code: 'taken', detail }] });
  }
  if (all.length >= MOST_CLIENTS) {
    return refuse({ code: 'conflict', detail: `An application has at most ${MOST_CLIENTS} clients.` });
  }
  return ok(clientView(await insertClient(deps, caller, facts.value)));
}

/** Audited. */
export async function insertClient(deps: PeopleDeps, caller: Caller, facts: ClientFacts): Promise<Client> {
  const now = await deps.store.verifications.time();
  const client: Client = {
    id: newId('cli', now, deps.env.randomText(20)),
    application: caller.application.id,
    version: 1,
    createdAt: now,
    createdBy: caller.actor,
    modifiedAt: now,
    modifiedBy: caller.actor,
    ...facts,
  };
  await deps.store.documents.put(clientDocument(deps.ring, client));
  await note(deps, caller, 'person.added', client.id);
  return client;
}

export function sameName(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase();
}

export async function changeClient(
  deps: PeopleDeps,
  caller: Caller,
  id: string,
  input: Partial<ClientInput>,
): Promise<Result<ClientView>> {
  const barred = liveSettingsProblem(deps, caller);
  if (barred !== null) return refuse(barred);
  for (;;) {
    const client = await clientById(deps, caller.application.id, id);
    if (client === null) return refuse(NO_CLIENT);
    const facts = clientFacts(input, client);
    if (!facts.ok) return facts;
    const modifiedAt = await deps.store.verifications.time();
    const edits = { version: client.version + 1, modifiedAt, modifiedBy: caller.actor };
    const next: Client = { ...client, ...facts.value, ...edits };
    if (!(await deps.store.documents.put(clientDocument(deps.ring, next)))) continue;
    await note(deps, caller, 'person.changed', id);
    return ok(clientView(next));
  }
}

/** The people go first: should this stop half-way, the client is still there to be removed again. */
export async function removeClient(
  deps: PeopleDeps,
  caller: Caller,
  id: string,
): Promise<Result<{ readonly deleted: true }>> {
  const barred = liveSettingsProblem(deps, caller);
  if (barred !== null) return refuse(barred);
  const client = await clientById(deps, caller.application.id, id);
  if (client === null) return refuse(NO_CLIENT);
  const people = await representativesOf(deps, client.application, id);
  for (const one of people) {
    await deps.store.documents.remove(REPRESENTATIVE_KIND, one.id);
    await forgetAddresses(deps, one.id);
    await syncDirectory(deps, caller.application, [one.mobile, one.email]);
  }
  await deps.store.documents.remove(CLIENT_KIND, id);
  await note(deps, caller, 'person.removed', id, { representatives: people.length });
  return ok({ deleted: true });
}
