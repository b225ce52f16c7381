import { startOfDay } from '../../core/day.ts';
import { STAFF_SIGN_IN } from '../../core/staff.ts';
import { effectiveStatus, type Verification } from '../../core/verification.ts';
import type { Application } from '../../ports/settings.ts';
import type { Caller } from '../api.ts';
import type { TodayView } from './api.ts';
import type { DeskDeps } from './deps.ts';
import { deskView } from './desk-view.ts';

const SHOWN = 10;
/** More than a desk does in a day; beyond it the tiles say that they count no further. */
const MOST_COUNTED = 500;
/** Enough to find the shown ones between people's own sign-ins. */
const LOOKED_AT = 50;
const DECIDED = new Set(['approved', 'failed', 'expired']);

/** What agents of the caller's application did today, newest first. */
export async function today(deps: DeskDeps, caller: Caller): Promise<TodayView> {
  const { rows, hasMore, now } = await todaysRows(deps, caller, MOST_COUNTED);
  const statuses = rows.map((row) => effectiveStatus(row, now));
  const count = (status: string): number => statuses.filter((known) => known === status).length;
  const isOwn = ({ actor }: Verification): boolean => actor.id === caller.actor.id;
  return {
    records: rows.slice(0, SHOWN).map((row) => deskView(row, now)),
    total: rows.length,
    isPartial: hasMore,
    agents: new Set(rows.map(({ actor }) => actor.id)).size,
    open: count('pending'),
    ownOpen: rows.filter((row, index) => statuses[index] === 'pending' && isOwn(row)).length,
    approved: count('approved'),
    decided: statuses.filter((status) => DECIDED.has(status)).length,
    skipped: count('skipped'),
    mark: boardMark(rows, now),
  };
}

/** The mark of a board, by what it shows. */
export async function lookAtBoard(deps: DeskDeps, caller: Pick<Caller, 'application' | 'mode'>): Promise<string> {
  const { rows, now } = await todaysRows(deps, caller, LOOKED_AT);
  return boardMark(rows, now);
}

async function todaysRows(
  deps: DeskDeps,
  { application, mode }: { readonly application: Application; readonly mode: Caller['mode'] },
  limit: number,
): Promise<{ readonly rows: readonly Verification[]; readonly hasMore: boolean; readonly now: number }> {
  const now = await deps.store.verifications.time();
  const found = await deps.store.records.search({
    application: application.id,
    mode,
    now,
    actorType: 'agent',
    createdAfter: startOfDay(now, application.time_zone),
    limit,
  });
  const rows = found.rows.filter(({ purpose }) => purpose !== STAFF_SIGN_IN);
  return { rows, hasMore: found.hasMore, now };
}

/** Every change of a shown row raises its version; what ends by itself changes the count of open ones. */
function boardMark(rows: readonly Verification[], now: number): string {
  const shown = rows.slice(0, SHOWN);
  const versions = shown.reduce((sum, { version }) => sum + version, 0);
  const open = shown.filter((row) => effectiveStatus(row, now) === 'pending').length;
  return `${shown[0]?.id ?? 'none'}.${versions}.${open}`;
}
