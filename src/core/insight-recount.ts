import { type Cell, DIMENSIONS, type InsightDay, NO_CELL } from './insights.ts';

type Counts = Readonly<Record<string, number>>;

/**
 * A day that is counted again, `after` it was counted `before`: records that were purged meanwhile still count. Figures only grow while
 * records are there, so that a smaller sum says that some are gone; then the larger of each two figures stands.
 */
export function recounted(before: InsightDay, after: InsightDay): InsightDay {
  const sizes = sizesOf(after);
  if (sizesOf(before).every((size, at) => size <= (sizes[at] ?? 0))) return after;
  return {
    day: after.day,
    all: largerCell(before.all, after.all),
    by: Object.fromEntries(
      DIMENSIONS.map((dimension) => [dimension, largerCells(before.by[dimension], after.by[dimension])]),
    ) as InsightDay['by'],
    failures: larger(before.failures, after.failures),
    blocks: larger(before.blocks, after.blocks),
  };
}

/** What is known from records alone. */
function sizesOf({ by, failures, blocks }: InsightDay): readonly number[] {
  const started = Object.values(by.purpose).reduce((sum, cell) => sum + cell.started, 0);
  return [started, sumOf(failures), sumOf(blocks)];
}

function sumOf(counts: Counts): number {
  return Object.values(counts).reduce((sum, count) => sum + count, 0);
}

function largerCells(a: Readonly<Record<string, Cell>>, b: Readonly<Record<string, Cell>>) {
  const keys = new Set([...Object.keys(a), ...Object.keys(b)]);
  return Object.fromEntries([...keys].map((key) => [key, largerCell(a[key] ?? NO_CELL, b[key] ?? NO_CELL)]));
}

function largerCell(a: Cell, b: Cell): Cell {
  return {
    started: Math.max(a.started, b.started),
    sent: Math.max(a.sent, b.sent),
    delivered: Math.max(a.delivered, b.delivered),
    approved: Math.max(a.approved, b.approved),
    took: Array.from({ length: Math.max(a.took.length, b.took.length) }, (_, at) =>
      Math.max(a.took[at] ?? 0, b.took[at] ?? 0),
    ),
    cost: larger(a.cost, b.cost),
  };
}

function larger(a: Counts, b: Counts): Counts {
  const keys = new Set([...Object.keys(a), ...Object.keys(b)]);
  return Object.fromEntries([...keys].map((key) => [key, Math.max(a[key] ?? 0, b[key] ?? 0)]));
}
