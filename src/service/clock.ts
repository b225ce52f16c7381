import type { StoreHealth } from '../ports/store.ts';

/**
 * How far the clock of a host may be off, ms. Decisions go by the store's clock where it has one of its own; a host that is
 * wrong still stamps its logs and receipts, and a store that goes by the host's clock stands still while that is behind.
 */
const CLOCK_LIMITS = {
  /** From here on it is told, with the cure. */
  tellMs: 5_000,
  /** From here on the instance is not ready, and none starts. */
  refuseMs: 60_000,
} as const;

export interface ClockFinding {
  /** How far off the clock is, ms. */
  readonly offMs: number;
  readonly ready: boolean;
  /** Whether a process may start that stays. */
  readonly mayStart: boolean;
  /** Safe to show, with the cure; null when fine. */
  readonly reason: string | null;
}

/**
 * What the clocks of host and store mean. Behind the newest commit is not ready much sooner than beside the store's clock: time,
 * as commits know it, stands still then, and codes outlive their end.
 */
export function clockFinding({ clockBehindMs, clockSkewMs }: Omit<StoreHealth, 'ok' | 'reason'>): ClockFinding {
  const skewMs = Math.abs(clockSkewMs ?? 0);
  const offMs = Math.max(skewMs, clockBehindMs);
  return {
    offMs,
    ready: skewMs <= CLOCK_LIMITS.refuseMs && clockBehindMs <= CLOCK_LIMITS.tellMs,
    mayStart: offMs <= CLOCK_LIMITS.refuseMs,
    reason: offMs <= CLOCK_LIMITS.tellMs ? null : reasonOf(clockBehindMs, clockSkewMs),
  };
}

function reasonOf(behindMs: number, skewMs: number | null): string {
  if (skewMs !== null && Math.abs(skewMs) >= behindMs) {
    const side = skewMs > 0 ? 'ahead of' : 'behind';
    return `The host clock is ${seconds(skewMs)} s ${side} the store’s. Set the one that is wrong (NTP).`;
  }
  const whose = skewMs === null ? 'host' : 'store’s';
  return `The ${whose} clock is ${seconds(behindMs)} s behind the newest commit. Set it (NTP).`;
}

function seconds(ms: number): number {
  return Math.round(Math.abs(ms) / 1_000);
}
