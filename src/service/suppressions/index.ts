import { ok, refuse, type Result } from '../../core/errors.ts';
import type { ListView, SuppressionView } from '../../core/views.ts';
import type { StoredDocument } from '../../ports/documents.ts';
import type { Caller, SuppressionInput, SuppressionsService, To } from '../api.ts';
import type { ServiceDeps } from '../deps.ts';
import { address } from '../destination.ts';
import { liveSettingsProblem } from '../live-settings.ts';
import type { Suppressions } from './suppressed.ts';
import { SUPPRESSION_KIND, suppressionFrom, suppressionKey, suppressionView } from './suppression.ts';
import { BAD_CURSOR } from '../problems.ts';

export { takeMessages } from './inbound.ts';
export { createSuppressions, indexesOfRecord, SUPPRESSED, SUPPRESSED_ERROR, type Suppressions } from './suppressed.ts';

const PAGE = 20;
const CURSOR = /^sup_([A-Za-z0-9_-]{1,64})$/;

export type ListDeps = ServiceDeps & { readonly suppressions: Suppressions };

/** The suppression list of an application as operators see and change it. */
export function createSuppressionList(deps: ListDeps): SuppressionsService {
  return {
    add: (caller, input) => add(deps, caller, input),
    list: (caller, input) => list(deps, caller, input),
    remove: (caller, to) => remove(deps, caller, to),
  };
}

/** One that is there already stays as it is, but a `stop` gives way to any other reason. */
async function add(deps: ListDeps, caller: Caller, input: SuppressionInput): Promise<Result<SuppressionView>> {
  const barred = liveSettingsProblem(deps, caller);
  if (barred) return refuse(barred);
  const addressed = address(deps.ring, caller.application, input.to);
  if (!addressed.ok) return addressed;
  const reason = input.reason ?? 'manual';
  const by = { provider: caller.actor.id ?? caller.actor.type, channel: null };
  const document = await deps.suppressions.put(caller.application.id, addressed.value, reason, by);
  return ok(suppressionView(suppressionFrom(document)));
}

async function list(
  deps: ListDeps,
  caller: Caller,
  input: { readonly to?: string; readonly limit?: number; readonly cursor?: string },
): Promise<Result<ListView<SuppressionView>>> {
  const application = caller.application.id;
  if (input.to !== undefined) {
    const addressed = address(deps.ring, caller.application, input.to);
    return addressed.ok ? ok(pageOf(await deps.suppressions.find(application, addressed.value), PAGE)) : addressed;
  }
  const last = input.cursor === undefined ? null : CURSOR.exec(input.cursor)?.[1];
  if (last === undefined) return refuse(BAD_CURSOR);
  const limit = input.limit ?? PAGE;
  const after = last === null ? {} : { after: suppressionKey(application, last) };
  const query = { kind: SUPPRESSION_KIND, application, limit: limit + 1, ...after };
  return ok(pageOf(await deps.store.documents.list(query), limit));
}

function pageOf(found: readonly StoredDocument[], limit: number): ListView<SuppressionView> {
  const data = found.slice(0, limit).map((document) => suppressionView(suppressionFrom(document)));
  const hasMore = found.length > limit;
  return { data, has_more: hasMore, next_cursor: hasMore ? (data.at(-1)?.id ?? null) : null };
}

/** Lifts everything that holds the destination back. */
async function remove(deps: ListDeps, caller: Caller, to: To): Promise<Result<{ readonly deleted: true }>> {
  const barred = liveSettingsProblem(deps, caller);
  if (barred) return refuse(barred);
  const addressed = address(deps.ring, caller.application, to);
  if (!addressed.ok) return addressed;
  const found = await deps.suppressions.find(caller.application.id, addressed.value);
  const gone = await Promise.all(found.map(({ kind, id }) => deps.store.documents.remove(kind, id)));
  deps.suppressions.forget();
  return gone.includes(true)
    ? ok({ deleted: true })
    : refuse({ code: 'not_found', detail: 'The destination is not on the suppression list.' });
}
