import { describe, expect, it } from 'vitest';
import { createWatchword, orThrow } from 'watchword';
import {
  attackSuite,
  countersContract,
  fakeClock,
  type FreshData,
  linearizabilitySuite,
  type OpenStore,
  storeContract,
  testChanges,
  testHit,
  testRecord,
} from 'watchword/testing';
import {
  counterName,
  type CounterRow,
  type Counts,
  type Hit,
  hitCounter,
  refusalOf,
  type Store,
} from 'watchword/store';
import { wrongCode } from '../support/world.ts';

const { createMemoryStore, emptyDatabase, rowsOf } = (await import('../../examples/memory-store.mjs' as string)) as {
  createMemoryStore(options?: { readonly now?: () => number; readonly data?: object }): Store;
  emptyDatabase(): object;
  rowsOf(data: object): number;
};
const open: OpenStore = async (clock) => createMemoryStore({ now: clock.now });

storeContract('the example’s', open, { describe, it, expect });
countersContract('the example’s', open, { describe, it, expect });

const fresh: FreshData = async () => {
  const data = emptyDatabase();
  return {
    open: async (_clock, hostClock) => createMemoryStore({ data, now: hostClock.now }),
    count: async () => rowsOf(data),
    remove: async () => undefined,
  };
};
attackSuite('the example’s', fresh, { describe, it, expect });
linearizabilitySuite('the example’s', fresh, { describe, it, expect });

/** The last part of docs/own-store.md, as code: rates are counted here, the rest in the store. */
function withRatesElsewhere(store: Store): Store {
  const rates = new Map<string, CounterRow>();
  const isRate = ({ name }: Hit): boolean => name === 'signal_ip' || name === 'hosted_ip' || name === 'key_starts';
  const counts: Counts = {
    counters: (names) => names.flatMap((name) => rates.get(name) ?? []),
    failures: () => [],
    sendTimes: () => [],
    adoptWindow: () => undefined,
  };

  async function guarded<Outcome extends { readonly type: string }>(
    take: readonly Hit[],
    commit: (rest: readonly Hit[]) => Promise<Outcome>,
  ) {
    const now = await store.verifications.time();
    const own = take.filter(isRate);
    const refusal = refusalOf(counts, own, now);
    if (refusal !== null) return { type: 'refused' as const, refusal };
    const names = own.map((hit) => counterName(hit, hit.keys[0] ?? ''));
    own.forEach((hit, at) => {
      const name = names[at] ?? '';
      rates.set(name, hitCounter(rates.get(name) ?? null, name, hit, now));
    });
    const outcome = await commit(take.filter((hit) => !isRate(hit)));
    if (outcome.type !== 'inserted' && outcome.type !== 'replaced') giveBack(own, names);
    return outcome;
  }

  function giveBack(hits: readonly Hit[], names: readonly string[]): void {
    hits.forEach(({ amount }, at) => {
      const row = rates.get(names[at] ?? '');
      if (row !== undefined) rates.set(row.name, { ...row, count: row.count - amount });
    });
  }

  const { verifications } = store;
  return {
    ...store,
    verifications: {
      ...verifications,
      insert: (record, changes) => guarded(changes.take, (take) => verifications.insert(record, { ...changes, take })),
      replace: (record, version, changes) =>
        guarded(changes.take, (take) => verifications.replace(record, version, { ...changes, take })),
    },
  };
}

countersContract('rates elsewhere, the example’s', async (clock) => withRatesElsewhere(await open(clock)), {
  describe,
  it,
  expect,
});

describe('rates that are counted elsewhere', () => {
  it('are given back when the store refuses the commit', async () => {
    const clock = fakeClock();
    const store = withRatesElsewhere(await open(clock));
    const rate = testHit('signal_ip', ['ip'], 1);
    const start = async (...take: readonly Hit[]): Promise<string> =>
      (await store.verifications.insert(testRecord(clock.now()), testChanges({ take }))).type;
    expect(await start(rate, testHit('application_sends', ['all'], 0))).toBe('refused');
    expect([await start(rate), await start(rate)]).toEqual(['inserted', 'refused']);
  });
});

describe('the example’s store under the library', () => {
  it('carries a verification from its start to its approval, once', async () => {
    const codes: string[] = [];
    const watchword = createWatchword({
      store: createMemoryStore(),
      secret: 'a root secret of more than thirty-two bytes',
      worker: false,
      email: [
        {
          name: 'keeper',
          channels: ['email'],
          send: async ({ code }) => {
            codes.push(code.reveal());
            return { type: 'accepted', messageId: null };
          },
        },
      ],
    });
    const { id } = orThrow(await watchword.verify.start({ to: 'ann@example.com' }));
    await watchword.worker.tick();
    const code = codes[0] ?? '';
    const results = [];
    for (const given of [wrongCode(code), code, code]) results.push((await watchword.verify.check(id, given)).result);
    expect(results).toEqual(['incorrect', 'approved', 'closed']);
    expect(orThrow(await watchword.verify.search({ status: 'approved' })).data.map((one) => one.id)).toEqual([id]);
    await watchword.close();
  });
});
