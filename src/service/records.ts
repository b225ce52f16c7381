import { ok, refuse, type Problem, type Result } from '../core/errors.ts';
import { isId } from '../core/id.ts';
import { cancel } from '../core/machine/index.ts';
import { STAFF_SIGN_IN } from '../core/staff.ts';
import { ACTOR_TYPES, type Actor } from '../core/verification.ts';
import {
  sendView,
  timestamp,
  type EventView,
  type ListView,
  type SendView,
  type VerificationView,
} from '../core/views.ts';
import type { RecordQuery } from '../ports/records.ts';
import { forgetTarget } from './audit/forget.ts';
import type { Caller, DeskSearch, RecordsService, SearchInput, To } from './api.ts';
import { changesOf, commit } from './commit.ts';
import type { ServiceDeps } from './deps.ts';
import { forgetNotes } from './desk/notes.ts';
import { address } from './destination.ts';
import { forgetDevices } from './devices/index.ts';
import { destinationKeys } from './limits.ts';
import { liveSettingsProblem } from './live-settings.ts';
import { load } from './load.ts';
import { forgetPeople } from './people/forget.ts';
import { NOT_FOUND } from './problems.ts';
import { viewOf } from './view.ts';

/** Whoever administers another application looks at its records; taking them out is for its own people. */
const NOT_TO_TAKE: Problem = {
  code: 'forbidden',
  detail: 'Records are exported by their own application. Another one reads them as JSON, page by page.',
};
const PAGE = 20;
const EXPORT_PAGE = 500;
const MODES = ['live', 'test'] as const;

/** Looking records up, and forgetting them. Nothing here changes a verification but erasure. */
export function createRecords(deps: ServiceDeps): RecordsService {
  return {
    search: (caller, input) => search(deps, caller, input),
    rows: (caller, input) => rows(deps, caller, input),
    exportRows: async (caller, input) => {
      if (caller.actor.application !== undefined) return refuse(NOT_TO_TAKE);
      const query = await queryOf(deps, caller, { ...input, limit: EXPORT_PAGE });
      return query.ok ? ok(pages(deps, query.value)) : query;
    },
    sends: (caller, id) => sends(deps, caller, id),
    events: (caller, id) => events(deps, caller, id),
    erase: (caller, to) => erase(deps, caller, to),
  };
}

async function search(
  deps: ServiceDeps,
  caller: Caller,
  input: SearchInput,
): Promise<Result<ListView<VerificationView>>> {
  const found = await rows(deps, caller, input);
  if (!found.ok) return found;
  const { rows: records, hasMore, now } = found.value;
  return ok({
    data: records.map((record) => viewOf(deps, record, now)),
    has_more: hasMore,
    next_cursor: hasMore ? (records.at(-1)?.id ?? null) : null,
  });
}

async function rows(deps: ServiceDeps, caller: Caller, input: DeskSearch): ReturnType<RecordsService['rows']> {
  const query = await queryOf(deps, caller, input);
  if (!query.ok) return query;
  return ok({ ...(await deps.store.records.search(query.value)), now: query.value.now });
}

async function* pages(deps: ServiceDeps, query: RecordQuery): AsyncIterable<VerificationView> {
  let next: RecordQuery | null = query;
  while (next !== null) {
    const { rows, hasMore } = await deps.store.records.search(next);
    for (const record of rows) yield viewOf(deps, record, query.now);
    const last = rows.at(-1);
    next = hasMore && last ? { ...query, before: last.id } : null;
  }
}

async function queryOf(deps: ServiceDeps, caller: Caller, input: DeskSearch): Promise<Result<RecordQuery>> {
  if (input.cursor !== undefined && !isId('vrf', input.cursor)) {
    return refuse(badQuery('cursor', 'invalid_cursor', 'The cursor is not one of this list.'));
  }
  const actor = input.actor === undefined ? null : parseActor(input.actor);
  if (input.actor !== undefined && actor === null) {
    return refuse(
      badQuery('actor', 'invalid_actor', `Give ${ACTOR_TYPES.join(', ')}, or one of them with an id: api_key:key_….`),
    );
  }
  const addressed = input.to === undefined ? null : address(deps.ring, caller.application, input.to);
  if (addressed !== null && !addressed.ok)
    return refuse(badQuery('to', 'invalid_destination', addressed.problem.detail));
  const now = await deps.store.verifications.time();
  // What agents sign in with is the desk's: nobody else finds it, whatever is asked for.
  const except = caller.actor.type === 'agent' ? input.except_purpose : STAFF_SIGN_IN;
  return ok({
    application: caller.application.id,
    mode: caller.mode,
    now,
    limit: input.limit ?? PAGE,
    ...pick(input, 'status', 'channel', 'purpose', 'country', 'reference', 'reason', 'patience'),
    ...(except === undefined ? {} : { exceptPurpose: except }),
    ...(input.created_after === undefined ? {} : { createdAfter: input.created_after }),
    ...(input.created_before === undefined ? {} : { createdBefore: input.created_before }),
    ...(input.cursor === undefined ? {} : { before: input.cursor }),
    ...(addressed === null ? {} : { toIndexes: addressed.value.toIndexes }),
    ...(actor === null ? {} : { actorType: actor.type, ...(actor.id === null ? {} : { actorId: actor.id }) }),
  });
}

