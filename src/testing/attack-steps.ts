import type { Verification } from '../core/verification.ts';
import type { CheckResult } from '../core/views.ts';
import type { Store } from '../ports/store.ts';
import { testChanges, testHit, testSend } from './factories.ts';
import { recordWithCode, submitCode, sweep } from './submit.ts';

export const HOUR_MS = 3_600_000;
export const DAY_MS = 24 * HOUR_MS;
export const RIGHT = '271828';
export const WRONG = '314159';

/** A verification whose code is {@link RIGHT}, begun by the first instance. */
export async function started(
  [store]: readonly Store[],
  now: number,
  changes: Partial<Verification> = {},
): Promise<Verification> {
  const record = recordWithCode(now, RIGHT, changes);
  await store?.verifications.insert(record, testChanges());
  return record;
}

/** So many at once, by turns from each instance. */
export function inParallel<T>(
  instances: readonly Store[],
  times: number,
  call: (store: Store) => Promise<T>,
): Promise<readonly T[]> {
  const turns = Array.from({ length: times }, (_, turn) => instances[turn % instances.length]);
  return Promise.all(turns.filter((store) => store !== undefined).map(call));
}

/** How often each came, by name. */
export function tally(names: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const name of [...names].sort()) counts[name] = (counts[name] ?? 0) + 1;
  return counts;
}

/** Whose destination is attacked. */
export const VICTIM = recordWithCode(0, RIGHT, { limitIndex: 'k1.victim' });

/** Starts for one destination and burns all checks, until a start is refused. Returns how many guesses that gave. */
export async function burn(instances: readonly Store[], now: number): Promise<number> {
  const { application, limitIndex } = VICTIM;
  const keys = [`${application}|${limitIndex}`];
  const take = [
    testHit('destination_failures', keys, 20, DAY_MS),
    testHit('destination_consecutive_failures', keys, 100, null),
  ];
  let guesses = 0;
  for (let start = 0; start < 50; start++) {
    const store = instances[start % instances.length];
    if (store === undefined) break;
    const record = recordWithCode(now, RIGHT, { limitIndex });
    if ((await store.verifications.insert(record, testChanges({ take }))).type === 'refused') return guesses;
    const results: CheckResult[] = [];
    for (let guess = 0; guess < 6; guess++) results.push(await submitCode(store, record.id, WRONG));
    guesses += results.filter((result) => result === 'incorrect').length;
  }
  return guesses;
}

/** A stranger comes once: a record with a message, counters of its own, an idempotency key, and nothing afterwards. */
export async function visit(store: Store, now: number): Promise<string> {
  const record = recordWithCode(now, RIGHT);
  const claim = { key: `k1.${record.id}`, body: 'k1.body', id: record.id };
  await store.idempotency.claim(claim, now);
  await store.verifications.insert(
    record,
    testChanges({
      sends: [testSend(record, now)],
      take: [testHit('signal_ip', [`k1.ip-${record.id}`], 20, HOUR_MS)],
      answer: { key: claim.key, answer: '{}' },
    }),
  );
  await submitCode(store, record.id, WRONG);
  return record.id;
}

/** Sweeps, and purges until nothing is left to go. Returns how many records went. */
export async function forget(store: Store): Promise<number> {
  await sweep(store);
  const now = await store.verifications.time();
  let gone = 0;
  for (let went = 1; went > 0; gone += went) went = await store.records.purge(now, 300);
  return gone;
}
