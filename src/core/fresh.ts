/**
 * Whether what was read at `at` may still stand for `forMs` (all in ms). A host's clock may step back: what seems to be from the future
 * is read again, or a change by another instance would wait until the clock has caught up.
 */
export function isFresh(at: number, now: number, forMs: number): boolean {
  return at <= now && now - at < forMs;
}
