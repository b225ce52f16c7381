import { sealed } from '../core/redacted.ts';
import type { ContractTest } from './contract-store.ts';
import {
  APPLICATION,
  closedRecord,
  nextRecord,
  sendsHit,
  testChanges,
  testEvent,
  testHit,
  testId,
  testRecord,
  testSend,
} from './factories.ts';

const DAY_MS = 86_400_000;

/** Retention and erasure. */
export const FORGETTING_CONTRACT: readonly ContractTest[] = [
  {
    name: 'purges up to the limit, only what its retention ended, with sends and events',
    run: async ({ store, clock, expect }) => {
      const now = clock.now();
      const records = Array.from({ length: 5 }, () => testRecord(now));
      for (const record of records) {
        const changes = testChanges({ events: [testEvent('started', now)], sends: [testSend(record, now)] });
        await store.verifications.insert(record, changes);
      }
      const [open, forever, ...closed] = records;
      if (open === undefined || forever === undefined) return;
      await store.verifications.replace({ ...closedRecord(forever, now), dueAt: null }, 1, testChanges());
      for (const record of closed) await store.verifications.replace(closedRecord(record, now), 1, testChanges());
      expect(await store.records.purge(now + DAY_MS - 1, 10), 'records purged before their retention ends').toBe(0);
      expect(await store.records.purge(now + DAY_MS, 10, true), 'records that a dry run counts').toBe(3);
      expect(await store.records.purge(now + DAY_MS, 2), 'records purged with a limit of 2').toBe(2);
      expect(await store.records.purge(now + DAY_MS, 10), 'records that were left to purge').toBe(1);
      const left = await store.records.search({ application: APPLICATION, mode: 'live', now, limit: 9 });
      expect(left.rows.map((row) => row.id)).toEqual([forever.id, open.id]);
      for (const { id } of closed) {
        expect(await store.records.sends(id)).toEqual([]);
        expect(await store.records.events(id)).toEqual([]);
      }
    },
  },
  {
    name: 'purges spent counters, idempotency keys and inbox messages',
    run: async ({ store, clock, expect }) => {
      const now = clock.now();
      const take = [testHit('signal_ip', ['ip'], 1, DAY_MS)];
      await store.verifications.insert(testRecord(now), testChanges({ take }));
      await store.idempotency.claim({ key: 'k', body: 'b', id: 'i' }, now);
      await store.records.purge(now + DAY_MS - 1, 10);
      clock.set(now + DAY_MS - 1);
      expect((await store.verifications.insert(testRecord(now), testChanges({ take }))).type).toBe('refused');
      expect((await store.idempotency.claim({ key: 'k', body: 'other', id: 'i' }, clock.now())).type).toBe('mismatch');
      clock.set(now + DAY_MS);
      await store.records.purge(clock.now(), 10);
      expect((await store.verifications.insert(testRecord(now), testChanges({ take }))).type).toBe('inserted');
      expect((await store.idempotency.claim({ key: 'k', body: 'other', id: 'i' }, clock.now())).type).toBe('claimed');
    },
  },
  {
    name: 'erases an address everywhere in its application, and nothing else',
    run: async ({ store, clock, expect }) => {
      const now = clock.now();
      const shared = {
        toIndex: 'k1.erase-me',
        limitIndex: 'k1.fold',
        reference: 'order 7',
        deviceIndex: 'k1.dev',
        returnUrl: 'https://shop.example/',
        sealedText: sealed('k1.d29yZHM'),
        reason: 'For Ann',
      };
      const mine = testRecord(now, shared);
      const foreign = testRecord(now, { ...shared, application: 'app_other' });
      const device = `${mine.application}|k1.fold|k1.dev`;
      for (const record of [mine, foreign]) {
        const events = [testEvent('started', now, { ip: '192.0.2.7', user_agent: 'Firefox', channel: 'sms' })];
        await store.verifications.insert(record, testChanges({ events, sends: [testSend(record, now)], device }));
        await store.directory.put({
          id: testId('per', now),
          application: record.application,
          toIndex: 'k1.erase-me',
          sealed: sealed('k1.x'),
          reference: null,
          createdAt: now,
        });
        await store.inbox.put({
          sendId: testId('snd', now),
          verification: record.id,
          application: record.application,
          mode: 'test',
          channel: 'sms',
          toIndex: 'k1.erase-me',
          sealed: sealed('k1.x'),
          createdAt: now,
        });
      }
      expect(
        await store.records.erase(APPLICATION, ['k0.erase-me', 'k1.erase-me'], now),
        'records that `erase` changed',
      ).toBe(1);
      const { record } = await store.verifications.get(mine.id);
      expect([
        record?.sealedTo,
        record?.toIndex,
        record?.sealedCode,
        record?.context,
        record?.reference,
        record?.returnUrl,
        record?.deviceIndex,
        record?.sealedText,
        record?.reason,
      ]).toEqual([null, null, null, null, null, null, null, null, null]);
      expect([record?.metadata, record?.to.masked, record?.status, record?.limitIndex]).toEqual([
        {},
        '•••',
        'pending',
        'k1.fold',
      ]);
      expect((await store.records.events(mine.id)).map((event) => event.data)).toEqual([{ channel: 'sms' }]);
      expect((await store.records.sends(mine.id)).length, 'sends of the erased record').toBe(1);
      expect(
        (
          await store.records.search({
            application: APPLICATION,
            mode: 'live',
            now,
            limit: 5,
            toIndexes: ['k1.erase-me'],
          })
        ).rows,
      ).toEqual([]);
      expect(await store.directory.has(APPLICATION, ['k1.erase-me']), 'the erased address is in the directory').toBe(
        false,
      );
      expect(
        (await store.inbox.list({ application: APPLICATION, now, limit: 5 })).length,
        'inbox messages of the erased address',
      ).toBe(0);
      expect(await store.destinations.knowsDevice(device), 'a device of the erased address is known').toBe(false);
      // A commit that was prepared before the erasure must not bring the address back.
      expect((await store.verifications.replace(nextRecord(mine), 1, testChanges())).type).toBe('conflict');
      expect((await store.verifications.get(foreign.id)).record?.toIndex).toBe('k1.erase-me');
      expect(
        await store.directory.has('app_other', ['k1.erase-me']),
        'the address is in the directory of another application',
      ).toBe(true);
      expect(
        (await store.inbox.list({ application: 'app_other', now, limit: 5 })).length,
        'inbox messages of another application',
      ).toBe(1);
    },
  },
  {
    name: 'keeps counting the sends of an erased destination',
    run: async ({ store, clock, expect }) => {
      const record = testRecord(clock.now());
      const changes = testChanges({ sends: [testSend(record, clock.now())], take: [sendsHit(record, 1)] });
      await store.verifications.insert(record, changes);
      await store.records.erase(APPLICATION, [record.toIndex ?? ''], clock.now());
      const next = testRecord(clock.now(), { limitIndex: record.limitIndex });
      expect((await store.verifications.insert(next, testChanges({ take: [sendsHit(next, 1)] }))).type).toBe('refused');
    },
  },
];
