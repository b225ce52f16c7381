import type { RecordQuery } from '../ports/records.ts';
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
import { INJECTIONS } from './injections.ts';

const DAY_MS = 86_400_000;

/** Search, totals, retention, erasure. */
export const RECORDS_CONTRACT: readonly ContractTest[] = [
  {
    name: 'filters by every field, newest first',
    run: async ({ store, clock, expect }) => {
      const now = clock.now();
      const changes = [
        { purpose: 'payment' },
        { channel: 'email' as const },
        { to: { type: 'phone' as const, masked: '+33', country: 'FR', line_type: null } },
        { actor: { type: 'agent' as const, id: 'ann' } },
        { reference: 'order 7' },
        { toIndex: 'k1.findme' },
        { createdAt: now + 5_000 },
        { reason: 'SIM swap' },
        { mode: 'test' as const },
        { application: 'app_other' },
      ];
      const records = changes.map((change) => testRecord(now, change));
      for (const record of records) await store.verifications.insert(record, testChanges());
      const ids = async (filter: Partial<RecordQuery>): Promise<readonly string[]> => {
        const query = { application: APPLICATION, mode: 'live' as const, now, limit: 100, ...filter };
        return (await store.records.search(query)).rows.map((row) => row.id);
      };
      const own = records.slice(0, 8).map((record) => record.id);
      expect(await ids({})).toEqual(own.toReversed());
      expect(await ids({ purpose: 'payment' })).toEqual([own[0]]);
      expect(await ids({ channel: 'email' })).toEqual([own[1]]);
      expect(await ids({ country: 'FR' })).toEqual([own[2]]);
      expect(await ids({ actorType: 'agent' })).toEqual([own[3]]);
      expect(await ids({ actorId: 'ann' })).toEqual([own[3]]);
      expect(await ids({ reference: 'order 7' })).toEqual([own[4]]);
      expect(await ids({ toIndexes: ['k0.findme', 'k1.findme'] })).toEqual([own[5]]);
      expect(await ids({ createdAfter: now + 1_000 })).toEqual([own[6]]);
      expect(await ids({ reason: 'SIM swap' })).toEqual([own[7]]);
      expect(await ids({ createdBefore: now + 1_000, purpose: 'payment' })).toEqual([own[0]]);
      expect(await ids({ mode: 'test' })).toEqual([records[8]?.id]);
      expect(await ids({ application: 'app_other' })).toEqual([records[9]?.id]);
    },
  },
  {
    name: 'filters by the status that is shown: pending past its end is expired',
    run: async ({ store, clock, expect }) => {
      const now = clock.now();
      const open = testRecord(now);
      const past = testRecord(now, { expiresAt: now, dueAt: now });
      const swept = testRecord(now);
      const done = testRecord(now);
      for (const record of [open, past, swept, done]) await store.verifications.insert(record, testChanges());
      await store.verifications.replace(closedRecord(swept, now, 'expired'), 1, testChanges());
      await store.verifications.replace(closedRecord(done, now), 1, testChanges());
      const ids = async (status: 'pending' | 'expired' | 'approved'): Promise<readonly string[]> => {
        const { rows } = await store.records.search({ application: APPLICATION, mode: 'live', now, limit: 9, status });
        return rows.map((row) => row.id);
      };
      expect(await ids('pending')).toEqual([open.id]);
      expect(await ids('expired')).toEqual([swept.id, past.id]);
      expect(await ids('approved')).toEqual([done.id]);
    },
  },
  {
    name: 'pages without gaps or repeats while records come in',
    run: async ({ store, clock, expect }) => {
      const ids: string[] = [];
      const add = async (): Promise<void> => {
        clock.advance(1);
        const record = testRecord(clock.now());
        ids.push(record.id);
        await store.verifications.insert(record, testChanges());
      };
      for (let i = 0; i < 25; i++) await add();
      const wanted = ids.toReversed();
      const seen: string[] = [];
      let before: string | undefined;
      for (let pages = 0; pages < 9; pages++) {
        const cursor = before === undefined ? {} : { before };
        const page = await store.records.search({
          application: APPLICATION,
          mode: 'live',
          now: clock.now(),
          limit: 7,
          ...cursor,
        });
        seen.push(...page.rows.map((row) => row.id));
        before = seen.at(-1);
        await add();
        if (!page.hasMore) break;
      }
      expect(seen).toEqual(wanted);
    },
  },
  {
    name: 'takes 200 hostile texts in every filter as values (A43)',
    run: async ({ store, clock, expect }) => {
      const record = testRecord(clock.now());
      await store.verifications.insert(record, testChanges());
      const base = { application: APPLICATION, mode: 'live' as const, now: clock.now(), limit: 5 };
      let found = 0;
      for (const text of INJECTIONS) {
        const queries = [
          { ...base, application: text },
          { ...base, purpose: text },
          { ...base, country: text },
          { ...base, reference: text },
          { ...base, actorId: text },
          { ...base, toIndexes: [text] },
          { ...base, mode: text as 'live' },
          { ...base, status: text as 'pending' },
          { ...base, channel: text as 'sms' },
          { ...base, actorType: text as 'agent' },
        ];
        for (const query of queries) found += (await store.records.search(query)).rows.length;
        await store.records.search({ ...base, before: text });
        found += (await store.records.stats(text, text, text)).length;
        found += (await store.records.sends(text)).length + (await store.records.events(text)).length;
        found += (await store.directory.list(text, text, 5, [text])).length;
        if ((await store.keys.find(text)) !== null || (await store.verifications.get(text)).record !== null) found++;
        found += await store.records.erase(text, [text], clock.now());
      }
      expect(INJECTIONS.length).toBe(200);
      expect(found).toBe(0);
      expect((await store.records.search(base)).rows.length).toBe(1);
    },
  },
  {
    name: 'gives events in order, as written',
    run: async ({ store, clock, expect }) => {
      const record = testRecord(clock.now());
      const events = (['started', 'send_queued', 'check_failed', 'approved'] as const).map((type, i) =>
        testEvent(type, clock.now() + i, { step: i, note: 'x', ok: true, none: null }),
      );
      await store.verifications.insert(record, testChanges({ events: events.slice(0, 2) }));
      await store.verifications.replace(nextRecord(record), 1, testChanges({ events: events.slice(2) }));
      expect(await store.records.events(record.id)).toEqual(events);
    },
  },
  {
    name: 'adds up daily totals that outlive the records',
    run: async ({ store, clock, expect }) => {
      const now = clock.now();
      const records = Array.from({ length: 3 }, () => testRecord(now));
      await Promise.all(
        records.map((record) =>
          store.verifications.insert(record, testChanges({ events: [testEvent('started', now)] })),
        ),
      );
      for (const record of records) {
        const approved = testChanges({ events: [testEvent('approved', now)] });
        await store.verifications.replace(closedRecord(record, now), 1, approved);
      }
      await Promise.all([1, 2].map(() => store.records.countRefused(APPLICATION, 'live', 'limit_exceeded', now)));
      expect(await store.records.purge(now + 2 * DAY_MS, 10)).toBe(3);
      const day = new Date(now).toISOString().slice(0, 10);
      const totals = await store.records.stats(APPLICATION, day, day);
      const line = { day, mode: 'live', channel: 'sms', country: 'DE', count: 3 };
      expect(totals.toSorted((a, b) => (a.kind < b.kind ? -1 : 1))).toEqual([
        { ...line, kind: 'approved' },
        { ...line, channel: '', country: '', kind: 'refused:limit_exceeded', count: 2 },
        { ...line, kind: 'started' },
      ]);
      expect(await store.records.stats(APPLICATION, '2000-01-01', '2000-01-02')).toEqual([]);
    },
  },
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
      expect(await store.records.purge(now + DAY_MS - 1, 10)).toBe(0);
      expect(await store.records.purge(now + DAY_MS, 10, true)).toBe(3);
      expect(await store.records.purge(now + DAY_MS, 2)).toBe(2);
      expect(await store.records.purge(now + DAY_MS, 10)).toBe(1);
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
      };
      const mine = testRecord(now, shared);
      const foreign = testRecord(now, { ...shared, application: 'app_other' });
      const device = `${mine.application}|k1.fold|k1.dev`;
      for (const record of [mine, foreign]) {
        const events = [testEvent('started', now, { ip: '192.0.2.7', channel: 'sms' })];
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
      expect(await store.records.erase(APPLICATION, ['k0.erase-me', 'k1.erase-me'], now)).toBe(1);
      const { record } = await store.verifications.get(mine.id);
      expect([
        record?.sealedTo,
        record?.toIndex,
        record?.sealedCode,
        record?.context,
        record?.reference,
        record?.returnUrl,
        record?.deviceIndex,
      ]).toEqual([null, null, null, null, null, null, null]);
      expect([record?.metadata, record?.to.masked, record?.status, record?.limitIndex]).toEqual([
        {},
        '•••',
        'pending',
        'k1.fold',
      ]);
      expect((await store.records.events(mine.id)).map((event) => event.data)).toEqual([{ channel: 'sms' }]);
      expect((await store.records.sends(mine.id)).length).toBe(1);
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
      expect(await store.directory.has(APPLICATION, ['k1.erase-me'])).toBe(false);
      expect((await store.inbox.list({ application: APPLICATION, now, limit: 5 })).length).toBe(0);
      expect(await store.destinations.knowsDevice(device)).toBe(false);
      // A commit that was prepared before the erasure must not bring the address back.
      expect((await store.verifications.replace(nextRecord(mine), 1, testChanges())).type).toBe('conflict');
      expect((await store.verifications.get(foreign.id)).record?.toIndex).toBe('k1.erase-me');
      expect(await store.directory.has('app_other', ['k1.erase-me'])).toBe(true);
      expect((await store.inbox.list({ application: 'app_other', now, limit: 5 })).length).toBe(1);
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
