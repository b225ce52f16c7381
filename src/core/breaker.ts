/** Failures in a row after which a provider rests. */
const TRIP_AFTER = 5;
/** How long it rests, first time, second time, … without a success in between. */
const REST_MS = [5_000, 10_000, 20_000, 40_000, 60_000] as const;
const LONGEST_REST_MS = 60_000;

/** What is known of one provider's health. */
export interface Breaker {
  /** Failures in a row. */
  readonly failures: number;
  /** Rests in a row. */
  readonly rests: number;
  /** Nothing is asked before this time (epoch ms); 0 = not resting. */
  readonly restsUntil: number;
}

export const HEALTHY: Breaker = { failures: 0, rests: 0, restsUntil: 0 };

/** Whether the provider may be asked now. A rest longer than any means that the host's clock stepped back: it is over. */
export function mayAsk({ restsUntil }: Breaker, now: number): boolean {
  return now >= restsUntil || restsUntil - now > LONGEST_REST_MS;
}

/** About to be asked: after a rest one request goes first as a trial, and the others wait for its outcome (or another rest). */
export function asking(breaker: Breaker, now: number): Breaker {
  return breaker.restsUntil === 0 ? breaker : { ...breaker, restsUntil: now + restMs(breaker.rests) };
}

/** It answered, with whatever it thinks of the message. */
export function answered(): Breaker {
  return HEALTHY;
}

/** It did not answer, or has no room. The fifth time in a row, and every failed trial, starts a rest. */
export function failed(breaker: Breaker, now: number): Breaker {
  const failures = breaker.failures + 1;
  if (failures < TRIP_AFTER) return { ...breaker, failures };
  return { failures, rests: breaker.rests + 1, restsUntil: now + restMs(breaker.rests) };
}

function restMs(rests: number): number {
  return REST_MS[Math.min(rests, REST_MS.length - 1)] ?? REST_MS[0];
}
