import type { Result } from '../../core/errors.ts';
import type { StatsView } from '../../core/insight-views.ts';
import type { Caller } from '../api.ts';

/** Days in UTC, `YYYY-MM-DD`, both in. */
export interface StatsInput {
  readonly from: string;
  readonly to: string;
  /** `day` when absent. */
  readonly group_by?: StatsView['group_by'];
}

/** A period cut every way. */
export type InsightsPage = Readonly<Record<StatsView['group_by'], StatsView>>;

/** How an application's live traffic does. Counted by the worker, day by day; the current day is at most minutes behind. */
export interface InsightsService {
  stats(caller: Caller, input: StatsInput): Promise<Result<StatsView>>;
  /** Every cut of one period at once; null when it is none. */
  page(caller: Caller, period: Omit<StatsInput, 'group_by'>): Promise<InsightsPage | null>;
  /** Counts what is to be counted now, without waiting for the worker. */
  count(): Promise<void>;
  /** The current day in UTC. */
  today(): Promise<string>;
}
