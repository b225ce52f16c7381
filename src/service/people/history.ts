import { ok, refuse, type Result } from '../../core/errors.ts';
import type { Caller, Started } from '../api.ts';
import { load } from '../load.ts';
import { atAddress } from './addresses.ts';
import type { ClientWithPeople, HistoryQuery, PersonHistory, PersonRecord, SendInput } from './api.ts';
import { representativeView, clientView } from './client.ts';
import { NO_CLIENT, type PeopleDeps } from './deps.ts';
import { clientById, representativeById, representativesOf } from './stored.ts';

/** Records shown of one client. */
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
  const found = new Map<string, PersonRecord>();
  const page = { limit: SHOWN, ...(cursor === null ? {} : { cursor }) };
  let more = false;
  for (const one of people.filter(({ id }) => representative === null || id === representative)) {
    for (const to of [one.mobile, one.email]) {
      const records = to === null ? null : await deps.desk.search(caller, { ...page, to });
      if (records?.ok !== true) continue;
      more ||= records.value.next_cursor !== null;
      for (const record of records.value.data) {
        if (!found.has(record.id)) found.set(record.id, { record, representative: representativeView(one) });
      }
    }
  }
  const newestFirst = [...found.values()].toSorted((one, other) => other.record.id.localeCompare(one.record.id));
  const data = newestFirst.slice(0, SHOWN);
  more ||= newestFirst.length > SHOWN;
  return ok({ data, next_cursor: more ? (data.at(-1)?.record.id ?? null) : null });
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
