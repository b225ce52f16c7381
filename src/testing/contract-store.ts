import type { Store } from '../ports/store.ts';
import type { FakeClock } from './clock.ts';

interface Comparison {
  toBe(expected: unknown): void;
  toEqual(expected: unknown): void;
}

/** What the suites need of a test runner; vitest and jest fit. */
export interface TestApi {
  describe(name: string, body: () => void): void;
  it(name: string, body: () => Promise<void>): void;
  expect(actual: unknown): Comparison;
}

/** `expect` that may be told what is compared: a failure begins with these words. */
export type Expect = (actual: unknown, what?: string) => Comparison;

/** Gives any runner's `expect` the words; not every runner takes them itself. */
export function inWords(expect: TestApi['expect']): Expect {
  return (actual, what) => {
    if (what === undefined) return expect(actual);
    const toBe = (expected: unknown): void => saying(what, toBe, () => expect(actual).toBe(expected));
    const toEqual = (expected: unknown): void => saying(what, toEqual, () => expect(actual).toEqual(expected));
    return { toBe, toEqual };
  };
}

/** What a failure says begins with `what`, and its trace where `comparison` was called. */
function saying(what: string, comparison: Comparison['toBe'], compare: () => void): void {
  try {
    compare();
  } catch (error) {
    // Of another realm in some runners, so that `instanceof` tells nothing.
    const failure = error as Error;
    failure.message = `${what}: ${failure.message}`;
    Error.captureStackTrace(failure, comparison);
    throw failure;
  }
}

/** Opens an empty, migrated store whose host clock is the given one. */
export type OpenStore = (clock: FakeClock) => Promise<Store>;

/** One contract test: a sentence, and what shows it on a fresh store. */
export interface ContractTest {
  readonly name: string;
  /** `close` closes the store now instead of after the test. */
  readonly run: (context: {
    store: Store;
    clock: FakeClock;
    expect: Expect;
    close: () => Promise<void>;
  }) => Promise<void>;
}
