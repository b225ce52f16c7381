import { describe, expect, it } from 'vitest';
import type { Store } from '../../src/ports/store.ts';
import {
  attackSuite,
  ATTACKS,
  type FreshData,
  findBadHistory,
  linearizabilitySuite,
  onFreshData,
  runRaces,
} from '../../src/testing/index.ts';
import {
  withoutCompareAndSwap,
  withoutCounting,
  withoutDestinationFailures,
  withResendRefill,
} from '../support/mutants.ts';
import { serverSuite } from '../support/servers.ts';
import { type Driver, DRIVERS } from './drivers.ts';
import { chosen, HISTORIES, ROUNDS, SEED } from './numbers.ts';

for (const driver of chosen(DRIVERS)) {
  serverSuite(driver.needs, `suites on ${driver.name}`, () => suites(driver));
}

function suites({ name, fresh }: Driver): void {
  attackSuite(name, fresh, { describe, it, expect }, { rounds: ROUNDS });
  linearizabilitySuite(name, fresh, { describe, it, expect }, { seed: SEED, histories: HISTORIES });
}

/** The same place, on instances that break one promise. */
function broken(fresh: FreshData, mutate: (store: Store) => Store): FreshData {
  return async () => {
    const data = await fresh();
    return { ...data, open: async (clock, hostClock) => mutate(await data.open(clock, hostClock)) };
  };
}

function attack(name: string, fresh: FreshData): Promise<void> {
  const found = ATTACKS.find((test) => test.name.startsWith(`${name}:`));
  if (found === undefined) throw new Error(`there is no attack ${name}`);
  return onFreshData(fresh, expect, (context) => found.run(context, { rounds: 10 }));
}

describe('the suites see', () => {
  const [sqlite] = DRIVERS;
  if (sqlite === undefined) throw new Error('there is no driver');
  const { fresh } = sqlite;

  it.each(['A1', 'A2', 'A36'])('a store that forgets to compare the version (%s)', async (name) => {
    await expect(attack(name, broken(fresh, withoutCompareAndSwap))).rejects.toThrow();
  });

  it('a store that refills the checks with every message (A3)', async () => {
    await expect(attack('A3', broken(fresh, withResendRefill))).rejects.toThrow();
  });

  it('a store that answers before it counted (A4)', async () => {
    await expect(attack('A4', broken(fresh, withoutCounting))).rejects.toThrow();
  });

  it('a store that forgets what a failed check costs the destination (A5)', async () => {
    await expect(attack('A5', broken(fresh, withoutDestinationFailures))).rejects.toThrow();
  });

  it('a store without a memory of time (A37), and one that never forgets (A39)', async () => {
    await expect(attack('A37', broken(fresh, withoutTime))).rejects.toThrow();
    await expect(attack('A39', broken(fresh, withoutPurge))).rejects.toThrow();
  });

  it('swaps and reads out of order in the histories, and broken races', async () => {
    await onFreshData(broken(fresh, withoutCompareAndSwap), expect, async ({ open, clock }) => {
      const instances = [await open(), await open()];
      const bad = await findBadHistory(instances, clock.now(), { seed: SEED, histories: HISTORIES });
      expect(bad?.operations.length).toBeGreaterThan(0);
      // Also where only what was won counts.
      const forgetful = { seed: SEED, histories: HISTORIES, disturb: async () => undefined, showsUnkept: true };
      expect(await findBadHistory(instances, clock.now(), forgetful)).not.toBe(null);
      const { doubleAccepts, extraGuesses, lostVerdicts } = await runRaces(instances, { seed: SEED, attempts: 500 });
      expect(doubleAccepts).toBeGreaterThan(0);
      expect(extraGuesses).toBeGreaterThan(0);
      expect(lostVerdicts).toBeGreaterThan(0);
    });
    await onFreshData(broken(fresh, withStaleReads), expect, async ({ open, clock }) => {
      const instances = [await open(), await open()];
      expect(await findBadHistory(instances, clock.now(), { seed: SEED, histories: HISTORIES })).not.toBe(null);
    });
  });
});

function withoutTime(store: Store): Store {
  const { verifications } = store;
  return {
    ...store,
    verifications: {
      ...verifications,
      get: async (id) => {
        const found = await verifications.get(id);
        return { ...found, now: Math.min(found.now, found.record?.expiresAt ?? 0) - 1 };
      },
    },
  };
}

function withoutPurge(store: Store): Store {
  let purges = 0;
  return { ...store, records: { ...store.records, purge: async () => (purges++ % 2 === 0 ? 500 : 0) } };
}

/** Every second read answers what an earlier one saw. */
function withStaleReads(store: Store): Store {
  const { verifications } = store;
  const seen = new Map<string, Awaited<ReturnType<typeof verifications.get>>>();
  let reads = 0;
  return {
    ...store,
    verifications: {
      ...verifications,
      get: async (id) => {
        const old = seen.get(id);
        if (old !== undefined && reads++ % 2 === 0) return old;
        const found = await verifications.get(id);
        seen.set(id, found);
        return found;
      },
    },
  };
}
