import type { Hit } from '../core/limits.ts';
import type { Verification } from '../core/verification.ts';
import type { Store } from '../ports/store.ts';
import type { ContractTest } from './contract-store.ts';
import {
  APPLICATION,
  closedRecord,
  nextRecord,
  sendsHit,
  testChanges,
  testHit,
  testRecord,
  testSend,
} from './factories.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 86_400_000;

/** A start that asks for these limits; `inserted` or `refused`. */
async function start(store: Store, now: number, ...take: readonly Hit[]): Promise<string> {
  return (await store.verifications.insert(testRecord(now), testChanges({ take }))).type;
}

/** A record, and so many failed checks of the destination `keys`. Returns the record as it is then. */
async function failing(store: Store, now: number, keys: readonly string[], times: number): Promise<Verification> {
  let record = testRecord(now);
  await store.verifications.insert(record, testChanges());
  for (let check = 0; check < times; check++) {
    await store.verifications.replace(nextRecord(record), record.version, testChanges({ failed: keys }));
    record = nextRecord(record);
  }
  return record;
}

async function purgeAll(store: Store): Promise<void> {
  const now = await store.verifications.time();
  for (let round = 0; round < 3; round++) await store.records.purge(now, 100);
}

/** What is counted per destination: messages, failed checks, known devices. */
export const DESTINATIONS_CONTRACT: readonly ContractTest[] = [
  {
    name: 'refuses starts after failed checks of the destination, until the window ends or an operator re-binds it',
    run: async ({ store, clock, expect }) => {
      const keys = ['app|destination'];
      let record = testRecord(clock.now());
      await store.verifications.insert(record, testChanges());
      const fail = async (): Promise<void> => {
        await store.verifications.replace(nextRecord(record), record.version, testChanges({ failed: keys }));
        record = nextRecord(record);
      };
      const start = (max: number, row: number): Promise<unknown> =>
        store.verifications.insert(
          testRecord(clock.now()),
          testChanges({
            take: [
              testHit('destination_failures', keys, max, DAY_MS),
              testHit('destination_consecutive_failures', keys, row, null),
            ],
          }),
        );
      const firstAt = clock.now();
      for (let i = 0; i < 3; i++) await fail();
      expect(await start(4, 9)).toEqual({ type: 'inserted' });
      expect(await start(3, 9)).toEqual({
        type: 'refused',
        refusal: { name: 'destination_failures', scope: 'test', resetAt: firstAt + DAY_MS },
      });
      expect(await start(9, 3)).toEqual({
        type: 'refused',
        refusal: { name: 'destination_consecutive_failures', scope: 'test', resetAt: null },
      });
      clock.advance(DAY_MS);
      expect(await start(3, 9)).toEqual({ type: 'inserted' });
      expect(((await start(3, 3)) as { type: string }).type).toBe('refused');
      expect(await store.destinations.rebind(keys), '`rebind` of a row that is there').toBe(true);
      expect(await store.destinations.rebind(keys), '`rebind` once more').toBe(false);
      expect(await start(3, 3)).toEqual({ type: 'inserted' });
    },
  },
  {
    name: 'ends the row of failures on approval, not the count of the window; remembers the device',
    run: async ({ store, clock, expect }) => {
      const keys = ['app|destination'];
      const record = testRecord(clock.now());
      await store.verifications.insert(record, testChanges());
      await store.verifications.replace(nextRecord(record), 1, testChanges({ failed: keys }));
      const approved = nextRecord(nextRecord(record), { status: 'approved', closedAt: clock.now(), dueAt: null });
      await store.verifications.replace(approved, 2, testChanges({ cleared: keys, device: 'app|destination|device' }));
      const start = (name: 'destination_failures' | 'destination_consecutive_failures'): Promise<{ type: string }> =>
        store.verifications.insert(testRecord(clock.now()), testChanges({ take: [testHit(name, keys, 1)] }));
      expect((await start('destination_consecutive_failures')).type).toBe('inserted');
      expect((await start('destination_failures')).type).toBe('refused');
      expect(await store.destinations.knowsDevice('app|destination|device'), 'the remembered device is known').toBe(
        true,
      );
      expect(await store.destinations.knowsDevice('app|other|device'), 'a device of another destination is known').toBe(
        false,
      );
    },
  },
  {
    name: 'purges no message out of the log while a window still reaches it, a longer one than a day either',
    run: async ({ store, clock, expect }) => {
      const limitIndex = 'k1.logged';
      for (const windowMs of [DAY_MS, 7 * DAY_MS]) {
        const take = [sendsHit(testRecord(clock.now(), { limitIndex }), 1, windowMs)];
        const first = testRecord(clock.now(), { limitIndex });
        const sent = testChanges({ sends: [testSend(first, clock.now())], take });
        expect((await store.verifications.insert(first, sent)).type).toBe('inserted');
        await store.verifications.replace(closedRecord(first, clock.now()), 1, testChanges());
        clock.advance(windowMs - 1);
        await purgeAll(store);
        expect(await start(store, clock.now(), ...take), 'a start inside the window, after a purge').toBe('refused');
        clock.advance(1);
        expect(await start(store, clock.now(), ...take), 'a start when the window is over').toBe('inserted');
        clock.advance(7 * DAY_MS);
      }
    },
  },
  {
    name: 'keeps a row of failures for a year after its last, whatever the window and a purge in between',
    run: async ({ store, clock, expect }) => {
      const keys = ['app|destination'];
      await failing(store, clock.now(), keys, 3);
      for (const days of [1, 363]) {
        clock.advance(days * DAY_MS);
        await purgeAll(store);
        const inRow = testHit('destination_consecutive_failures', keys, 3, null);
        expect(await start(store, clock.now(), inRow), `a start ${days} days later, 3 failures in a row`).toBe(
          'refused',
        );
      }
    },
  },
  {
    name: 'clears and re-binds the rows under every key of the ring',
    run: async ({ store, clock, expect }) => {
      const keys = ['app|new', 'app|old'];
      const inRow = testHit('destination_consecutive_failures', keys, 1, null);
      const inWindow = testHit('destination_failures', keys, 2);
      for (const key of keys.toReversed()) await failing(store, clock.now(), [key], 1);
      expect(await start(store, clock.now(), inRow)).toBe('refused');
      const record = await failing(store, clock.now(), ['app|other'], 1);
      const approved = closedRecord(record, clock.now());
      await store.verifications.replace(approved, record.version, testChanges({ cleared: keys }));
      expect(await start(store, clock.now(), inRow), 'after `cleared` with both keys').toBe('inserted');
      expect(await start(store, clock.now(), inWindow), 'the window after `cleared`, which keeps it').toBe('refused');
      for (const key of keys) await failing(store, clock.now(), [key], 1);
      expect(await start(store, clock.now(), inRow)).toBe('refused');
      expect(await store.destinations.rebind(keys), '`rebind` of two rows').toBe(true);
      expect(await start(store, clock.now(), inRow, inWindow), 'after `rebind` with both keys').toBe('inserted');
    },
  },
  {
    name: 'lets a failure row adopt the window that a start goes by, for the failures that come',
    run: async ({ store, clock, expect }) => {
      const keys = ['app|destination'];
      const twoDays = (max: number): Hit => testHit('destination_failures', keys, max, 2 * DAY_MS);
      await failing(store, clock.now(), keys, 1);
      expect(await start(store, clock.now(), twoDays(9))).toBe('inserted');
      clock.advance(DAY_MS + HOUR_MS);
      await failing(store, clock.now(), keys, 1);
      expect(await start(store, clock.now(), twoDays(2)), 'two failures in two days, by `adoptWindow`').toBe('refused');
    },
  },
  {
    name: 'purges no failures that a longer window still reaches, adopted after an approval',
    run: async ({ store, clock, expect }) => {
      const keys = ['app|destination'];
      const twoDays = (max: number): Hit => testHit('destination_failures', keys, max, 2 * DAY_MS);
      const record = await failing(store, clock.now(), keys, 1);
      const approved = closedRecord(record, clock.now());
      await store.verifications.replace(approved, record.version, testChanges({ cleared: keys }));
      expect(await start(store, clock.now(), twoDays(9))).toBe('inserted');
      clock.advance(DAY_MS + HOUR_MS);
      await purgeAll(store);
      expect(await start(store, clock.now(), twoDays(1)), 'a failure of yesterday, after a purge').toBe('refused');
    },
  },
  {
    name: 'forgets the devices of exactly the destinations that are named',
    run: async ({ store, clock, expect }) => {
      const record = testRecord(clock.now(), { limitIndex: 'k1.ab' });
      const devices = ['k1.ab', 'k1.abc', 'k1.a'].map((index) => `${APPLICATION}|${index}|k1.dev`);
      const remember = async (): Promise<void> => {
        for (const device of devices)
          await store.verifications.insert(testRecord(clock.now()), testChanges({ device }));
      };
      const known = (): Promise<readonly boolean[]> =>
        Promise.all(devices.map((device) => store.destinations.knowsDevice(device)));
      await remember();
      await store.destinations.forgetDevices([`${APPLICATION}|k1.ab`, `${APPLICATION}|k0.ab`]);
      expect(await known(), 'devices of …ab, …abc, …a after `forgetDevices` of …ab').toEqual([false, true, true]);
      await store.verifications.insert(record, testChanges());
      await remember();
      await store.records.erase(APPLICATION, [record.toIndex ?? ''], clock.now());
      expect(await known(), 'devices of …ab, …abc, …a after `erase` of a record of …ab').toEqual([false, true, true]);
    },
  },
];
