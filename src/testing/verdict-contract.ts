import { WatchwordError } from '../core/errors.ts';
import { effectivePolicy } from '../core/policy.ts';
import { sealed } from '../core/redacted.ts';
import { subjectOf } from '../core/subject.ts';
import type { ContractTest } from './contract-store.ts';
import { closedRecord, nextRecord, sendsHit, testChanges, testEvent, testRecord, testSend } from './factories.ts';

const replacing = effectivePolicy({ preset: 'phone-api' }, 'default');

/** Records, compare and swap, subjects, batches, time. */
export const VERDICT_CONTRACT: readonly ContractTest[] = [
  {
    name: 'gives back a record exactly as it was written',
    run: async ({ store, clock, expect }) => {
      const record = testRecord(clock.now(), { reference: 'order 7', deviceIndex: 'k1.dev', silent: true });
      expect(await store.verifications.insert(record, testChanges())).toEqual({ type: 'inserted' });
      const found = await store.verifications.get(record.id);
      expect({
        ...found.record,
        sealedTo: found.record?.sealedTo?.reveal(),
        digest: found.record?.digest?.reveal(),
        sealedCode: found.record?.sealedCode?.reveal(),
      }).toEqual({
        ...record,
        sealedTo: record.sealedTo?.reveal(),
        digest: record.digest?.reveal(),
        sealedCode: record.sealedCode?.reveal(),
      });
      expect(
        (await store.verifications.get(testRecord(clock.now()).id)).record,
        'the record of an id that is not there',
      ).toBe(null);
    },
  },
  {
    name: 'keeps the words, the pace and the code that a start brought, the words until it closes',
    run: async ({ store, clock, expect }) => {
      const own = { sealedText: sealed('k1.d29yZHM'), channelWaitSeconds: [30, 60], ownCode: true };
      const record = testRecord(clock.now(), own);
      await store.verifications.insert(record, testChanges());
      const { record: stored } = await store.verifications.get(record.id);
      const kept = [stored?.sealedText?.reveal(), stored?.channelWaitSeconds, stored?.ownCode];
      expect(kept).toEqual(['k1.d29yZHM', [30, 60], true]);
      const closed = { ...closedRecord(record, clock.now()), sealedText: null };
      await store.verifications.replace(closed, record.version, testChanges());
      const { record: over } = await store.verifications.get(record.id);
      const left = [over?.sealedText, over?.channelWaitSeconds, over?.ownCode, over?.status];
      expect(left).toEqual([null, [30, 60], true, 'approved']);
    },
  },
  {
    name: 'writes every field of a replaced record',
    run: async ({ store, clock, expect }) => {
      const record = testRecord(clock.now());
      await store.verifications.insert(record, testChanges());
      const next = nextRecord(record, {
        channel: 'voice',
        expiresAt: record.expiresAt + 1,
        sealedTo: sealed('k2.new'),
        toIndex: 'k2.moved-to-another-key',
        context: null,
        metadata: {},
        generation: 2,
        checks: 3,
        accepted: true,
      });
      expect(await store.verifications.replace(next, record.version, testChanges())).toEqual({ type: 'replaced' });
      const { record: stored } = await store.verifications.get(record.id);
      expect({ ...stored, sealedTo: stored?.sealedTo?.reveal(), digest: null, sealedCode: null }).toEqual({
        ...next,
        sealedTo: 'k2.new',
        digest: null,
        sealedCode: null,
      });
    },
  },
  {
    name: 'lets exactly one of many parallel swaps of one version win',
    run: async ({ store, clock, expect }) => {
      const record = testRecord(clock.now());
      await store.verifications.insert(record, testChanges());
      const swaps = Array.from({ length: 40 }, (_, i) =>
        store.verifications.replace(
          nextRecord(record, { checks: i }),
          record.version,
          testChanges({ events: [testEvent('check_failed', clock.now())] }),
        ),
      );
      const outcomes = await Promise.all(swaps);
      expect(outcomes.filter((outcome) => outcome.type === 'replaced').length, 'swaps of one version that won').toBe(1);
      expect(outcomes.filter((outcome) => outcome.type === 'conflict').length, 'swaps of one version that lost').toBe(
        39,
      );
      expect((await store.records.events(record.id)).length, 'events of the one swap that won').toBe(1);
    },
  },
  {
    name: 'counts every parallel check that reloads after a lost swap',
    run: async ({ store, clock, expect }) => {
      const record = testRecord(clock.now());
      await store.verifications.insert(record, testChanges());
      const check = async (): Promise<void> => {
        for (;;) {
          const { record: seen } = await store.verifications.get(record.id);
          if (seen === null) return;
          const next = nextRecord(seen, { checks: seen.checks + 1 });
          if ((await store.verifications.replace(next, seen.version, testChanges())).type === 'replaced') return;
        }
      };
      await Promise.all(Array.from({ length: 12 }, check));
      expect((await store.verifications.get(record.id)).record?.checks, 'checks after 12 at once').toBe(12);
    },
  },
  {
    name: 'writes nothing of a swap that lost',
    run: async ({ store, clock, expect }) => {
      const record = testRecord(clock.now());
      await store.verifications.insert(record, testChanges());
      const changes = testChanges({
        events: [testEvent('check_failed', clock.now())],
        sends: [testSend(record, clock.now())],
        failed: [`${record.application}|${record.limitIndex}`],
        device: 'device',
      });
      expect(await store.verifications.replace(nextRecord(record), 7, changes)).toEqual({ type: 'conflict' });
      expect(await store.records.events(record.id)).toEqual([]);
      expect(await store.records.sends(record.id)).toEqual([]);
      expect(await store.destinations.knowsDevice('device'), 'the device of a swap that lost is known').toBe(false);
      expect((await store.verifications.get(record.id)).record?.version, 'the version after a swap that lost').toBe(1);
    },
  },
  {
    name: 'lets one open record hold a subject, in one batch too, until it closes',
    run: async ({ store, clock, expect }) => {
      const shared = { toIndex: 'k1.same-address', policy: replacing };
      const records = [
        testRecord(clock.now(), shared),
        testRecord(clock.now(), shared),
        testRecord(clock.now(), shared),
      ];
      const outcomes = await Promise.all(records.map((record) => store.verifications.insert(record, testChanges())));
      expect(outcomes.map((outcome) => outcome.type)).toEqual(['inserted', 'subject_busy', 'subject_busy']);
      const [holder, other] = records;
      if (holder === undefined || other === undefined) return;
      const subject = subjectOf(holder) ?? '';
      expect((await store.verifications.newestOpen(subject)).record?.id).toBe(holder.id);
      expect((await store.verifications.get(other.id)).record, 'the record of a start that was subject_busy').toBe(
        null,
      );
      await store.verifications.replace(closedRecord(holder, clock.now()), 1, testChanges());
      expect(
        (await store.verifications.newestOpen(subject)).record,
        'the holder of a subject whose record closed',
      ).toBe(null);
      expect(await store.verifications.insert(other, testChanges())).toEqual({ type: 'inserted' });
    },
  },
  {
    name: 'asks the limits before the subject: a start without room is refused even while another record holds it',
    run: async ({ store, clock, expect }) => {
      const shared = { toIndex: 'k1.same-address', limitIndex: 'k1.same-destination', policy: replacing };
      const start = async (): Promise<string> => {
        const record = testRecord(clock.now(), shared);
        const changes = testChanges({ sends: [testSend(record, clock.now())], take: [sendsHit(record, 1)] });
        return (await store.verifications.insert(record, changes)).type;
      };
      expect(await start()).toBe('inserted');
      expect(await start()).toBe('refused');
    },
  },
  {
    name: 'keeps subjects of modes, purposes and parallel policies apart',
    run: async ({ store, clock, expect }) => {
      const shared = { toIndex: 'k1.same-address', policy: replacing };
      const outcomes = await Promise.all(
        [
          testRecord(clock.now(), shared),
          testRecord(clock.now(), { ...shared, mode: 'test' }),
          testRecord(clock.now(), { ...shared, purpose: 'payment' }),
          testRecord(clock.now(), { toIndex: 'k1.same-address' }),
          testRecord(clock.now(), { toIndex: 'k1.same-address' }),
        ].map((record) => store.verifications.insert(record, testChanges())),
      );
      expect(
        outcomes.every((outcome) => outcome.type === 'inserted'),
        'all five were inserted',
      ).toBe(true);
    },
  },
  {
    name: 'fails only the bad item of a batch',
    run: async ({ store, clock, expect }) => {
      const records = Array.from({ length: 6 }, () => testRecord(clock.now()));
      const [first, , twin] = records;
      if (first === undefined || twin === undefined) return;
      await store.verifications.insert(twin, testChanges());
      const outcomes = await Promise.allSettled(
        records.map((record) =>
          store.verifications.insert(record, testChanges({ events: [testEvent('started', clock.now())] })),
        ),
      );
      expect(outcomes.map((outcome) => outcome.status === 'fulfilled')).toEqual([true, true, false, true, true, true]);
      for (const record of records) expect((await store.verifications.get(record.id)).record?.id).toBe(record.id);
      const day = new Date(clock.now()).toISOString().slice(0, 10);
      const totals = await store.records.stats(first.application, day, day);
      expect(
        totals.find((total) => total.kind === 'started')?.count,
        'starts in the daily total, without the one that failed',
      ).toBe(5);
    },
  },
  {
    name: 'lists pending records past their end, oldest first, and no others',
    run: async ({ store, clock, expect }) => {
      const ends = [50, 20, 40, 90].map((ms) => clock.now() + ms);
      const records = ends.map((end) => testRecord(clock.now(), { expiresAt: end, dueAt: end }));
      for (const record of records) await store.verifications.insert(record, testChanges());
      const [, early] = records;
      if (early === undefined) return;
      expect(await store.verifications.due(clock.now() + 50, 10)).toEqual([
        records[1]?.id,
        records[2]?.id,
        records[0]?.id,
      ]);
      expect(await store.verifications.due(clock.now() + 50, 1)).toEqual([early.id]);
      await store.verifications.replace(closedRecord(early, clock.now(), 'expired'), 1, testChanges());
      expect(await store.verifications.due(clock.now() + 50, 10)).toEqual([records[2]?.id, records[0]?.id]);
    },
  },
  {
    name: 'never lets time go behind its newest commit (A37)',
    run: async ({ store, clock, expect }) => {
      const start = clock.now();
      const record = testRecord(start);
      await store.verifications.insert(record, testChanges());
      clock.advance(60_000);
      await store.verifications.replace(nextRecord(record), 1, testChanges());
      clock.advance(-3_600_000);
      expect(await store.verifications.time()).toBe(start + 60_000);
      expect((await store.verifications.get(record.id)).now).toBe(start + 60_000);
      expect((await store.verifications.newestOpen('nobody')).now).toBe(start + 60_000);
      expect((await store.health()).clockBehindMs).toBe(3_600_000);
      clock.advance(7_200_000);
      expect(await store.verifications.time()).toBe(start + 3_660_000);
      expect((await store.health()).clockBehindMs, 'clockBehindMs when the clock is ahead').toBe(0);
    },
  },
  {
    name: 'never lets time go behind what it told, although nothing was written (A37)',
    run: async ({ store, clock, expect }) => {
      clock.advance(60_000);
      const told = clock.now();
      expect(await store.verifications.time()).toBe(told);
      clock.advance(-3_600_000);
      expect(await store.verifications.time(), 'time() after the clock went back').toBe(told);
      expect((await store.verifications.get('vrf_none')).now, 'now of get()').toBe(told);
      expect((await store.verifications.newestOpen('nobody')).now, 'now of newestOpen()').toBe(told);
      clock.advance(7_200_000);
      expect(await store.verifications.time(), 'time() when the clock is ahead again').toBe(told + 3_600_000);
    },
  },
  {
    name: 'answers after it was closed as before, or says that it is unavailable',
    run: async ({ store, clock, expect, close }) => {
      const record = testRecord(clock.now());
      await store.verifications.insert(record, testChanges());
      await close();
      const calls = {
        'verifications.get': () => store.verifications.get(record.id),
        'verifications.replace': () => store.verifications.replace(nextRecord(record), 1, testChanges()),
        'outbox.claim': () => store.outbox.claim(clock.now(), 1, 1_000),
        'records.search': () =>
          store.records.search({ application: record.application, mode: 'live', now: clock.now(), limit: 1 }),
        'keys.find': () => store.keys.find('key_1'),
        'documents.get': () => store.documents.get('note', 'note_1'),
      };
      for (const [name, call] of Object.entries(calls)) {
        const thrown = await call().then(
          () => null,
          (error: unknown) => error,
        );
        const isFine = thrown === null || (thrown instanceof WatchwordError && thrown.code === 'unavailable');
        expect(isFine ? 'unavailable' : String(thrown), `${name} of a store that cannot answer throws`).toBe(
          'unavailable',
        );
      }
    },
  },
];
