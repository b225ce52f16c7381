/** Newest times kept for a destination, unless a higher limit reads them. */
const KEEP = 1_000;

/** The times of a destination's live messages, oldest first, as a short text: the first time, then the steps, in base 36. */
export function packTimes(times: readonly number[]): string {
  let last = 0;
  const steps = times.map((time) => {
    const step = time - last;
    last = time;
    return step.toString(36);
  });
  return steps.join(' ');
}

/** The times back from {@link packTimes}. */
export function unpackTimes(packed: string): number[] {
  if (packed === '') return [];
  let time = 0;
  return packed.split(' ').map((step) => (time += Number.parseInt(step, 36)));
}

/** With one more message now, without what no window reaches, and no more than a limit of `max` can ask for. */
export function withTime(
  times: readonly number[],
  now: number,
  { windowMs, max }: { windowMs: number; max: number },
): number[] {
  const inside = times.filter((time) => time > now - windowMs);
  const keep = Math.max(KEEP, max, inside.length);
  // The clock of another process may be ahead: the order is what counts.
  return [...inside, now].toSorted((a, b) => a - b).slice(-keep);
}
