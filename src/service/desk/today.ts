import { startOfDay } from '../../core/day.ts';
import { STAFF_SIGN_IN } from '../../core/staff.ts';
import { effectiveStatus, type Status, type Verification } from '../../core/verification.ts';
import type { RecordQuery } from '../../ports/records.ts';
import type { Caller } from '../api.ts';
import type { TodayView } from './api.ts';
import type { DeskDeps } from './deps.ts';
import { deskView } from './desk-view.ts';

const SHOWN = 10;
/** Records looked at, whoever started them; beyond them the tiles say that they count no further. */
const PATIENCE = 10_000;
const DECIDED: ReadonlySet<Status> = new Set(['approved', 'failed', 'expired']);

type Desk = Pick<Caller, 'application' | 'mode'>;

/** What agents of the caller's application did today: counts, and the newest records. */
export async function today(deps: DeskDeps, caller: Caller): Promise<TodayView> {
  const query = await todaysQuery(deps, caller);
  const { now } = query;
  const [{ rows }, { counts, isPartial }] = await Promise.all([
    deps.store.records.search(query),
    deps.store.records.tally(query),
  ]);
  const sum = (wanted: (line: (typeof counts)[number]) => boolean): number =>
    counts.reduce((total, line) => (wanted(line) ? total + line.count : total), 0);
  return {
    records: rows.map((row) => deskView(row, now)),
    total: sum(() => true),
    isPartial,
    agents: new Set(counts.map(({ actorId }) => actorId)).size,
    open: sum(({ status }) => status === 'pending'),
    ownOpen: sum(({ status, actorId }) => status === 'pending' && actorId === caller.actor.id),
    approved: sum(({ status }) => status === 'approved'),
    decided: sum(({ status }) => DECIDED.has(status)),
    skipped: sum(({ status }) => status === 'skipped'),
    mark: boardMark(rows, now),
  };
}

/** The mark of a board, by what it shows. */
export async function lookAtBoard(deps: DeskDeps, caller: Desk): Promise<string> {
  const query = await todaysQuery(deps, caller);
  return boardMark((await deps.store.records.search(query)).rows, query.now);
}

/** The codes of the day, but for those that agents sign in with. */
async function todaysQuery(deps: DeskDeps, { application, mode }: Desk): Promise<RecordQuery> {
  const now = await deps.store.verifications.time();
  return {
    application: application.id,
    mode,
    now,
    actorType: 'agent',
    exceptPurpose: STAFF_SIGN_IN,
    createdAfter: startOfDay(now, application.time_zone),
    limit: SHOWN,
    patience: PATIENCE,
  };
}

/** Every change of a shown row raises its version; what ends by itself changes the count of open ones. */
function boardMark(rows: readonly Verification[], now: number): string {
  const versions = rows.reduce((sum, { version }) => sum + version, 0);
  const open = rows.filter((row) => effectiveStatus(row, now) === 'pending').length;
  return `${rows[0]?.id ?? 'none'}.${versions}.${open}`;
}