function pick<T extends object, K extends keyof T>(from: T, ...names: readonly K[]): Pick<T, K> {
  return Object.fromEntries(names.filter((name) => from[name] !== undefined).map((name) => [name, from[name]])) as Pick<
    T,
    K
  >;
}

function parseActor(text: string): Actor | null {
  const [name, ...rest] = text.split(':');
  const type = ACTOR_TYPES.find((known) => known === name);
  return type === undefined ? null : { type, id: rest.length === 0 ? null : rest.join(':') };
}

function badQuery(name: string, code: string, detail: string): Problem {
  return { code: 'invalid_request', detail, errors: [{ pointer: `#query/${name}`, code, detail }] };
}

async function sends(deps: ServiceDeps, caller: Caller, id: string): Promise<Result<ListView<SendView>>> {
  const { record } = await load(deps, caller, id);
  if (record === null) return refuse(NOT_FOUND);
  // "Drop at end" erases the sends with the record; what is left of them only counts for the limits.
  const erased = record.status !== 'pending' && record.policy.retention_days === 0;
  const rows = erased ? [] : await deps.store.records.sends(id);
  return ok({ data: rows.map(sendView), has_more: false, next_cursor: null });
}

async function events(deps: ServiceDeps, caller: Caller, id: string): Promise<Result<ListView<EventView>>> {
  const { record } = await load(deps, caller, id);
  if (record === null) return refuse(NOT_FOUND);
  const rows = await deps.store.records.events(id);
  const data = rows.map(({ createdAt, ...event }) => ({
    ...event,
    object: 'event' as const,
    created_at: timestamp(createdAt),
  }));
  return ok({ data, has_more: false, next_cursor: null });
}

/** Closes what is still open first: without its destination no code of it could be right any more. */
async function erase(deps: ServiceDeps, caller: Caller, to: To): Promise<Result<{ readonly erased: number }>> {
  const barred = liveSettingsProblem(deps, caller);
  if (barred) return refuse(barred);
  const addressed = address(deps.ring, caller.application, to);
  if (!addressed.ok) return addressed;
  const { toIndexes, limitIndexes } = addressed.value;
  for (const mode of MODES) await cancelOpen(deps, { ...caller, mode }, toIndexes);
  for (const mode of MODES) await forgetAllNotes(deps, { ...caller, mode }, toIndexes);
  await deps.store.destinations.forgetDevices(destinationKeys({ caller, limitIndexes }));
  await forgetDevices(deps, caller.application.id, limitIndexes);
  await forgetPeople(deps, caller.application, toIndexes, caller.actor);
  const now = await deps.store.verifications.time();
  return ok({ erased: await deps.store.records.erase(caller.application.id, toIndexes, now) });
}

async function forgetAllNotes(deps: ServiceDeps, caller: Caller, toIndexes: readonly string[]): Promise<void> {
  const query = {
    application: caller.application.id,
    mode: caller.mode,
    now: deps.env.now(),
    toIndexes,
    limit: EXPORT_PAGE,
  };
  let before: string | undefined;
  do {
    const page = await deps.store.records.search({ ...query, ...(before === undefined ? {} : { before }) });
    for (const { id } of page.rows) {
      await forgetNotes(deps, id);
      await forgetTarget(deps, caller.application.id, id);
    }
    before = page.hasMore ? page.rows.at(-1)?.id : undefined;
  } while (before !== undefined);
}

async function cancelOpen(deps: ServiceDeps, caller: Caller, toIndexes: readonly string[]): Promise<void> {
  const { application, mode } = caller;
  const now = await deps.store.verifications.time();
  const query = { application: application.id, mode, now, status: 'pending', toIndexes, limit: EXPORT_PAGE } as const;
  const { rows, hasMore } = await deps.store.records.search(query);
  for (const { id } of rows) {
    await commit(
      deps,
      () => deps.store.verifications.get(id),
      (record, at) => {
        const step = cancel(record, 'operator', at);
        return { step, changes: changesOf(deps, step, caller, at) };
      },
    );
  }
  if (hasMore) await cancelOpen(deps, caller, toIndexes);
}
