import type { Store } from '../ports/store.ts';
import type { TestApi } from './contract-store.ts';
import { nextRecord, testChanges, testRecord } from './factories.ts';
import { isLinearizable, type Action, type Operation, type Register } from './linear-history.ts';
import { seeded } from './seeded.ts';
import { type FreshData, onFreshData } from './shared-data.ts';

export interface HistoryOptions {
  readonly seed: number;
  readonly histories: number;
}

const INSTANCES = 3;
const CLIENTS = 5;
const ACTIONS_EACH = 5;

/** A history that no order explains, with its operations for the reader. */
export interface BadHistory {
  readonly initial: Register;
  readonly operations: readonly Operation[];
}

/**
 * Concurrent reads and swaps of one record after another, from several instances. Returns the first history that is not
 * linearizable, or null. `now` is the time of the records.
 */
export async function findBadHistory(
  instances: readonly Store[],
  now: number,
  { seed, histories }: HistoryOptions,
): Promise<BadHistory | null> {
  const random = seeded(seed);
  for (let made = 0; made < histories; made++) {
    const history = await record(instances, now, random);
    if (!isLinearizable(history.operations, history.initial)) return history;
  }
  return null;
}

/** Registers the linearizability suite for a driver with the caller's test runner. */
export function linearizabilitySuite(
  driver: string,
  fresh: FreshData,
  { describe, it, expect }: TestApi,
  options: HistoryOptions = { seed: 1, histories: 60 },
): void {
  describe(`${driver}: concurrent reads and swaps of one record`, () => {
    it(`have an order that explains every answer, in ${options.histories} histories (seed ${options.seed})`, () =>
      onFreshData(fresh, expect, async ({ open, clock }) => {
        const instances: Store[] = [];
        while (instances.length < INSTANCES) instances.push(await open());
        expect(await findBadHistory(instances, clock.now(), options)).toBe(null);
      }));
  });
}

/** Several clients at work on one new record; `expiresAt` carries the values, since every swap may set it. */
async function record(instances: readonly Store[], now: number, random: () => number): Promise<BadHistory> {
  const origin = testRecord(now);
  await instances[0]?.verifications.insert(origin, testChanges());
  const operations: Operation[] = [];
  let moment = 0;
  let values = 0;
  const timed = async (act: () => Promise<Action>): Promise<Action> => {
    const called = moment++;
    const action = await act();
    operations.push({ called, answered: moment++, action });
    return action;
  };
  const client = async (): Promise<void> => {
    let seen: Register = { version: origin.version, value: 0 };
    for (let acts = 0; acts < ACTIONS_EACH; acts++) {
      const store = instances[Math.floor(random() * instances.length)];
      if (store === undefined) return;
      if (random() < 0.4) {
        const action = await timed(() => read(store));
        if (action.type === 'read') seen = action.saw;
      } else {
        const { version } = seen;
        const value = ++values;
        const action = await timed(() => swap(store, version, value));
        seen = action.type === 'swap' && action.outcome === 'won' ? { version: version + 1, value } : await peek(store);
      }
    }
  };
  const read = async (store: Store): Promise<Action> => ({ type: 'read', saw: await peek(store) });
  const peek = async (store: Store): Promise<Register> => {
    const { record: found } = await store.verifications.get(origin.id);
    return { version: found?.version ?? 0, value: (found?.expiresAt ?? 0) - origin.expiresAt };
  };
  const swap = async (store: Store, expected: number, value: number): Promise<Action> => {
    const expiresAt = origin.expiresAt + value;
    const next = { ...nextRecord(origin, { expiresAt, dueAt: expiresAt }), version: expected + 1 };
    const { type } = await store.verifications.replace(next, expected, testChanges());
    return { type: 'swap', expected, value, outcome: type === 'replaced' ? 'won' : 'lost' };
  };
  await Promise.all(Array.from({ length: CLIENTS }, client));
  return { initial: { version: origin.version, value: 0 }, operations };
}
