import { ok, refuse, WatchwordError } from '../core/errors.ts';
import { age } from '../core/machine/index.ts';
import type { TestClockView } from '../core/testing-views.ts';
import { timestamp } from '../core/views.ts';
import type { StoredDocument } from '../ports/documents.ts';
import type { Caller, TestClockService } from './api.ts';
import { changesOf, commit } from './commit.ts';
import type { ServiceDeps } from './deps.ts';

const KIND = 'test_clock';
const PAGE = 100;
/** More open test verifications than this are no test of an app's. */
const MOST = 10_000;
const LONGEST_LIFE_MS = 2 * 86_400_000;
const MOST_TRIES = 8;

const LIVE_KEY = { code: 'forbidden', detail: 'Only a test key has a clock to move.' } as const;

/**
 * Time for test keys. The store's clock stays where it is: what moves is every open test verification of the application, which
 * gets that much older in a commit of its own. So sweeping, events and webhooks follow as they always do, on every store.
 */
export function createTestClock(deps: ServiceDeps): TestClockService {
  return {
    async read(caller) {
      if (caller.mode !== 'test') return refuse(LIVE_KEY);
      const kept = await deps.store.documents.get(KIND, caller.application.id);
      return ok(await viewOf(deps, secondsOf(kept), 0));
    },
    async advance(caller, seconds) {
      if (caller.mode !== 'test') return refuse(LIVE_KEY);
      const ids = await openIds(deps, caller);
      if (ids === null)
        return refuse({ code: 'conflict', detail: `More than ${MOST} test verifications are open. Cancel some.` });
      for (let at = 0; at < ids.length; at += PAGE)
        await Promise.all(ids.slice(at, at + PAGE).map((id) => ageOne(deps, caller, id, seconds * 1000)));
      return ok(await viewOf(deps, await remember(deps, caller, seconds), ids.length));
    },
  };
}

async function viewOf(deps: ServiceDeps, seconds: number, moved: number): Promise<TestClockView> {
  const now = timestamp(await deps.store.verifications.time());
  return { object: 'test_clock', now, advanced_seconds: seconds, moved };
}

/** Everything that a right code may still close; null when there is too much of it. */
async function openIds(deps: ServiceDeps, { application }: Caller): Promise<readonly string[] | null> {
  const now = await deps.store.verifications.time();
  const query = { application: application.id, mode: 'test', now, createdAfter: now - LONGEST_LIFE_MS } as const;
  const ids: string[] = [];
  let before: string | undefined;
  do {
    const page = await deps.store.records.search({
      ...query,
      limit: PAGE,
      ...(before === undefined ? {} : { before }),
    });
    ids.push(...page.rows.filter(({ digest }) => digest !== null).map(({ id }) => id));
    before = page.hasMore ? page.rows.at(-1)?.id : undefined;
  } while (before !== undefined && ids.length <= MOST);
  return ids.length > MOST ? null : ids;
}

async function ageOne(deps: ServiceDeps, caller: Caller, id: string, ms: number): Promise<void> {
  await commit(
    deps,
    () => deps.store.verifications.get(id),
    (record, now) => {
      const step = age(record, ms);
      return { step, changes: changesOf(deps, step, caller, now) };
    },
  );
}

/** Adds to the sum that the clock shows. */
async function remember(deps: ServiceDeps, { application }: Caller, seconds: number): Promise<number> {
  for (let tries = 0; tries < MOST_TRIES; tries++) {
    const kept = await deps.store.documents.get(KIND, application.id);
    const sum = secondsOf(kept) + seconds;
    const body = JSON.stringify({ seconds: sum });
    const createdAt = kept?.createdAt ?? deps.env.now();
    const facts = {
      kind: KIND,
      id: application.id,
      application: application.id,
      index: null,
      dueAt: null,
      endsAt: null,
    };
    if (await deps.store.documents.put({ ...facts, body, createdAt, version: (kept?.version ?? 0) + 1 })) return sum;
  }
  throw new WatchwordError('unavailable', 'The test clock is moved by too many at once; try again.');
}

function secondsOf(kept: StoredDocument | null): number {
  return kept === null ? 0 : (JSON.parse(kept.body) as { readonly seconds: number }).seconds;
}
