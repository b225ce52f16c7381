import { ok, refuse, type Result } from '../../core/errors.ts';
import type { Caller, Started } from '../api.ts';
import { deskView } from '../desk/desk-view.ts';
import { load } from '../load.ts';
import { atAddress } from './addresses.ts';
import type { ClientWithPeople, HistoryQuery, PersonHistory, SendInput } from './api.ts';
import { clientView, representativeView, type Representative } from './client.ts';
import { NO_CLIENT, type PeopleDeps } from './deps.ts';
import { clientById, representativeById, representativesOf } from './stored.ts';

/** Records on one page of a client. */
const SHOWN = 25;
/** What agents ask for codes for. */
const CALLER_CHECK = 'caller_check';

/** Of everybody ever on file for the client, by the addresses that are on file now. */
export async function history(
  deps: PeopleDeps,
  caller: Caller,
  clientId: string,
  { representative, cursor }: HistoryQuery,
): Promise<Result<PersonHistory>> {
  const client = await clientById(deps, caller.application.id, clientId);
  if (client === null) return refuse(NO_CLIENT);
  const people = await representativesOf(deps, client.application, client.id);
  const called = whomAt(
    deps,
    people.filter(({ id }) => representative === null || id === representative),
  );
  if (called.size === 0) return ok({ data: [], next_cursor: null });
  const now = await deps.store.verifications.time();
  const { rows, hasMore } = await deps.store.records.search({
    application: client.application,
    mode: caller.mode,
    now,
    toIndexes: [...called.keys()],
    limit: SHOWN,
    ...(cursor === null ? {} : { before: cursor }),
  });
  const data = rows.flatMap((row) => {
    const one = called.get(row.toIndex ?? '');
    return one === undefined ? [] : { record: deskView(row, now), representative: representativeView(one) };
  });
  return ok({ data, next_cursor: hasMore ? (rows.at(-1)?.id ?? null) : null });
}

/** Who is called at which address, by its blind indexes; an address that several share is the first one's. */
function whomAt({ ring }: PeopleDeps, people: readonly Representative[]): ReadonlyMap<string, Representative> {
  const addresses = people.flatMap((one) => [one.mobile, one.email].flatMap((to) => (to === null ? [] : { to, one })));
  const pairs = addresses.flatMap(({ to, one }) => ring.indexes('address', to).map((index) => [index, one] as const));
  return new Map(pairs.toReversed());
}

/** Judges the person as they are on file now, whatever a form said. */
export async function send(
  deps: PeopleDeps,
  caller: Caller,
  clientId: string,
  input: SendInput,
): Promise<Result<Started>> {
  const one = await representativeById(deps, caller.application.id, input.representative);
  if (one === null || one.client !== clientId || one.state !== 'active') {
    return wrong('/representative', 'not_active', 'Choose an active representative of this client.');
  }
  const to = input.by === 'mobile' ? one.mobile : one.email;
  if (to === null) {
    return wrong('/by', 'missing', `No ${input.by === 'mobile' ? 'mobile number' : 'e-mail address'} is on file.`);
  }
  const { reason, reference } = input;
  return deps.verify.start(caller, {
    to,
    purpose: CALLER_CHECK,
    channel: input.by === 'mobile' ? 'sms' : 'email',
    ...(reason === undefined ? {} : { reason }),
    ...(reference === undefined ? {} : { reference }),
  });
}

function wrong<T>(pointer: string, code: string, detail: string): Result<T> {
  return refuse({ code: 'invalid_request', detail, errors: [{ pointer, code, detail }] });
}

/** Clients with the one person each who is called where this record went. */
export async function ofRecord(deps: PeopleDeps, caller: Caller, id: string): Promise<readonly ClientWithPeople[]> {
  const { record } = await load(deps, caller, id);
  if (record === null || record.toIndex === null) return [];
  const people = await atAddress(deps, caller.application.id, [record.toIndex]);
  const found = await Promise.all(
    people.map(async (one) => {
      const client = await clientById(deps, caller.application.id, one.client);
      return client === null ? null : { ...clientView(client), representatives: [representativeView(one)] };
    }),
  );
  return found.filter((one) => one !== null);
}
