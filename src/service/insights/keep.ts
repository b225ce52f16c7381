import { isFresh } from '../../core/fresh.ts';
import { recounted } from '../../core/insight-recount.ts';
import type { InsightDay } from '../../core/insights.ts';
import { timestamp } from '../../core/views.ts';
import type { StoredDocument } from '../../ports/documents.ts';
import type { ServiceDeps } from '../deps.ts';
import { countDay } from './count.ts';

const DAY_MS = 86_400_000;
const INSIGHT_KIND = 'insight_day';
/** A day is final this long after its end: reports of messages come late, codes end late. */
const SETTLE_MS = 6 * 3_600_000;
/** Days that are made up for when they were never counted. */
const MOST_DAYS = 90;
/** Counting takes at most this part of the time. */
const PART_OF_TIME = 50;
const AT_LEAST_MS = 30_000;
/** However long it seemed to take: the host's clock may have stepped on meanwhile. */
const AT_MOST_MS = 6 * 3_600_000;

export type DayDeps = Pick<ServiceDeps, 'store' | 'env'>;

interface Body extends InsightDay {
  readonly final: boolean;
}

/** Who counts holds this document; it is due again when the next count is. */
const KEEPER_KIND = 'insight_keeper';
const KEEPER = 'keeper';
/** Counting is somebody else's after this long. */
const LEASE_MS = 600_000;
/** Between two looks whether the next count is due. */
const LOOK_MS = 5_000;

/**
 * Keeps the counted days of every application up to date, in documents that outlive the records. Of all processes one counts,
 * whichever finds it due first.
 */
export function createDayKeeper(deps: DayDeps): { tend(): Promise<void> } {
  let lookedAt = Number.NEGATIVE_INFINITY;
  return {
    async tend() {
      if (isFresh(lookedAt, deps.env.now(), LOOK_MS)) return;
      lookedAt = deps.env.now();
      const held = await take(deps);
      if (held === null) return;
      const began = deps.env.now();
      await countDays(deps);
      const tookMs = deps.env.now() - began;
      const now = await deps.store.verifications.time();
      const dueAt = now + Math.min(AT_MOST_MS, Math.max(AT_LEAST_MS, tookMs * PART_OF_TIME));
      await deps.store.documents.put({ ...held, version: held.version + 1, dueAt });
    },
  };
}

/** The lease on counting; null while it is not due or another process has it. */
async function take({ store: { documents, verifications } }: DayDeps): Promise<StoredDocument | null> {
  const now = await verifications.time();
  const [held] = await documents.claim(KEEPER_KIND, now, 1, LEASE_MS);
  if (held !== undefined) return held;
  if ((await documents.get(KEEPER_KIND, KEEPER)) !== null) return null;
  const key = { kind: KEEPER_KIND, id: KEEPER, application: '', index: null, version: 1 };
  const first: StoredDocument = { ...key, body: '{}', createdAt: now, dueAt: now + LEASE_MS, endsAt: null };
  return (await documents.put(first)) ? first : null;
}

/** Counts every day that is not final, of all applications. */
export async function countDays(deps: DayDeps): Promise<void> {
  const now = await deps.store.verifications.time();
  for (const { id, createdAt } of await deps.store.applications.list()) {
    const age = Math.floor(now / DAY_MS) - Math.floor(createdAt / DAY_MS);
    await countMissing(deps, { application: id, now, days: Math.min(MOST_DAYS, age) });
  }
}

interface Missing {
  readonly application: string;
  readonly now: number;
  /** Days before today. */
  readonly days: number;
}

async function countMissing(deps: DayDeps, { application, now, days }: Missing): Promise<void> {
  const kept = await daysOf(deps, application, dayAt(now - days * DAY_MS), dayAt(now));
  const known = new Map(kept.map((day) => [day.day, day]));
  for (let back = days; back >= 0; back--) {
    const day = dayAt(now - back * DAY_MS);
    const before = known.get(day);
    if (before?.final === true) continue;
    const counted = await countDay(deps, application, day);
    const final = now >= Date.parse(day) + DAY_MS + SETTLE_MS;
    const body: Body = { ...(before === undefined ? counted : recounted(before, counted)), final };
    if (before === undefined || JSON.stringify(before) !== JSON.stringify(body))
      await keep(deps, application, body, now);
  }
}

/** Of two that counted at once either is right. */
async function keep({ store }: DayDeps, application: string, body: Body, now: number): Promise<void> {
  const id = `${application}|${body.day}`;
  const before = await store.documents.get(INSIGHT_KIND, id);
  const version = (before?.version ?? 0) + 1;
  const times = { createdAt: now, dueAt: null, endsAt: null };
  const text = JSON.stringify(body);
  await store.documents.put({ kind: INSIGHT_KIND, id, application, index: null, version, body: text, ...times });
}

/** The counted days from `from` to `until`, both in; days without a document are not there. */
export async function daysOf(
  { store }: Pick<ServiceDeps, 'store'>,
  application: string,
  from: string,
  until: string,
): Promise<readonly Body[]> {
  const limit = Math.round((Date.parse(until) - Date.parse(from)) / DAY_MS) + 1;
  const after = `${application}|${dayAt(Date.parse(from) - DAY_MS)}`;
  const found = await store.documents.list({ kind: INSIGHT_KIND, application, after, limit });
  return found.map(bodyOf).filter(({ day }) => day <= until);
}

/** Days that were read, by document and version: pages ask for the same ones again. */
const READ = new Map<string, Body>();
const MOST_READ = 1_000;

function bodyOf({ id, version, createdAt, body }: StoredDocument): Body {
  const key = `${id}|${version}|${createdAt}`;
  const known = READ.get(key);
  if (known !== undefined) return known;
  const read = JSON.parse(body) as Body;
  if (READ.size >= MOST_READ) READ.clear();
  if (read.final) READ.set(key, read);
  return read;
}

export function dayAt(at: number): string {
  return timestamp(at).slice(0, 10);
}
