import type { Send, Verification } from '../core/verification.ts';
import type { Changes } from '../ports/verification-store.ts';
import type { ContractTest } from './contract-store.ts';
import { closedRecord, nextRecord, testChanges, testRecord, testSend } from './factories.ts';

const LEASE_MS = 30_000;

/** The queue of sends, and idempotency keys. */
export const OUTBOX_CONTRACT: readonly ContractTest[] = [
  {
    name: 'never hands one send to two workers',
    run: async ({ store, clock, expect }) => {
      const ids: string[] = [];
      for (let i = 0; i < 20; i++) {
        const record = testRecord(clock.now());
        const send = testSend(record, clock.now());
        ids.push(send.id);
        await store.verifications.insert(record, testChanges({ sends: [send] }));
      }
      const claims = await Promise.all(Array.from({ length: 6 }, () => store.outbox.claim(clock.now(), 5, LEASE_MS)));
      const claimed = claims.flat().map((claim) => claim.send.id);
      expect(claimed.toSorted()).toEqual(ids.toSorted());
      expect(await store.outbox.claim(clock.now(), 5, LEASE_MS)).toEqual([]);
      expect(await store.outbox.backlog()).toEqual({ queued: 20, oldestAt: clock.now() });
    },
  },
  {
    name: 'offers a send again when the lease ran out, as a crash only after a provider was asked',
    run: async ({ store, clock, expect }) => {
      const record = testRecord(clock.now());
      await store.verifications.insert(record, testChanges({ sends: [testSend(record, clock.now())] }));
      const [idle] = await store.outbox.claim(clock.now(), 1, LEASE_MS);
      clock.advance(LEASE_MS);
      const [second] = await store.outbox.claim(clock.now(), 1, LEASE_MS);
      if (idle === undefined || second === undefined) throw new Error('nothing was offered');
      expect(second.progress.crashes, 'crashes when no provider was asked').toBe(0);
      expect(
        await store.outbox.begin(idle.send, clock.now() + LEASE_MS),
        '`begin` by a worker whose lease ran out',
      ).toBe(false);
      expect(
        await store.outbox.begin(second.send, clock.now() + 2 * LEASE_MS),
        '`begin` by the worker that has the send',
      ).toBe(true);
      clock.advance(LEASE_MS);
      expect(await store.outbox.claim(clock.now(), 1, LEASE_MS)).toEqual([]);
      clock.advance(LEASE_MS);
      const [third] = await store.outbox.claim(clock.now(), 1, LEASE_MS);
      expect(third?.progress.crashes, 'crashes after a worker died with a provider asked').toBe(1);
      expect(
        await store.outbox.begin(second.send, clock.now() + LEASE_MS),
        '`begin` by a worker that was thought dead',
      ).toBe(false);
    },
  },
  {
    name: 'gives a released send back at once, unchanged',
    run: async ({ store, clock, expect }) => {
      const record = testRecord(clock.now());
      await store.verifications.insert(record, testChanges({ sends: [testSend(record, clock.now())] }));
      const [claim] = await store.outbox.claim(clock.now(), 1, LEASE_MS);
      if (claim === undefined) throw new Error('nothing was offered');
      await store.outbox.release(claim.send, clock.now());
      expect(await store.outbox.claim(clock.now(), 1, LEASE_MS)).toEqual([claim]);
    },
  },
  {
    name: 'takes a send from nobody when a worker gives back what another one has by now',
    run: async ({ store, clock, expect }) => {
      const record = testRecord(clock.now());
      await store.verifications.insert(record, testChanges({ sends: [testSend(record, clock.now())] }));
      const [late] = await store.outbox.claim(clock.now(), 1, LEASE_MS);
      clock.advance(LEASE_MS);
      const [holder] = await store.outbox.claim(clock.now(), 1, LEASE_MS);
      if (late === undefined || holder === undefined) throw new Error('nothing was offered');
      await store.outbox.release(late.send, clock.now());
      expect(await store.outbox.claim(clock.now(), 1, LEASE_MS), 'claims after a late `release`').toEqual([]);
      expect(await store.outbox.begin(holder.send, clock.now() + LEASE_MS), '`begin` of the holder').toBe(true);
      await store.outbox.release(late.send, clock.now());
      expect(await store.outbox.claim(clock.now(), 1, LEASE_MS), 'claims after `begin` and a late `release`').toEqual(
        [],
      );
    },
  },
  {
    name: 'settles in the commit of the verification, or offers the send again at the time asked for',
    run: async ({ store, clock, expect }) => {
      const record = testRecord(clock.now());
      await store.verifications.insert(record, testChanges({ sends: [testSend(record, clock.now())] }));
      const [claim] = await store.outbox.claim(clock.now(), 1, LEASE_MS);
      if (claim === undefined) throw new Error('nothing was offered');
      const progress = { round: 1, refused: ['first'], unknown: true, crashes: 2 };
      const attempts = [{ provider: 'first', at: clock.now(), error: 'unavailable: 503' }];
      const retry = { send: { ...claim.send, attempts }, progress, dueAt: clock.now() + 5_000 };
      await store.verifications.replace(nextRecord(record), 1, testChanges({ sendUpdate: retry }));
      expect(await store.outbox.claim(clock.now(), 1, LEASE_MS)).toEqual([]);
      clock.advance(5_000);
      const [again] = await store.outbox.claim(clock.now(), 1, LEASE_MS);
      expect(again).toEqual({ send: retry.send, progress });
      const sent = { ...retry.send, status: 'accepted' as const, provider: 'first', providerMessageId: 'm1' };
      const settled = { send: sent, progress, dueAt: null };
      await store.verifications.replace(nextRecord(nextRecord(record)), 2, testChanges({ sendUpdate: settled }));
      clock.advance(10 * LEASE_MS);
      expect(await store.outbox.claim(clock.now(), 1, LEASE_MS)).toEqual([]);
      expect(await store.records.sends(record.id)).toEqual([sent]);
      expect(await store.outbox.backlog()).toEqual({ queued: 0, oldestAt: null });
    },
  },
  {
    name: 'hands out one named send like any other: once, while it is due, and only while it is queued',
    run: async ({ store, clock, expect }) => {
      const record = testRecord(clock.now());
      const sends = [testSend(record, clock.now()), testSend(record, clock.now())];
      await store.verifications.insert(record, testChanges({ sends }));
      const id = sends[1]?.id ?? '';
      const held = await Promise.all([1, 2, 3].map(() => store.outbox.claimOne(id, clock.now(), LEASE_MS)));
      expect(held.filter((claimed) => claimed !== null).map((claimed) => claimed?.send.id)).toEqual([id]);
      expect((await store.outbox.claim(clock.now(), 5, LEASE_MS)).map((claimed) => claimed.send.id)).toEqual([
        sends[0]?.id,
      ]);
      clock.advance(LEASE_MS);
      expect((await store.outbox.claimOne(id, clock.now(), LEASE_MS))?.send.id).toBe(id);
      await store.verifications.replace(nextRecord(record), 1, testChanges({ dropQueued: true }));
      clock.advance(LEASE_MS);
      expect(await store.outbox.claimOne(id, clock.now(), LEASE_MS), 'a dropped send by its name').toBe(null);
      expect(await store.outbox.claimOne('snd_nobody', clock.now(), LEASE_MS), 'a send that is not there').toBe(null);
    },
  },
  {
    name: 'offers sends past their deadline too, so that they are settled',
    run: async ({ store, clock, expect }) => {
      const record = testRecord(clock.now());
      await store.verifications.insert(record, testChanges({ sends: [testSend(record, clock.now())] }));
      clock.advance(86_400_000);
      expect(
        (await store.outbox.claim(clock.now(), 5, LEASE_MS)).length,
        'sends past their deadline that are claimed',
      ).toBe(1);
    },
  },
  {
    name: 'drops queued sends for which no provider is being asked, and neither those, new nor other ones',
    run: async ({ store, clock, expect }) => {
      const record = testRecord(clock.now());
      const other = testRecord(clock.now());
      const held = testSend(record, clock.now());
      await store.verifications.insert(record, testChanges({ sends: [held] }));
      const [asked] = await store.outbox.claim(clock.now(), 1, LEASE_MS);
      if (asked === undefined) throw new Error('nothing was offered');
      await store.outbox.begin(asked.send, clock.now() + LEASE_MS);
      const waiting = testSend(record, clock.now());
      await store.verifications.replace(nextRecord(record), 1, testChanges({ sends: [waiting] }));
      await store.verifications.insert(other, testChanges({ sends: [testSend(other, clock.now())] }));
      const fresh = testSend(record, clock.now(), { generation: 2 });
      await store.verifications.replace(
        nextRecord(nextRecord(record)),
        2,
        testChanges({ dropQueued: true, sends: [fresh] }),
      );
      const statuses = (await store.records.sends(record.id)).map((send) => [send.id, send.status]);
      expect(statuses).toEqual([
        [held.id, 'queued'],
        [waiting.id, 'dropped'],
        [fresh.id, 'queued'],
      ]);
      expect((await store.records.sends(other.id)).map((send) => send.status)).toEqual(['queued']);
      expect((await store.outbox.backlog()).queued, 'sends in the backlog').toBe(3);
    },
  },
  {
    name: 'lets nobody ask a provider for a claimed send that was dropped, whose record closed or whose code is old',
    run: async ({ store, clock, expect }) => {
      const mayAsk = async (after: (record: Verification) => [Verification, Partial<Changes>]): Promise<boolean> => {
        const record = testRecord(clock.now());
        await store.verifications.insert(record, testChanges({ sends: [testSend(record, clock.now())] }));
        const [claim] = await store.outbox.claim(clock.now(), 1, LEASE_MS);
        if (claim === undefined) throw new Error('nothing was offered');
        const [next, changes] = after(record);
        await store.verifications.replace(next, 1, testChanges(changes));
        return store.outbox.begin(claim.send, clock.now() + LEASE_MS);
      };
      const newer = (record: Verification): Send => testSend(record, clock.now(), { generation: 2, status: 'dropped' });
      expect(await mayAsk((record) => [nextRecord(record), {}]), '`begin` of a send that may go out').toBe(true);
      expect(await mayAsk((record) => [nextRecord(record), { dropQueued: true }]), '`begin` of a dropped send').toBe(
        false,
      );
      expect(await mayAsk((record) => [closedRecord(record, clock.now()), {}]), '`begin` when the record closed').toBe(
        false,
      );
      expect(
        await mayAsk((record) => [nextRecord(record), { sends: [newer(record)] }]),
        '`begin` when there is a newer generation',
      ).toBe(false);
    },
  },
  {
    name: 'never queues a send that was dropped from the start',
    run: async ({ store, clock, expect }) => {
      const record = testRecord(clock.now());
      const send = testSend(record, clock.now(), { status: 'dropped' });
      await store.verifications.insert(record, testChanges({ sends: [send] }));
      expect(await store.outbox.claim(clock.now(), 1, LEASE_MS)).toEqual([]);
      expect(await store.records.sends(record.id)).toEqual([send]);
    },
  },
  {
    name: 'lets one of many equal requests claim an idempotency key',
    run: async ({ store, clock, expect }) => {
      const ids = ['a', 'b', 'c'];
      const claims = await Promise.all(
        ids.map((id) => store.idempotency.claim({ key: 'k', body: 'body', id }, clock.now())),
      );
      expect(claims).toEqual([{ type: 'claimed', id: 'a' }, { type: 'in_progress' }, { type: 'in_progress' }]);
      expect(await store.idempotency.claim({ key: 'k', body: 'other', id: 'd' }, clock.now())).toEqual({
        type: 'mismatch',
      });
      await store.idempotency.finish('k', 'answer');
      expect(await store.idempotency.claim({ key: 'k', body: 'body', id: 'e' }, clock.now())).toEqual({
        type: 'done',
        answer: 'answer',
      });
      clock.advance(86_400_000);
      expect(await store.idempotency.claim({ key: 'k', body: 'other', id: 'f' }, clock.now())).toEqual({
        type: 'claimed',
        id: 'f',
      });
    },
  },
  {
    name: 'hands a claim without an answer over after its lease, with the first id; frees a released one',
    run: async ({ store, clock, expect }) => {
      await store.idempotency.claim({ key: 'k', body: 'body', id: 'first' }, clock.now());
      clock.advance(59_999);
      expect(await store.idempotency.claim({ key: 'k', body: 'body', id: 'second' }, clock.now())).toEqual({
        type: 'in_progress',
      });
      clock.advance(1);
      expect(await store.idempotency.claim({ key: 'k', body: 'body', id: 'second' }, clock.now())).toEqual({
        type: 'claimed',
        id: 'first',
      });
      await store.idempotency.release('k');
      expect(await store.idempotency.claim({ key: 'k', body: 'other', id: 'third' }, clock.now())).toEqual({
        type: 'claimed',
        id: 'third',
      });
    },
  },
  {
    name: 'keeps a claim that has its answer when it is released late: what was committed is not done again',
    run: async ({ store, clock, expect }) => {
      const record = testRecord(clock.now());
      const answered = testChanges({ answer: { key: 'k', answer: 'of the commit' } });
      await store.idempotency.claim({ key: 'k', body: 'body', id: 'first' }, clock.now());
      await store.verifications.insert(record, answered);
      await store.idempotency.release('k');
      expect(await store.idempotency.claim({ key: 'k', body: 'body', id: 'second' }, clock.now())).toEqual({
        type: 'done',
        answer: 'of the commit',
      });
      await store.idempotency.claim({ key: 'k 2', body: 'body', id: 'third' }, clock.now());
      await store.idempotency.finish('k 2', 'finished');
      await store.idempotency.release('k 2');
      expect(await store.idempotency.claim({ key: 'k 2', body: 'body', id: 'fourth' }, clock.now())).toEqual({
        type: 'done',
        answer: 'finished',
      });
    },
  },
  {
    name: 'gives what was claimed under an older key of the ring to the same request after a rotation',
    run: async ({ store, clock, expect }) => {
      const older = [{ key: 'old', body: 'old body' }];
      const request = { key: 'new', body: 'body', id: 'second', older };
      await store.idempotency.claim({ key: 'old', body: 'old body', id: 'first' }, clock.now());
      expect(await store.idempotency.claim(request, clock.now())).toEqual({ type: 'in_progress' });
      clock.advance(60_000);
      expect(await store.idempotency.claim(request, clock.now())).toEqual({ type: 'claimed', id: 'first' });
      await store.idempotency.finish('new', 'answer');
      expect(await store.idempotency.claim(request, clock.now())).toEqual({ type: 'done', answer: 'answer' });
      await store.idempotency.claim({ key: 'old 2', body: 'old body', id: 'third' }, clock.now());
      await store.idempotency.finish('old 2', 'answer 2');
      const repeated = { key: 'new 2', body: 'body', id: 'fourth', older: [{ key: 'old 2', body: 'old body' }] };
      expect(await store.idempotency.claim(repeated, clock.now())).toEqual({ type: 'done', answer: 'answer 2' });
      const other = { ...repeated, older: [{ key: 'old 2', body: 'other' }] };
      expect(await store.idempotency.claim(other, clock.now())).toEqual({ type: 'mismatch' });
    },
  },
  {
    name: 'stores the answer of an idempotent request with its commit, and not with a refused one',
    run: async ({ store, clock, expect }) => {
      const record = testRecord(clock.now());
      const request = { key: 'k', body: 'body', id: record.id };
      await store.idempotency.claim(request, clock.now());
      const changes = testChanges({ answer: { key: 'k', answer: '201' } });
      await store.verifications.replace(closedRecord(record, clock.now()), 1, changes);
      expect(await store.idempotency.claim(request, clock.now())).toEqual({ type: 'in_progress' });
      await store.verifications.insert(record, changes);
      expect(await store.idempotency.claim(request, clock.now())).toEqual({ type: 'done', answer: '201' });
    },
  },
];
