/** What can be compared: each is a way to cut the same traffic. */
export const DIMENSIONS = ['country', 'channel', 'provider', 'purpose', 'agent'] as const;
export type Dimension = (typeof DIMENSIONS)[number];

/** Below this many, a share says nothing. */
export const FEWEST_FOR_SHARE = 20;

/** Upper ends in seconds; a last bucket takes what took longer. */
export const TOOK_SECONDS = [5, 10, 15, 20, 30, 45, 60, 90, 120, 180, 300, 600, 1_800] as const;

/** Sums over verifications and their messages. `took` counts approvals by {@link TOOK_SECONDS}; `cost` is in millionths, by currency. */
export interface Cell {
  readonly started: number;
  /** Messages that a provider took, and those of them that reached the receiver. */
  readonly sent: number;
  readonly delivered: number;
  readonly approved: number;
  readonly took: readonly number[];
  readonly cost: Readonly<Record<string, number>>;
}

/** One UTC day of an application's live traffic. */
export interface InsightDay {
  readonly day: string;
  readonly all: Cell;
  readonly by: Readonly<Record<Dimension, Readonly<Record<string, Cell>>>>;
  /** Ends other than an approval, and starts that were refused, by reason. */
  readonly failures: Readonly<Record<string, number>>;
  readonly blocks: Readonly<Record<string, number>>;
}

export const NO_CELL: Cell = { started: 0, sent: 0, delivered: 0, approved: 0, took: [], cost: {} };

export function addCells(a: Cell, b: Cell): Cell {
  return {
    started: a.started + b.started,
    sent: a.sent + b.sent,
    delivered: a.delivered + b.delivered,
    approved: a.approved + b.approved,
    took: addLists(a.took, b.took),
    cost: addCounts(a.cost, b.cost),
  };
}

export function addCounts(
  a: Readonly<Record<string, number>>,
  b: Readonly<Record<string, number>>,
): Readonly<Record<string, number>> {
  const sum: Record<string, number> = { ...a };
  for (const [name, count] of Object.entries(b)) sum[name] = (sum[name] ?? 0) + count;
  return sum;
}

function addLists(a: readonly number[], b: readonly number[]): readonly number[] {
  return Array.from({ length: Math.max(a.length, b.length) }, (_, at) => (a[at] ?? 0) + (b[at] ?? 0));
}

/** The bucket of a time from start to approval. */
export function bucketOf(ms: number): number {
  const at = TOOK_SECONDS.findIndex((seconds) => ms <= seconds * 1_000);
  return at < 0 ? TOOK_SECONDS.length : at;
}

/** Seconds within which this part of the approvals came, to the end of its bucket; null over none, or when they took longer. */
export function secondsWithin(took: readonly number[], part: number): number | null {
  const total = took.reduce((sum, count) => sum + count, 0);
  let seen = 0;
  for (const [at, count] of took.entries()) {
    seen += count;
    if (total > 0 && seen >= total * part) return TOOK_SECONDS[at] ?? null;
  }
  return null;
}

/** A part of a whole to three places; null when the whole is too small to say. */
export function shareOf(part: number, whole: number): number | null {
  return whole < FEWEST_FOR_SHARE ? null : Math.round((part / whole) * 1_000) / 1_000;
}

/** All days as one. */
export function sumOfDays(days: readonly InsightDay[]): Omit<InsightDay, 'day'> {
  const by = Object.fromEntries(
    DIMENSIONS.map((dimension) => [dimension, sumOfCells(days.map((day) => day.by[dimension]))]),
  ) as InsightDay['by'];
  return {
    all: days.reduce((sum, { all }) => addCells(sum, all), NO_CELL),
    by,
    failures: days.reduce((sum, { failures }) => addCounts(sum, failures), {}),
    blocks: days.reduce((sum, { blocks }) => addCounts(sum, blocks), {}),
  };
}

function sumOfCells(parts: readonly Readonly<Record<string, Cell>>[]): Readonly<Record<string, Cell>> {
  const sum: Record<string, Cell> = {};
  for (const part of parts)
    for (const [key, cell] of Object.entries(part)) sum[key] = addCells(sum[key] ?? NO_CELL, cell);
  return sum;
}

/** Something that is far from how it was. */
export interface Anomaly {
  readonly day: string;
  readonly kind: 'volume_high' | 'volume_low' | 'conversion_low';
  /** Of that day, and as expected from the days before. */
  readonly value: number;
  readonly expected: number;
}

const LOOK_BACK = 14;
const FEWEST_DAYS = 5;
const FAR = 3;

/**
 * Days that lie more than three standard deviations (at least a fifth of the mean) from the mean of the up to fourteen days
 * before: starts, and the share that was verified. Fewer than five days before, or fewer than twenty starts, say nothing.
 */
export function anomaliesIn(days: readonly InsightDay[]): readonly Anomaly[] {
  return days.flatMap(({ day, all }, at) => {
    const before = days.slice(Math.max(0, at - LOOK_BACK), at).filter(({ all: { started } }) => started > 0);
    if (before.length < FEWEST_DAYS) return [];
    return [...volumeOf(day, all, before), ...conversionOf(day, all, before)];
  });
}

function volumeOf(day: string, { started }: Cell, before: readonly InsightDay[]): readonly Anomaly[] {
  const { mean, far } = rangeOf(before.map(({ all }) => all.started));
  if (Math.abs(started - mean) <= far || Math.max(started, mean) < FEWEST_FOR_SHARE) return [];
  const kind = started > mean ? 'volume_high' : 'volume_low';
  return [{ day, kind, value: started, expected: Math.round(mean) }];
}

function conversionOf(day: string, { started, approved }: Cell, before: readonly InsightDay[]): readonly Anomaly[] {
  const shares = before.flatMap(({ all }) => shareOf(all.approved, all.started) ?? []);
  const share = shareOf(approved, started);
  if (share === null || shares.length < FEWEST_DAYS) return [];
  const { mean, far } = rangeOf(shares);
  if (mean - share <= far) return [];
  return [{ day, kind: 'conversion_low', value: share, expected: Math.round(mean * 1_000) / 1_000 }];
}

function rangeOf(values: readonly number[]): { readonly mean: number; readonly far: number } {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const spread = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length);
  return { mean, far: Math.max(FAR * spread, mean / 5) };
}
