import type { Store } from '../ports/store.ts';
import { fakeClock, type FakeClock } from './clock.ts';
import { type Expect, inWords, type TestApi } from './contract-store.ts';

/** One empty, migrated place of data on which any number of instances can be opened, as processes of a service do. */
export interface SharedData {
  /**
   * Opens one more instance. `clock` is the time of the place itself (a database server's), `hostClock` that of the machine
   * the instance runs on; a store that goes by its host's clock takes the latter.
   */
  open(clock: FakeClock, hostClock: FakeClock): Promise<Store>;
  /** How many rows or keys it holds but the daily totals, which stay, to see what is never cleaned up; absent = nobody can tell. */
  count?(): Promise<number>;
  /** Deletes it; all instances are closed by then. */
  remove(): Promise<void>;
}

export type FreshData = () => Promise<SharedData>;

/** What a test over several instances gets. Whatever it leaves open is closed for it. */
export interface InstancesContext {
  readonly clock: FakeClock;
  readonly expect: Expect;
  /** One more instance, on a host whose clock is right unless another is given. */
  open(hostClock?: FakeClock): Promise<Store>;
  close(store: Store): Promise<void>;
  count(): Promise<number | null>;
}

/** Runs a test on a place of its own, and cleans up after it. */
export async function onFreshData(
  fresh: FreshData,
  expect: TestApi['expect'],
  run: (context: InstancesContext) => Promise<void>,
): Promise<void> {
  const data = await fresh();
  const clock = fakeClock();
  const instances = new Set<Store>();
  const close = async (store: Store): Promise<void> => {
    if (instances.delete(store)) await store.close();
  };
  const open = async (hostClock = clock): Promise<Store> => {
    const store = await data.open(clock, hostClock);
    instances.add(store);
    return store;
  };
  try {
    await run({ clock, expect: inWords(expect), open, close, count: async () => (await data.count?.()) ?? null });
  } finally {
    for (const store of instances) await close(store);
    await data.remove();
  }
}
