import type { RecordQuery } from '../ports/records.ts';
import type { ContractTest } from './contract-store.ts';
import { APPLICATION, closedRecord, nextRecord, testChanges, testEvent, testRecord } from './factories.ts';
import { INJECTIONS } from './injections.ts';

const DAY_MS = 86_400_000;

/** Search and totals. */
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
      expect(await ids({ createdBefore: now }), '`createdBefore`, which leaves out its own time').toEqual([]);
      expect(await ids({ createdAfter: now + 5_000 }), '`createdAfter`, which leaves out its own time').toEqual([]);
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
    name: 'counts by the status that is shown and by actor, without a purpose, and says when it did not look at all',
    run: async ({ store, clock, expect }) => {
      const now = clock.now();
      const ann = { type: 'agent', id: 'agt_ann' } as const;
      const bob = { type: 'agent', id: 'agt_bob' } as const;
      const records = [
        testRecord(now, { actor: bob }),
        testRecord(now, { actor: ann }),
        testRecord(now, { actor: ann, expiresAt: now, dueAt: now }),
        testRecord(now, { actor: ann }),
        testRecord(now, { actor: ann, purpose: 'staff_sign_in' }),
        testRecord(now, { actor: ann, mode: 'test' }),
        testRecord(now, { actor: ann, application: 'app_other' }),
        testRecord(now),
      ];
      for (const record of records) await store.verifications.insert(record, testChanges());
      const [, , , approved] = records;
      if (approved !== undefined) await store.verifications.replace(closedRecord(approved, now), 1, testChanges());
      const query = { application: APPLICATION, mode: 'live', now, limit: 1, actorType: 'agent' } as const;
      const wanted = { ...query, exceptPurpose: 'staff_sign_in', createdAfter: now - 1_000 };
      const told = await store.records.tally(wanted);
      const lines = told.counts.map(({ status, actorId, count }) => `${actorId} ${status} ${count}`);
      expect(lines.toSorted()).toEqual([
        'agt_ann approved 1',
        'agt_ann expired 1',
        'agt_ann pending 1',
        'agt_bob pending 1',
      ]);
      expect(told.isPartial, 'isPartial without `patience`').toBe(false);
      const { rows } = await store.records.search({ ...wanted, limit: 9 });
      expect(rows.map(({ id }) => id)).toEqual(
        records
          .slice(0, 4)
          .map(({ id }) => id)
          .toReversed(),
      );
      const few = await store.records.tally({ ...query, patience: 2 });
      expect(few.isPartial, 'isPartial when there are more records than `patience`').toBe(true);
      expect(few.counts.reduce((sum, { count }) => sum + count, 0) <= 2, 'at most `patience` records are counted').toBe(
        true,
      );
      expect(await store.records.tally({ ...wanted, createdAfter: now })).toEqual({ counts: [], isPartial: false });
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
      expect(found, 'rows that hostile texts found').toBe(0);
      expect((await store.records.search(base)).rows.length, 'records left after hostile texts').toBe(1);
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
      // Agents' signing in is kept, and counted nowhere.
      const signIn = testRecord(now, { purpose: 'staff_sign_in' });
      await store.verifications.insert(signIn, testChanges({ events: [testEvent('started', now)] }));
      expect((await store.records.events(signIn.id)).length, 'events of a staff sign-in').toBe(1);
      await Promise.all([1, 2].map(() => store.records.countRefused(APPLICATION, 'live', 'limit_exceeded', now)));
      expect(await store.records.purge(now + 2 * DAY_MS, 10), 'records that a purge deleted').toBe(3);
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
];
