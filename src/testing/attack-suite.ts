import {
  burn,
  DAY_MS,
  forget,
  HOUR_MS,
  inParallel,
  RIGHT,
  started,
  tally,
  VICTIM,
  visit,
  WRONG,
} from './attack-steps.ts';
import { fakeClock } from './clock.ts';
import type { TestApi } from './contract-store.ts';
import { nextRecord, testChanges } from './factories.ts';
import { type FreshData, type InstancesContext, onFreshData } from './shared-data.ts';
import { resendWithCode, submitCode, sweep } from './submit.ts';

/** Failed checks in a row of a destination are remembered for a year. */
const LONGEST_KEPT_MS = 400 * DAY_MS;

export interface AttackOptions {
  /** How often a race is run. */
  readonly rounds: number;
}

/** One attack: a sentence that says how it fails, and the attack itself on a place of its own. */
export interface AttackTest {
  readonly name: string;
  readonly run: (context: InstancesContext, options: AttackOptions) => Promise<void>;
}

/** The attacks whose defence is the store's: parallel guesses, refills, replays, clocks, and rows that never go. */
export const ATTACKS: readonly AttackTest[] = [
  {
    name: 'A1: evaluates exactly max_checks of 500 parallel wrong codes over two instances, and the right one comes too late',
    run: async ({ open, clock, expect }, { rounds }) => {
      const instances = [await open(), await open()];
      for (let round = 0; round < Math.max(1, rounds / 4); round++) {
        const { id } = await started(instances, clock.now());
        const results = await inParallel(instances, 500, (store) => submitCode(store, id, WRONG));
        expect(tally(results)).toEqual({ exhausted: 495, incorrect: 5 });
        expect(await inParallel(instances, 2, (store) => submitCode(store, id, RIGHT))).toEqual([
          'exhausted',
          'exhausted',
        ]);
        for (const store of instances) {
          const { record } = await store.verifications.get(id);
          expect([record?.status, record?.statusReason, record?.checks]).toEqual(['failed', 'max_checks', 5]);
        }
      }
    },
  },
  {
    name: 'A2: approves one of 200 parallel right codes over two instances, and counts no duplicate as a failure',
    run: async ({ open, clock, expect }, { rounds }) => {
      const instances = [await open(), await open()];
      for (let round = 0; round < rounds; round++) {
        const { id } = await started(instances, clock.now());
        const results = await inParallel(instances, 200, (store) => submitCode(store, id, RIGHT));
        expect(tally(results)).toEqual({ approved: 1, closed: 199 });
      }
    },
  },
  {
    name: 'A3: refills no checks with a resend, neither of the same instance nor of another',
    run: async ({ open, clock, expect }) => {
      const [one, other] = [await open(), await open()];
      const { id } = await started([one], clock.now());
      for (let guess = 0; guess < 2; guess++) expect(await submitCode(one, id, WRONG)).toBe('incorrect');
      clock.advance(30_000);
      expect(await resendWithCode(other, id, RIGHT)).toEqual({ type: 'queued' });
      for (let guess = 0; guess < 3; guess++) expect(await submitCode(one, id, WRONG)).toBe('incorrect');
      expect(await submitCode(other, id, RIGHT)).toBe('exhausted');
    },
  },
  {
    name: 'A4: has counted before it answered: the count is there for an instance opened afterwards',
    run: async ({ open, close, clock, expect }) => {
      const first = await open();
      const { id } = await started([first], clock.now());
      for (let guess = 0; guess < 3; guess++) expect(await submitCode(first, id, WRONG)).toBe('incorrect');
      await close(first);
      const second = await open();
      for (let guess = 0; guess < 2; guess++) expect(await submitCode(second, id, WRONG)).toBe('incorrect');
      expect(await submitCode(second, id, RIGHT)).toBe('exhausted');
    },
  },
  {
    name: 'A5: gives 20 guesses a day over new verifications of one destination, and 100 in a row until it is re-bound',
    run: async ({ open, clock, expect }) => {
      const instances = [await open(), await open()];
      const perDay: number[] = [];
      for (let day = 0; day < 7; day++) {
        perDay.push(await burn(instances, clock.now()));
        clock.advance(DAY_MS + 1);
      }
      expect(perDay).toEqual([20, 20, 20, 20, 20, 0, 0]);
      const [store] = instances;
      expect(
        await store?.destinations.rebind([`${VICTIM.application}|${VICTIM.limitIndex}`]),
        '`rebind` of a row of 100 failures',
      ).toBe(true);
      expect(await burn(instances, clock.now()), 'guesses after the destination was re-bound').toBe(20);
    },
  },
  {
    name: 'A11: takes a right code once, and the code before a resend as wrong',
    run: async ({ open, clock, expect }) => {
      const [one, other] = [await open(), await open()];
      const once = await started([one], clock.now());
      expect(await submitCode(one, once.id, RIGHT)).toBe('approved');
      for (const store of [one, other]) expect(await submitCode(store, once.id, RIGHT)).toBe('closed');
      const resent = await started([one], clock.now());
      clock.advance(30_000);
      await resendWithCode(one, resent.id, '161803');
      expect(await submitCode(other, resent.id, RIGHT)).toBe('incorrect');
      expect((await one.verifications.get(resent.id)).record?.checks, 'checks, with the code before the resend').toBe(
        1,
      );
      expect(await submitCode(other, resent.id, '161803')).toBe('approved');
    },
  },
  {
    name: 'A36: lets one step be taken once: of two instances that swap the same version at once one wins, and nobody goes back',
    run: async ({ open, clock, expect }, { rounds }) => {
      const instances = [await open(), await open()];
      const first = await started(instances, clock.now());
      let current = first;
      for (let step = 0; step < rounds * 2; step++) {
        const taken = nextRecord(current, { expiresAt: current.expiresAt + 1 });
        const outcomes = await inParallel(instances, 2, (store) =>
          store.verifications.replace(taken, current.version, testChanges()),
        );
        expect(tally(outcomes.map(({ type }) => type))).toEqual({ conflict: 1, replaced: 1 });
        current = taken;
      }
      for (const { verifications } of instances)
        expect(await verifications.replace(nextRecord(first), first.version, testChanges())).toEqual({
          type: 'conflict',
        });
    },
  },
  {
    name: 'A37: revives no expired code, on a host an hour behind or when the clock goes back',
    run: async ({ open, clock, expect }) => {
      const right = await open();
      const { id } = await started([right], clock.now());
      clock.advance(600_000);
      // Any commit after the end tells every instance how late it is.
      await started([right], clock.now());
      const behind = await open(fakeClock(clock.now() - HOUR_MS));
      expect(await submitCode(behind, id, RIGHT)).toBe('expired');
      const other = await started([right], clock.now());
      clock.advance(600_000);
      expect((await right.verifications.get(other.id)).now).toBe(clock.now());
      await started([right], clock.now());
      clock.advance(-HOUR_MS);
      expect(await submitCode(right, other.id, RIGHT)).toBe('expired');
    },
  },
  {
    name: 'A39: keeps nothing of a thousand strangers when everything’s time is over',
    run: async ({ open, clock, expect, count }) => {
      const store = await open();
      await visit(store, clock.now());
      clock.advance(LONGEST_KEPT_MS);
      expect(await forget(store), 'records of one stranger that were purged').toBe(1);
      const baseline = await count();
      const ids: string[] = [];
      for (let stranger = 0; stranger < 1000; stranger += 100) {
        const visits = Array.from({ length: 100 }, () => visit(store, clock.now()));
        ids.push(...(await Promise.all(visits)));
      }
      clock.advance(DAY_MS);
      expect(await sweep(store), 'records of strangers that the sweep closed').toBe(1000);
      clock.advance(LONGEST_KEPT_MS);
      expect(await forget(store), 'records of strangers that were purged').toBe(1000);
      for (const id of [ids[0] ?? '', ids[999] ?? '']) {
        expect(await store.records.events(id)).toEqual([]);
        expect(await store.records.sends(id)).toEqual([]);
      }
      expect((await store.outbox.backlog()).queued, 'sends still queued').toBe(0);
      expect(await count(), 'rows or keys that stayed, but the daily totals').toBe(baseline);
    },
  },
];

/** Registers the attack suite for a driver with the caller's test runner; `rounds` is how often each race is run. */
export function attackSuite(
  driver: string,
  fresh: FreshData,
  { describe, it, expect }: TestApi,
  { rounds }: AttackOptions = { rounds: 10 },
): void {
  describe(`${driver} under attack`, () => {
    for (const { name, run } of ATTACKS)
      it(name, () => onFreshData(fresh, expect, (context) => run(context, { rounds })));
  });
}
