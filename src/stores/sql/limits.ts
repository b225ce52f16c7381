import { LIMITS, type Hit, type Refusal } from '../../core/limits.ts';

const FOREVER_MS = 100 * 365 * 86_400_000;
const YEAR_MS = 365 * 86_400_000;

/** A counter as stored. Its window began with its first hit; `ends_at` null = never. */
export interface CounterRow {
  readonly name: string;
  readonly window_start: number;
  readonly ends_at: number | null;
  readonly count: number;
}

/** The failed checks of a destination: in a window that began with the first, and in a row. */
export interface FailureCounts {
  readonly name: string;
  readonly window_start: number;
  readonly window_ms: number;
  readonly failures: number;
  readonly consecutive: number;
}

/** What limits are decided from. Names that were never counted are left out. */
export interface Counts {
  counters(names: readonly string[]): readonly Pick<CounterRow, 'count' | 'ends_at'>[];
  failures(names: readonly string[]): readonly FailureCounts[];
  /** Times of the newest live messages inside the window over all names, newest first, at least `limit` if there are. */
  sendTimes(names: readonly string[], windowMs: number, limit: number): readonly number[];
  /** A failed check does not know the window in force; the next start of the destination tells its row. */
  adoptWindow(name: string, windowMs: number): void;
}

/** A part of a count and when it ends. */
interface Part {
  readonly count: number;
  readonly endsAt: number | null;
}

/** The first hit that has no room, or null. Counts nothing, so that a refused commit leaves no trace. */
export function refusalOf(counts: Counts, hits: readonly Hit[], now: number): Refusal | null {
  for (const hit of hits) {
    const full = resetOf(counts, hit, now);
    if (full !== null) return { name: hit.name, scope: hit.scope, resetAt: full.resetAt };
  }
  return null;
}

/** True for limits that are counted per destination, by what a commit sends or fails, not by {@link counterName}. */
export function isDestinationHit(hit: Hit): boolean {
  return (
    hit.name === 'destination_sends' ||
    hit.name === 'destination_failures' ||
    hit.name === 'destination_consecutive_failures'
  );
}

/** The name of the counter of a hit under one key of the ring. */
export function counterName(hit: Hit, key: string): string {
  return `${hit.name}|${key}`;
}

/**
 * The counter after a hit that has room: a window starts with its first hit and is replaced by a new one after its end. What is given
 * back without having been counted makes no room: no count is below 0.
 */
export function hitCounter(row: CounterRow | null, name: string, hit: Hit, now: number): CounterRow {
  const isOpen = row !== null && (row.ends_at === null || row.ends_at > now);
  if (isOpen) return { ...row, count: Math.max(0, row.count + hit.amount) };
  const ends_at = hit.windowMs === null ? null : now + hit.windowMs;
  return { name, window_start: now, ends_at, count: Math.max(0, hit.amount) };
}

/** The failure counts after one more failed check. */
export function failedCounts(row: FailureCounts | null, name: string, now: number): FailureCounts {
  const windowMs = row?.window_ms ?? LIMITS.destination_failures.windowSeconds * 1000;
  const consecutive = (row?.consecutive ?? 0) + 1;
  if (row !== null && row.failures > 0 && row.window_start + windowMs > now) {
    return { ...row, failures: row.failures + 1, consecutive };
  }
  return { name, window_start: now, window_ms: windowMs, failures: 1, consecutive };
}

/** How long failure counts are kept: a row of failures for a year after its last, else until the window ends. */
export function failuresKeptUntil(row: FailureCounts, now: number): number {
  return row.consecutive > 0 ? now + YEAR_MS : row.window_start + row.window_ms;
}

/** Null when there is room, else when there will be. */
function resetOf(counts: Counts, hit: Hit, now: number): { resetAt: number | null } | null {
  switch (hit.name) {
    case 'destination_sends':
      return sendsReset(counts, hit);
    case 'destination_failures':
      return partsReset(hit, failuresOf(counts, hit, now));
    case 'destination_consecutive_failures':
      return partsReset(
        hit,
        counts.failures(hit.keys).map((row) => ({ count: row.consecutive, endsAt: null })),
      );
    default:
      return partsReset(hit, countersOf(counts, hit, now));
  }
}

/** There is room while at most `max - amount` messages are inside the window; the newest one too many must leave. */
function sendsReset(counts: Counts, hit: Hit): { resetAt: number | null } | null {
  const windowMs = hit.windowMs ?? FOREVER_MS;
  const allowed = hit.max - hit.amount;
  if (allowed < 0) return { resetAt: null };
  const leaves = counts.sendTimes(hit.keys, windowMs, allowed + 1)[allowed];
  return leaves === undefined ? null : { resetAt: hit.windowMs === null ? null : leaves + windowMs };
}

/** Parts end one by one; there is room again once enough of them did. */
function partsReset(hit: Hit, parts: readonly Part[]): { resetAt: number | null } | null {
  let left = parts.reduce((sum, part) => sum + part.count, 0) + hit.amount;
  if (left <= hit.max) return null;
  for (const part of parts.toSorted((a, b) => (a.endsAt ?? Infinity) - (b.endsAt ?? Infinity))) {
    left -= part.count;
    if (left <= hit.max) return { resetAt: part.endsAt };
  }
  return { resetAt: null };
}

function countersOf(counts: Counts, hit: Hit, now: number): Part[] {
  return counts
    .counters(hit.keys.map((key) => counterName(hit, key)))
    .filter((row) => row.ends_at === null || row.ends_at > now)
    .map((row) => ({ count: row.count, endsAt: row.ends_at }));
}

function failuresOf(counts: Counts, hit: Hit, now: number): Part[] {
  const windowMs = hit.windowMs ?? FOREVER_MS;
  return counts.failures(hit.keys).flatMap((row) => {
    if (row.window_ms !== windowMs) counts.adoptWindow(row.name, windowMs);
    const endsAt = row.window_start + windowMs;
    return endsAt > now ? [{ count: row.failures, endsAt: hit.windowMs === null ? null : endsAt }] : [];
  });
}
