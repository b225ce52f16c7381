import type { StatsRow, StatsView } from '../../core/insight-views.ts';
import {
  addCells,
  anomaliesIn,
  type Cell,
  DIMENSIONS,
  type InsightDay,
  NO_CELL,
  secondsWithin,
  shareOf,
  sumOfDays,
} from '../../core/insights.ts';
import { ok, refuse, type Result } from '../../core/errors.ts';
import type { Caller } from '../api.ts';
import type { ServiceDeps } from '../deps.ts';
import type { InsightsPage, InsightsService, StatsInput } from './api.ts';
import { countDays, dayAt, type DayDeps, daysOf } from './keep.ts';

export type { InsightsService } from './api.ts';
export { createDayKeeper } from './keep.ts';

const DAY_MS = 86_400_000;
const MOST_DAYS = 366;
const MILLION = 1_000_000;

export function createInsights(deps: DayDeps): InsightsService {
  return {
    stats: (caller, input) => stats(deps, caller, input),
    page: (caller, period) => page(deps, caller, period),
    count: () => countDays(deps),
    async today() {
      return dayAt(await deps.store.verifications.time());
    },
  };
}

type Deps = Pick<ServiceDeps, 'store'>;

async function stats(deps: Deps, caller: Caller, input: StatsInput): Promise<Result<StatsView>> {
  const { group_by: groupBy = 'day' } = input;
  const read = await readPeriod(deps, caller, input);
  return read === null ? refuse(BAD_PERIOD) : ok(viewOf(read, groupBy));
}

/** Every cut of one period, read once. */
async function page(deps: Deps, caller: Caller, period: StatsInput): Promise<InsightsPage | null> {
  const read = await readPeriod(deps, caller, period);
  if (read === null) return null;
  return Object.fromEntries(GROUPS.map((group) => [group, viewOf(read, group)])) as unknown as InsightsPage;
}

const GROUPS = ['day', ...DIMENSIONS] as const;

interface Read {
  readonly from: string;
  readonly to: string;
  readonly days: readonly InsightDay[];
  readonly sum: Omit<InsightDay, 'day'>;
  readonly previous: Cell;
  readonly anomalies: StatsView['anomalies'];
}

async function readPeriod(deps: Deps, caller: Caller, { from, to }: StatsInput): Promise<Read | null> {
  const length = Math.round((Date.parse(to) - Date.parse(from)) / DAY_MS) + 1;
  if (!(length >= 1 && length <= MOST_DAYS)) return null;
  const first = dayAt(Date.parse(from) - length * DAY_MS);
  const all = await daysOf(deps, caller.application.id, first, to);
  const days = all.filter(({ day }) => day >= from);
  return {
    from,
    to,
    days,
    sum: sumOfDays(days),
    previous: all.reduce((sum, { day, all: cell }) => (day < from ? addCells(sum, cell) : sum), NO_CELL),
    anomalies: anomaliesIn(all).filter(({ day }) => day >= from),
  };
}

function viewOf({ from, to, days, sum, previous, anomalies }: Read, groupBy: StatsView['group_by']): StatsView {
  return {
    object: 'stats',
    from,
    to,
    group_by: groupBy,
    total: rowOf('all', sum.all),
    previous: rowOf('all', previous),
    data: groupBy === 'day' ? everyDay(from, to, days) : rowsOf(sum.by[groupBy]),
    failures: sum.failures,
    blocks: sum.blocks,
    anomalies,
  };
}

const BAD_PERIOD = {
  code: 'invalid_request',
  detail: 'Give a period of 1 to 366 days, its first day first.',
  errors: [
    { pointer: '#query/to', code: 'invalid_period', detail: 'Give a period of 1 to 366 days, its first day first.' },
  ],
} as const;

/** A row for each day, also for one on which nothing was counted. */
function everyDay(from: string, to: string, days: readonly InsightDay[]): readonly StatsRow[] {
  const known = new Map(days.map(({ day, all }) => [day, all]));
  const rows: StatsRow[] = [];
  for (let at = Date.parse(from); at <= Date.parse(to); at += DAY_MS)
    rows.push(rowOf(dayAt(at), known.get(dayAt(at)) ?? NO_CELL));
  return rows;
}

/** Most started first. */
function rowsOf(cells: InsightDay['by']['country']): readonly StatsRow[] {
  const rows = Object.entries(cells).map(([key, cell]) => rowOf(key, cell));
  return rows.toSorted((a, b) => b.started - a.started || (a.key < b.key ? -1 : 1));
}

function rowOf(key: string, { started, sent, delivered, approved, took, cost }: Cell): StatsRow {
  const amounts = Object.entries(cost).map(([currency, millionths]) => [currency, millionths / MILLION]);
  return {
    key,
    started,
    sent,
    delivered,
    approved,
    conversion: shareOf(approved, started),
    half_within: secondsWithin(took, 0.5),
    most_within: secondsWithin(took, 0.95),
    cost: Object.fromEntries(amounts) as Record<string, number>,
  };
}
