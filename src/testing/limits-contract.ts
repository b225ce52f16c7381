import type { Hit } from '../core/limits.ts';
import type { ContractTest } from './contract-store.ts';
import { nextRecord, sendsHit, testChanges, testEvent, testHit, testRecord, testSend } from './factories.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 86_400_000;

/** Limits: reserved in the commit they guard, refused without a trace. */
export const LIMITS_CONTRACT: readonly ContractTest[] = [
  {
    name: 'never lets parallel starts pass destination_sends, and leaves no trace of a refused one',
    run: async ({ store, clock, expect }) => {
      const limitIndex = 'k1.one-destination';
      const records = Array.from({ length: 30 }, () => testRecord(clock.now(), { limitIndex }));
      const outcomes = await Promise.all(
        records.map((record) =>
          store.verifications.insert(
            record,
            testChanges({
              sends: [testSend(record, clock.now())],
              take: [sendsHit(record, 10)],
              events: [testEvent('started', clock.now())],
            }),
          ),
        ),
      );
      expect(outcomes.filter((outcome) => outcome.type === 'inserted').length, 'starts that had room').toBe(10);
      expect(outcomes[29]).toEqual({
        type: 'refused',
        refusal: { name: 'destination_sends', scope: 'destination', resetAt: clock.now() + DAY_MS },
      });
      const refused = records[29];
      if (refused === undefined) return;
      expect((await store.verifications.get(refused.id)).record, 'the record of a refused start').toBe(null);
      expect(await store.records.events(refused.id)).toEqual([]);
      expect(await store.records.sends(refused.id)).toEqual([]);
      expect((await store.outbox.backlog()).queued, 'sends queued by ten starts').toBe(10);
    },
  },
  {
    name: 'counts sends in a sliding window and says when the next one fits',
    run: async ({ store, clock, expect }) => {
      const limitIndex = 'k1.sliding';
      const start = clock.now();
      const send = async (): Promise<unknown> => {
        const record = testRecord(clock.now(), { limitIndex });
        return store.verifications.insert(
          record,
          testChanges({ sends: [testSend(record, clock.now())], take: [sendsHit(record, 2, HOUR_MS)] }),
        );
      };
      await send();
      clock.advance(1_000);
      await send();
      clock.advance(1_000);
      expect(await send()).toEqual({
        type: 'refused',
        refusal: { name: 'destination_sends', scope: 'destination', resetAt: start + HOUR_MS },
      });
      clock.set(start + HOUR_MS);
      expect(await send()).toEqual({ type: 'inserted' });
      expect(await send()).toEqual({
        type: 'refused',
        refusal: { name: 'destination_sends', scope: 'destination', resetAt: start + 1_000 + HOUR_MS },
      });
    },
  },
  {
    name: 'counts a resend, but neither test sends nor other applications',
    run: async ({ store, clock, expect }) => {
      const record = testRecord(clock.now(), { limitIndex: 'k1.shared' });
      const others = [
        testRecord(clock.now(), { limitIndex: 'k1.shared', mode: 'test' }),
        testRecord(clock.now(), { limitIndex: 'k1.shared', application: 'app_other' }),
      ];
      for (const other of others) {
        await store.verifications.insert(other, testChanges({ sends: [testSend(other, clock.now())] }));
      }
      const take = [sendsHit(record, 2)];
      expect(
        (await store.verifications.insert(record, testChanges({ sends: [testSend(record, clock.now())], take }))).type,
      ).toBe('inserted');
      const resend = (version: number): Promise<{ type: string }> =>
        store.verifications.replace(
          { ...record, version: version + 1 },
          version,
          testChanges({ sends: [testSend(record, clock.now())], take }),
        );
      expect((await resend(1)).type).toBe('replaced');
      expect((await resend(2)).type).toBe('refused');
    },
  },
  {
    name: 'adds up the counts under every key of the ring',
    run: async ({ store, clock, expect }) => {
      const start = async (keys: readonly string[]): Promise<string> => {
        const record = testRecord(clock.now());
        return (
          await store.verifications.insert(record, testChanges({ take: [testHit('signal_ip', keys, 3, HOUR_MS)] }))
        ).type;
      };
      expect([await start(['old']), await start(['old'])]).toEqual(['inserted', 'inserted']);
      expect(await start(['new', 'old'])).toBe('inserted');
      expect(await start(['new', 'old'])).toBe('refused');
      clock.advance(HOUR_MS);
      expect(await start(['new', 'old'])).toBe('inserted');
    },
  },
  {
    name: 'counts amounts exactly up to ten million units in millionths, and takes a negative one back however full it is',
    run: async ({ store, clock, expect }) => {
      const most = 10_000_000_000_000;
      const money = (amount: number, max = most): Hit => ({ ...testHit('money_day', ['day'], max, HOUR_MS), amount });
      const start = async (...take: readonly Hit[]): Promise<string> =>
        (await store.verifications.insert(testRecord(clock.now()), testChanges({ take }))).type;
      expect(await start(money(most - 7_900))).toBe('inserted');
      expect(await start(money(7_901))).toBe('refused');
      expect(await start(money(7_900))).toBe('inserted');
      const record = testRecord(clock.now());
      await store.verifications.insert(record, testChanges());
      const back = money(-2_500, Number.MAX_SAFE_INTEGER);
      expect((await store.verifications.replace(nextRecord(record), 1, testChanges({ take: [back] }))).type).toBe(
        'replaced',
      );
      expect([await start(money(2_501)), await start(money(2_500)), await start(money(1))]).toEqual([
        'refused',
        'inserted',
        'refused',
      ]);
    },
  },
  {
    name: 'makes no room by giving back what was never counted, before or after the window was begun',
    run: async ({ store, clock, expect }) => {
      const start = async (): Promise<string> => {
        const take = [testHit('key_starts', ['block'], 2, HOUR_MS)];
        return (await store.verifications.insert(testRecord(clock.now()), testChanges({ take }))).type;
      };
      const giveBack = async (): Promise<void> => {
        const take = [{ ...testHit('key_starts', ['block'], Number.MAX_SAFE_INTEGER, HOUR_MS), amount: -1 }];
        const record = testRecord(clock.now());
        await store.verifications.insert(record, testChanges());
        await store.verifications.replace(nextRecord(record), 1, testChanges({ take }));
      };
      for (let i = 0; i < 3; i++) await giveBack();
      expect([await start(), await start(), await start()]).toEqual(['inserted', 'inserted', 'refused']);
      for (let i = 0; i < 5; i++) await giveBack();
      expect([await start(), await start(), await start()]).toEqual(['inserted', 'inserted', 'refused']);
    },
  },
  {
    name: 'takes all hits or none',
    run: async ({ store, clock, expect }) => {
      const start = async (max: number): Promise<unknown> => {
        const take = [testHit('key_starts', ['key'], 2, HOUR_MS), testHit('signal_ip', ['ip'], max, HOUR_MS)];
        return store.verifications.insert(testRecord(clock.now()), testChanges({ take }));
      };
      const opensAt = clock.now() + HOUR_MS;
      expect(await start(1)).toEqual({ type: 'inserted' });
      const refusal = { name: 'signal_ip', scope: 'test', resetAt: opensAt };
      for (let i = 0; i < 5; i++) expect(await start(1)).toEqual({ type: 'refused', refusal });
      expect(await start(9)).toEqual({ type: 'inserted' });
      expect(await start(9)).toEqual({
        type: 'refused',
        refusal: { name: 'key_starts', scope: 'test', resetAt: opensAt },
      });
    },
  },
];
