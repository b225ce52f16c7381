/** Milliseconds on the monotonic clock, which nobody sets: for waits and the age of what is in memory, never for a decision. */
export function elapsedMs(): number {
  return performance.now();
}
