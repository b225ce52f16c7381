import type { StatsRow } from '../../../core/insight-views.ts';
import { FEWEST_FOR_SHARE } from '../../../core/insights.ts';

export function count(value: number): string {
  return value.toLocaleString('en');
}

/** `76.3%`, or a dash where it says nothing. */
export function percent(share: number | null): string {
  return share === null ? '–' : `${(share * 100).toFixed(1)}%`;
}

/** A part of a whole, or a dash below twenty. */
export function partOf(part: number, whole: number): string {
  return whole < FEWEST_FOR_SHARE ? '–' : percent(part / whole);
}

export function seconds(value: number | null): string {
  if (value === null) return '–';
  return value < 120 ? `${value} s` : `${Math.round(value / 60)} min`;
}

/** Amounts, one for each currency. */
export function money(cost: StatsRow['cost']): string {
  const parts = Object.entries(cost ?? {}).map(([currency, amount]) => `${amount.toFixed(2)}\u00a0${currency}`);
  return parts.length === 0 ? '–' : parts.join(' + ');
}

/** What one approval cost. */
export function moneyPer(row: StatsRow): string {
  if (row.approved === 0) return '–';
  const parts = Object.entries(row.cost ?? {}).map(
    ([currency, amount]) => `${(amount / row.approved).toFixed(3)}\u00a0${currency}`,
  );
  return parts.length === 0 ? '–' : parts.join(' + ');
}

/** `1.2 points lower than before`. */
export function pointsBeside(now: number | null, before: number | null): string {
  if (now === null || before === null) return 'Nothing to compare with';
  const points = Math.abs((now - before) * 100).toFixed(1);
  if (points === '0.0') return 'As before';
  return `${points} points ${now > before ? 'higher' : 'lower'} than before`;
}

/** `12% more than before`; of a few before, how many there were. */
export function changeBeside(now: number, before: number): string {
  if (before === 0) return 'Nothing to compare with';
  if (before < FEWEST_FOR_SHARE) return `${count(before)} before`;
  const change = Math.round(((now - before) / before) * 100);
  if (change === 0) return 'As before';
  return `${Math.abs(change)}% ${change > 0 ? 'more' : 'fewer'} than before`;
}
