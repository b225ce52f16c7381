import type { Store } from '../ports/store.ts';
import type { TestApi } from './contract-store.ts';
import { nextRecord, testChanges, testRecord } from './factories.ts';
import { isLinearizable, type Operation, type Register } from './linear-history.ts';
import { seeded } from './seeded.ts';
import { type FreshData, onFreshData } from './shared-data.ts';

export interface HistoryOptions {
  readonly seed: number;
  readonly histories: number;
  /**
   * Runs beside each history, e.g. kills the server and starts it again, and resolves once the stores read and write again. What then
   * gets no answer may have happened or not; without it every failure is thrown.
   */
  readonly disturb?: () => Promise<void>;
  /**
   * The server shows others a commit before it is on disk, and may forget it when it is killed (InnoDB releases its locks before it
   * writes the log). Nobody was told that such a commit was kept; but reads and lost swaps of that time may have seen it, so they
   * prove nothing. What was won counts, and everything after the server's return.
   */
  readonly showsUnkept?: boolean;
}

const INSTANCES = 3;
const CLIENTS = 5;
const ACTIONS_EACH = 5;
/** Share of swaps; the rest reads. */
const SWAPS = 0.5;

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
  { seed, histories, disturb, showsUnkept = false }: HistoryOptions,
): Promise<BadHistory | null> {
  const random = seeded(seed);
  for (let made = 0; made < histories; made++) {
    const history = await record(instances, now, { random, disturb: disturb ?? null, showsUnkept });
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

interface Setting {
  readonly random: () => number;
  readonly disturb: (() => Promise<void>) | null;
  readonly showsUnkept: boolean;
}

/** Several clients at work on one new record; `expiresAt` carries the values, since every swap may set it. */
async function record(
  instances: readonly Store[],
  now: number,
  { random, disturb, showsUnkept }: Setting,
): Promise<BadHistory> {
  const origin = testRecord(now);
  await instances[0]?.verifications.insert(origin, testChanges());
  const initial: Register = { version: origin.version, value: 0 };
  const operations: Operation[] = [];
  let moment = 0;
  let values = 0;

  const read = async (store: Store): Promise<Register> => {
    const { record: found } = await store.verifications.get(origin.id);
    return { version: found?.version ?? 0, value: (found?.expiresAt ?? 0) - origin.expiresAt };
  };
  const swap = async (store: Store, expected: number, value: number): Promise<'won' | 'lost'> => {
    const expiresAt = origin.expiresAt + value;
    const next = { ...nextRecord(origin, { expiresAt, dueAt: expiresAt }), version: expected + 1 };
    const { type } = await store.verifications.replace(next, expected, testChanges());
    return type === 'replaced' ? 'won' : 'lost';
  };
  const readTimed = async (store: Store, last: Register): Promise<Register> => {
    const called = moment++;
    const saw = await read(store).catch(disturb === null ? rethrow : () => null);
    if (saw === null) return last;
    operations.push({ called, answered: moment++, action: { type: 'read', saw } });
    return saw;
  };
  const swapTimed = async (store: Store, { version: expected }: Register): Promise<void> => {
    const [called, value] = [moment++, ++values];
    const outcome = await swap(store, expected, value).catch(disturb === null ? rethrow : () => 'unknown' as const);
    const answered = outcome === 'unknown' ? null : moment++;
    operations.push({ called, answered, action: { type: 'swap', expected, value, outcome } });
  };
  const client = async (): Promise<void> => {
    let seen = initial;
    for (let acts = 0; acts < ACTIONS_EACH; acts++) {
      const store = instances[Math.floor(random() * instances.length)];
      if (store === undefined) return;
      if (random() < SWAPS) await swapTimed(store, seen);
      else seen = await readTimed(store, seen);
    }
  };
  const clients = (): Promise<unknown> => Promise.all(Array.from({ length: CLIENTS }, client));
  await Promise.all([clients(), disturb?.()]);
  const returned = moment;
  if (disturb !== null) await clients();
  const proves = ({ called, action }: Operation): boolean =>
    called >= returned || (action.type === 'swap' && action.outcome !== 'lost');
  return { initial, operations: showsUnkept ? operations.filter(proves) : operations };
}

function rethrow(error: unknown): never {
  throw error;
}
