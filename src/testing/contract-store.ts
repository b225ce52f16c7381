import type { Store } from '../ports/store.ts';
import type { FakeClock } from './clock.ts';

/** What the suites need of a test runner; vitest and jest fit. */
export interface TestApi {
  describe(name: string, body: () => void): void;
  it(name: string, body: () => Promise<void>): void;
  expect(actual: unknown): {
    toBe(expected: unknown): void;
    toEqual(expected: unknown): void;
  };
}

/** Opens an empty, migrated store whose host clock is the given one. */
export type OpenStore = (clock: FakeClock) => Promise<Store>;

/** One contract test: a sentence, and what shows it on a fresh store. */
export interface ContractTest {
  readonly name: string;
  readonly run: (context: { store: Store; clock: FakeClock; expect: TestApi['expect'] }) => Promise<void>;
}
