import type { CommittedDocument } from '../ports/documents.ts';
import type { ContractTest } from './contract-store.ts';
import { testChanges, testRecord } from './factories.ts';

function document(changes: Partial<CommittedDocument> = {}): CommittedDocument {
  return {
    kind: 'note',
    id: 'note_1',
    application: 'app_1',
    index: null,
    version: 1,
    body: '{"text":"ü•𝔘"}',
    createdAt: 1,
    dueAt: null,
    endsAt: null,
    ...changes,
  };
}

/** What the service keeps beside verifications. */
export const DOCUMENTS_CONTRACT: readonly ContractTest[] = [
  {
    name: 'gives back a document as it was put, by kind and id, until it is removed',
    run: async ({ store: { documents }, expect }) => {
      const one = document({ index: 'i', dueAt: 5, endsAt: 9_999_999_999_999 });
      expect(await documents.put(one), '`put` of version 1').toBe(true);
      expect(await documents.get('note', 'note_1')).toEqual(one);
      expect(await documents.get('other', 'note_1'), 'a document of another kind').toBe(null);
      expect(await documents.remove('other', 'note_1'), '`remove` of another kind').toBe(false);
      expect(await documents.remove('note', 'note_1'), '`remove` of a document that is there').toBe(true);
      expect(await documents.get('note', 'note_1'), 'the removed document').toBe(null);
    },
  },
  {
    name: 'lets one of many parallel changes of a document win',
    run: async ({ store: { documents }, expect }) => {
      const firsts = await Promise.all(['a', 'b', 'c'].map((body) => documents.put(document({ body }))));
      expect(firsts.filter(Boolean).length, 'parallel first versions that won').toBe(1);
      const seconds = await Promise.all(['d', 'e', 'f'].map((body) => documents.put(document({ body, version: 2 }))));
      expect(seconds.filter(Boolean).length, 'parallel second versions that won').toBe(1);
      expect(await documents.put(document({ version: 4 })), '`put` of a version that skips one').toBe(false);
      const body = ['d', 'e', 'f'][seconds.indexOf(true)] ?? '';
      expect(await documents.get('note', 'note_1')).toEqual(document({ body, version: 2 }));
    },
  },
  {
    name: 'lists documents by kind, application and index in the order of their ids, from both ends',
    run: async ({ store: { documents }, expect }) => {
      const all = ['n1', 'n2', 'n3', 'n4'].map((id, at) => document({ id, index: at % 2 === 0 ? 'even' : null }));
      for (const one of all.toReversed()) await documents.put(one);
      await documents.put(document({ id: 'n5', application: 'app_2' }));
      await documents.put({ ...document({ id: 'n2' }), kind: 'other' });
      const ids = async (query: object): Promise<readonly string[]> =>
        (await documents.list({ kind: 'note', application: 'app_1', limit: 10, ...query })).map(({ id }) => id);
      expect(await ids({})).toEqual(['n1', 'n2', 'n3', 'n4']);
      expect(await ids({ limit: 2, after: 'n1' })).toEqual(['n2', 'n3']);
      expect(await ids({ limit: 2, after: 'n4', newestFirst: true })).toEqual(['n3', 'n2']);
      expect(await ids({ index: 'even' })).toEqual(['n1', 'n3']);
      expect(
        (await documents.list({ kind: 'note', limit: 10 })).length,
        'documents of the kind, whatever the application',
      ).toBe(5);
    },
  },
  {
    name: 'hands a due document to one worker, and to another when the first one died',
    run: async ({ store: { documents }, clock, expect }) => {
      const now = clock.now();
      const due = [3, 1, 2].map((age, at) => document({ id: `d${at}`, dueAt: now - age }));
      for (const one of due) await documents.put(one);
      await documents.put(document({ id: 'later', dueAt: now + 1 }));
      await documents.put(document({ id: 'never' }));
      const claimed = await Promise.all([1, 2, 3].map(() => documents.claim('note', now, 2, 1_000)));
      const ids = claimed.flat().map(({ id }) => id);
      expect([...ids].sort()).toEqual(['d0', 'd1', 'd2']);
      expect(
        claimed.flat().every(({ version, dueAt }) => version === 2 && dueAt === now + 1_000),
        'claimed documents have the next version and are due after the lease',
      ).toBe(true);
      const again = (await documents.claim('note', now + 1_000, 10, 1_000)).map(
        ({ id, version }) => `${id} ${version}`,
      );
      expect(again.toSorted()).toEqual(['d0 3', 'd1 3', 'd2 3', 'later 2']);
      // Who held it before may not settle it any more.
      expect(
        await documents.put(document({ id: 'd0', version: 3, dueAt: null })),
        '`put` of a version that another claim took',
      ).toBe(false);
    },
  },
  {
    name: 'writes the documents of a commit with it, and none of a refused one',
    run: async ({ store, clock, expect }) => {
      const record = testRecord(clock.now());
      await store.verifications.insert(record, testChanges({ documents: [document()] }));
      expect(await store.documents.get('note', 'note_1')).toEqual(document());
      const changes = testChanges({ documents: [document({ id: 'note_2' })] });
      expect((await store.verifications.replace({ ...record, version: 9 }, 8, changes)).type).toBe('conflict');
      expect(await store.documents.get('note', 'note_2'), 'the document of a commit that lost').toBe(null);
    },
  },
  {
    name: 'leaves a document that is there as it is when a commit brings it again',
    run: async ({ store, clock, expect }) => {
      const record = testRecord(clock.now());
      await store.documents.put(document());
      await store.documents.put(document({ version: 2, body: '{"text":"changed"}' }));
      const again = testChanges({ documents: [document({ body: '{"text":"again"}' })] });
      expect((await store.verifications.insert(record, again)).type).toBe('inserted');
      const kept = document({ version: 2, body: '{"text":"changed"}' });
      expect(await store.documents.get('note', 'note_1'), 'the document after the commit').toEqual(kept);
    },
  },
  {
    name: 'forgets documents whose end has come',
    run: async ({ store, clock, expect }) => {
      await store.documents.put(document({ endsAt: clock.now() + 1_000 }));
      await store.documents.put(document({ id: 'stays' }));
      await store.records.purge(clock.now(), 100);
      expect((await store.documents.get('note', 'note_1')) === null, 'a document is gone before its end').toBe(false);
      clock.advance(1_001);
      for (let i = 0; i < 3; i++) await store.records.purge(clock.now(), 100);
      expect(await store.documents.get('note', 'note_1'), 'a document whose end has come, after a purge').toBe(null);
      expect((await store.documents.get('note', 'stays')) === null, 'a document without an end is gone').toBe(false);
    },
  },
];
