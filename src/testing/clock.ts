/** A clock that stands still until told otherwise; epoch ms. */
export interface FakeClock {
  now(): number;
  /** Moves by `ms`, backwards when negative. */
  advance(ms: number): void;
  set(ms: number): void;
}

/** A fake clock; hand `clock.now` to whatever takes a `now` option. */
export function fakeClock(start = Date.UTC(2026, 0, 15, 12)): FakeClock {
  let time = start;
  return {
    now: () => time,
    advance: (ms) => {
      time += ms;
    },
    set: (ms) => {
      time = ms;
    },
  };
}
