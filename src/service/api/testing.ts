import type { Result } from '../../core/errors.ts';
import type { TestClockView } from '../../core/testing-views.ts';
import type { InboxMessageView } from '../../core/views.ts';
import type { Caller } from './caller.ts';

/** Messages that test keys sent. */
export interface InboxService {
  /** Messages of test sends of this application, for ten minutes. */
  list(caller: Caller, to?: string): Promise<Result<{ readonly data: readonly InboxMessageView[] }>>;
  /** Everything, for the development page. */
  all(to?: string): Promise<readonly (InboxMessageView & { readonly verification: string })[]>;
  clear(): Promise<void>;
}

/** Time for test keys: a test verification ends without anybody waiting for it. */
export interface TestClockService {
  read(caller: Caller): Promise<Result<TestClockView>>;
  /** Makes every open test verification of the application that much older. */
  advance(caller: Caller, seconds: number): Promise<Result<TestClockView>>;
}
