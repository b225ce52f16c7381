import { describe, expect, it } from 'vitest';
import { effectivePolicy } from '../../../src/core/policy.ts';
import type { Store } from '../../../src/ports/store.ts';
import {
  closedRecord,
  fakeClock,
  nextRecord,
  sendsHit,
  testChanges,
  testEvent,
  testHit,
  testRecord,
  testSend,
} from '../../../src/testing/index.ts';
import { at, type OpenPlaces } from './places.ts';

const replacing = effectivePolicy({ preset: 'phone-api' }, 'default');

/** Group commit. */
export function batchSuite(driver: string, places: OpenPlaces): void {
  describe(`a batch on ${driver}`, () => {
    it('comes to the same as its items one by one', async () => {
      const clock = fakeClock();
      const items = mixedItems(clock.now());
      const outcomes = await Promise.all(
        [128, 1].map(async (maxBatch) => {
          const store = await places.open({ url: places.fresh(), now: clock.now, maxBatch });
          await store.migrations.migrate();
          // A policy seen for the first time is stored before its commit is queued: two new ones would race for the order.
          for (const policy of [undefined, replacing])
            await store.verifications.insert(
              testRecord(clock.now() - 1, { application: 'app_other', ...(policy && { policy }) }),
              testChanges(),
            );
          const answers = await Promise.all(items.map((item) => item(store)));
          const day = new Date(clock.now()).toISOString().slice(0, 10);
          const found = await store.records.search({
            application: testRecord(0).application,
            mode: 'live',
            now: clock.now(),
            limit: 100,
          });
          return [answers, found, await store.records.stats(testRecord(0).application, day, day)];
        }),
      );
      expect(JSON.stringify(outcomes[0])).toBe(JSON.stringify(outcomes[1]));
    });

    it('keeps all items but the one that the database cannot store', async () => {
      const clock = fakeClock();
      const [store] = await places.two(clock);
      const records = Array.from({ length: 9 }, (_, i) => testRecord(clock.now(), i === 4 ? { version: 3e9 } : {}));
      const outcomes = await Promise.allSettled(
        records.map((record) =>
          store.verifications.insert(record, testChanges({ sends: [testSend(record, clock.now())] })),
        ),
      );
      expect(outcomes.map(({ status }) => status === 'fulfilled')).toEqual(records.map((_, i) => i !== 4));
      expect((await store.outbox.backlog()).queued).toBe(8);
      expect((await store.health()).ok).toBe(true);
    });
  });
}

/** Starts, swaps, losers, refusals and a twin, with ids that are the same wherever they run. */
function mixedItems(now: number): readonly ((store: Store) => Promise<unknown>)[] {
  const limitIndex = 'k1.shared';
  const records = Array.from({ length: 24 }, (_, i) =>
    testRecord(now, i % 3 === 0 ? { limitIndex } : i % 5 === 0 ? { toIndex: 'k1.subject', policy: replacing } : {}),
  );
  const started = records.map((record) => [testEvent('started', now), testSend(record, now)] as const);
  const starts = records.map((record, i) => (store: Store): Promise<unknown> => {
    const [event, send] = at(started, i);
    const take = [sendsHit(record, 3), testHit('signal_ip', ['ip'], 15, 3_600_000)];
    return store.verifications.insert(record, testChanges({ events: [event], sends: [send], take }));
  });
  const twin = (store: Store): Promise<unknown> =>
    store.verifications.insert(at(records, 0), testChanges()).catch((error: Error) => error.message);
  const swaps = records.map((record, i) => async (store: Store): Promise<unknown> => {
    await at(starts, i)(store).catch(() => undefined);
    const failed = testChanges({ failed: [`${record.application}|${record.limitIndex}`], dropQueued: i % 2 === 0 });
    return Promise.all([
      store.verifications.replace(nextRecord(record, { checks: 1 }), 1, failed),
      store.verifications.replace(closedRecord(record, now), 1, testChanges()),
    ]);
  });
  return [...starts.slice(0, 12), twin, ...swaps.slice(12)];
}
