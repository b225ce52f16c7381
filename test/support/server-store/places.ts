import { afterEach } from 'vitest';
import type { SqlServerStore } from '../../../src/stores/sql/server/index.ts';
import { fakeClock, type FakeClock } from '../../../src/testing/index.ts';

/** How a driver opens stores in the places of a test. */
export interface ServerPlaces {
  /** The URL of an empty place. */
  fresh(): string;
  open(options: {
    url: string;
    now?: () => number;
    hostNow?: () => number;
    maxBatch?: number;
  }): Promise<SqlServerStore>;
  /** Runs one statement in a place, beside the stores. */
  run(url: string, sql: string): Promise<unknown>;
}

/** Stores that are closed after each test. */
export interface OpenPlaces extends ServerPlaces {
  /** Two migrated instances on one database. */
  two(clock?: FakeClock): Promise<[SqlServerStore, SqlServerStore]>;
}

export function openPlaces(places: ServerPlaces): OpenPlaces {
  const opened: SqlServerStore[] = [];
  afterEach(async () => {
    for (const store of opened.splice(0)) await store.close();
  });
  const open: ServerPlaces['open'] = async (options) => {
    const store = await places.open(options);
    opened.push(store);
    return store;
  };
  return {
    ...places,
    open,
    async two(clock = fakeClock()) {
      const url = places.fresh();
      const first = await open({ url, now: clock.now });
      await first.migrations.migrate();
      return [first, await open({ url, now: clock.now })];
    },
  };
}

/** Of a list that goes round and round. */
export function at<T>(list: readonly T[], i: number): T {
  const item = list[i % list.length];
  if (item === undefined) throw new Error('the list is empty');
  return item;
}
