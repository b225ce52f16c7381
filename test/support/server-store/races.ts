import { describe, expect, it } from 'vitest';
import { effectivePolicy } from '../../../src/core/policy.ts';
import type { Store } from '../../../src/ports/store.ts';
import { withoutCompareAndSwap, withoutLimits } from '../mutants.ts';
import {
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
const LEASE_MS = 30_000;

/** Several instances on one database. */
export function raceSuite(driver: string, { two }: OpenPlaces): void {
  describe(`two instances on ${driver}`, () => {
    it('let one of 500 swaps of one version win', async () => {
      const [one, other] = await two();
      expect(await winnersOf([one, other])).toEqual({ replaced: 1, conflict: 499, events: 1 });
    });

    it('would let more win without comparing (mutant)', async () => {
      const [one, other] = await two();
      const { replaced } = await winnersOf([withoutCompareAndSwap(one), withoutCompareAndSwap(other)]);
      expect(replaced).toBeGreaterThan(1);
    });

    it('send exactly ten messages to one destination, and leave no trace of the others', async () => {
      const [one, other] = await two();
      expect(await startsOf([one, other])).toEqual({ inserted: 10, refused: 70, queued: 10, started: 10 });
    });

    it('would send more without limits (mutant)', async () => {
      const [one, other] = await two();
      expect((await startsOf([withoutLimits(one), withoutLimits(other)])).inserted).toBe(80);
    });

    it('count every hit and every failed check once, none lost', async () => {
      const clock = fakeClock();
      const stores = await two(clock);
      await warm(stores);
      const failed = ['app|one-destination'];
      const hit = testHit('signal_ip', ['ip'], 25, 3_600_000);
      const startAndFail = async (_: unknown, i: number): Promise<string> => {
        const record = testRecord(clock.now());
        const { type } = await at(stores, i).verifications.insert(record, testChanges({ take: [hit] }));
        if (type !== 'inserted') return type;
        const wrong = testChanges({ failed });
        return (await at(stores, i + 1).verifications.replace(nextRecord(record), 1, wrong)).type;
      };
      // The first makes the rows that the others race for.
      const first = await startAndFail(null, 0);
      const starts = [first, ...(await Promise.all(Array.from({ length: 59 }, startAndFail)))];
      expect(starts.filter((type) => type === 'replaced').length).toBe(25);
      const start = async (max: number): Promise<string> => {
        const take = [testHit('destination_consecutive_failures', failed, max, null)];
        return (await stores[0].verifications.insert(testRecord(clock.now()), testChanges({ take }))).type;
      };
      expect([await start(25), await start(26)]).toEqual(['refused', 'inserted']);
    });

    it('let one open record hold a subject', async () => {
      const clock = fakeClock();
      const stores = await two(clock);
      await warm(stores);
      for (let round = 0; round < 10; round++) {
        const shared = { toIndex: `k1.address-${round}`, policy: replacing };
        const records = Array.from({ length: 16 }, () => testRecord(clock.now(), shared));
        const outcomes = await Promise.all(
          records.map((record, i) => at(stores, i).verifications.insert(record, testChanges())),
        );
        expect(outcomes.filter(({ type }) => type === 'inserted').length).toBe(1);
        expect(outcomes.filter(({ type }) => type === 'subject_busy').length).toBe(15);
      }
    });

    it('hand out each send once, and let one worker ask', async () => {
      const clock = fakeClock();
      const stores = await two(clock);
      await warm(stores);
      const sends = Array.from({ length: 120 }, () => {
        const record = testRecord(clock.now());
        return { record, send: testSend(record, clock.now()) };
      });
      await Promise.all(
        sends.map(({ record, send }, i) => at(stores, i).verifications.insert(record, testChanges({ sends: [send] }))),
      );
      const work = async (store: Store): Promise<string[]> => {
        const begun: string[] = [];
        for (;;) {
          const claims = await store.outbox.claim(clock.now(), 7, LEASE_MS);
          if (claims.length === 0) return begun;
          for (const { send } of claims) {
            if (await store.outbox.begin(send, clock.now() + LEASE_MS)) begun.push(send.id);
          }
        }
      };
      const begun = await Promise.all([...stores, ...stores].map(work));
      expect(begun.flat().toSorted()).toEqual(sends.map(({ send }) => send.id).toSorted());
      const [first] = sends;
      clock.advance(LEASE_MS);
      const named = await Promise.all(
        [...stores, ...stores].map((store) => store.outbox.claimOne(first?.send.id ?? '', clock.now(), LEASE_MS)),
      );
      expect(named.filter((claim) => claim !== null).length).toBe(1);
    });

    it('let one request claim an idempotency key', async () => {
      const clock = fakeClock();
      const stores = await two(clock);
      await warm(stores);
      for (let round = 0; round < 10; round++) {
        const claims = await Promise.all(
          Array.from({ length: 8 }, (_, i) =>
            at(stores, i).idempotency.claim({ key: `key ${round}`, body: 'body', id: `id ${i}` }, clock.now()),
          ),
        );
        expect(claims.filter(({ type }) => type === 'claimed').length).toBe(1);
        expect(claims.filter(({ type }) => type === 'in_progress').length).toBe(7);
      }
    });

    it('see at once what the other acknowledged, and one time', async () => {
      const clock = fakeClock();
      const [one, other] = await two(clock);
      let record = testRecord(clock.now());
      await one.verifications.insert(record, testChanges());
      for (const store of [other, one, other, one]) {
        record = nextRecord(record, { checks: record.checks + 1 });
        expect((await store.verifications.replace(record, record.version - 1, testChanges())).type).toBe('replaced');
        expect((await one.verifications.get(record.id)).record?.checks).toBe(record.checks);
        expect((await other.verifications.get(record.id)).record?.checks).toBe(record.checks);
      }
    });
  });
}

/** Lets every instance connect and store the policies, so that they meet in the race itself. */
async function warm(stores: readonly Store[]): Promise<void> {
  for (const policy of [testRecord(0).policy, replacing]) {
    const start = (store: Store): Promise<unknown> =>
      store.verifications.insert(testRecord(0, { policy, mode: 'test' }), testChanges());
    await Promise.all(stores.map(start));
  }
}

async function winnersOf(stores: readonly Store[]): Promise<{ replaced: number; conflict: number; events: number }> {
  const now = 1_768_478_400_000;
  await warm(stores);
  const record = testRecord(now);
  await at(stores, 0).verifications.insert(record, testChanges());
  const outcomes = await Promise.all(
    Array.from({ length: 500 }, (_, i) =>
      at(stores, i).verifications.replace(
        nextRecord(record, { checks: i }),
        1,
        testChanges({ events: [testEvent('check_failed', now)] }),
      ),
    ),
  );
  const count = (type: string): number => outcomes.filter((outcome) => outcome.type === type).length;
  const events = (await at(stores, 1).records.events(record.id)).length;
  return { replaced: count('replaced'), conflict: count('conflict'), events };
}

async function startsOf(
  stores: readonly Store[],
): Promise<{ inserted: number; refused: number; queued: number; started: number }> {
  const now = 1_768_478_400_000;
  await warm(stores);
  const start = (_: unknown, i: number): Promise<{ type: string }> => {
    const record = testRecord(now, { limitIndex: 'k1.one-destination' });
    const changes = testChanges({
      sends: [testSend(record, now)],
      take: [sendsHit(record, 10)],
      events: [testEvent('started', now)],
    });
    return at(stores, i).verifications.insert(record, changes);
  };
  // The first makes the row that the others race for.
  const first = await start(null, 0);
  const outcomes = [first, ...(await Promise.all(Array.from({ length: 79 }, start)))];
  const count = (type: string): number => outcomes.filter((outcome) => outcome.type === type).length;
  const totals = await at(stores, 0).records.stats(testRecord(0).application, '2026-01-01', '2026-12-31');
  return {
    inserted: count('inserted'),
    refused: count('refused'),
    queued: (await at(stores, 0).outbox.backlog()).queued,
    started: totals.find(({ kind }) => kind === 'started')?.count ?? 0,
  };
}
