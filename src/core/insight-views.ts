import type { Anomaly } from './insights.ts';

/** Figures of one row: of a day, a country, an agent, or of all. Shares are null below twenty. */
export interface StatsRow {
  /** What the row is about: `2026-11-20`, `DE`, `sms`, an agent's id; `-` = none. */
  readonly key: string;
  readonly started: number;
  readonly sent: number;
  readonly delivered: number;
  readonly approved: number;
  /** Approved of started. */
  readonly conversion: number | null;
  /** Seconds within which half, and 95 of 100, were approved, to the end of a bucket. */
  readonly half_within: number | null;
  readonly most_within: number | null;
  /** Amounts by currency; null for who may not see costs. */
  readonly cost: Readonly<Record<string, number>> | null;
}

/** `GET /v1/stats`. */
export interface StatsView {
  readonly object: 'stats';
  readonly from: string;
  readonly to: string;
  readonly group_by: 'day' | 'country' | 'channel' | 'provider' | 'purpose' | 'agent';
  readonly total: StatsRow;
  /** The same number of days just before. */
  readonly previous: StatsRow;
  readonly data: readonly StatsRow[];
  readonly failures: Readonly<Record<string, number>>;
  readonly blocks: Readonly<Record<string, number>>;
  readonly anomalies: readonly Anomaly[];
}
