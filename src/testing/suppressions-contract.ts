import type { StoredDocument } from '../ports/documents.ts';
import type { Store } from '../ports/store.ts';
import type { ContractTest } from './contract-store.ts';
import { APPLICATION, testChanges, testRecord } from './factories.ts';

const OTHER = 'app_02TESTTESTTESTTESTTESTTESTTESTT';

/** A suppression as the service keeps it: named and found by application and blind index, for good. */
function suppression(
  index: string,
  { reason = 'stop', version = 1, application = APPLICATION, createdAt = 1 }: Partial<Suppressed> = {},
): StoredDocument {
  const key = `${application}|${index}`;
  const body = JSON.stringify({ reason, channel: 'sms', by: 'twilio:+1' });
  return { kind: 'suppression', id: key, application, index: key, version, body, createdAt, dueAt: null, endsAt: null };
}

interface Suppressed {
  readonly reason: string;
  readonly version: number;
  readonly application: string;
  readonly createdAt: number;
}

/** The question that every start of an application with suppressions asks. */
async function reasonOf(store: Store, index: string, application = APPLICATION): Promise<string | null> {
  const query = { kind: 'suppression', index: `${application}|${index}`, newestFirst: true, limit: 1 };
  const [found] = await store.documents.list(query);
  return found === undefined ? null : (JSON.parse(found.body) as { reason: string }).reason;
}

async function isAny(store: Store, application: string): Promise<boolean> {
  return (await store.documents.list({ kind: 'suppression', application, limit: 1 })).length > 0;
}

/** What the suppression list asks of a store: whoever said stop must not get one more message because of it. */
export const SUPPRESSIONS_CONTRACT: readonly ContractTest[] = [
  {
    name: 'holds a suppressed destination back from the moment it is on the list, and no other',
    run: async ({ store, expect }) => {
      expect(await isAny(store, APPLICATION), 'a suppression before there is one').toBe(false);
      expect(await reasonOf(store, 'index-a'), 'the reason before there is one').toBe(null);
      expect(await store.documents.put(suppression('index-a')), '`put` of the first suppression').toBe(true);
      expect(await isAny(store, APPLICATION), 'a suppression of the application').toBe(true);
      expect(await isAny(store, OTHER), 'a suppression of another application').toBe(false);
      expect(await reasonOf(store, 'index-a')).toBe('stop');
      expect(await reasonOf(store, 'index-'), 'the reason of an index that is a part of the other').toBe(null);
      expect(await reasonOf(store, 'INDEX-A'), 'the reason of an index in capitals').toBe(null);
      expect(await reasonOf(store, 'index-a', OTHER), 'the reason in another application').toBe(null);
    },
  },
  {
    name: 'keeps the first of several suppressions of one destination, and lets a stronger reason take its place once',
    run: async ({ store, expect }) => {
      const firsts = await Promise.all(
        ['stop', 'complaint', 'manual'].map((reason) => store.documents.put(suppression('index-a', { reason }))),
      );
      expect(firsts.filter(Boolean).length, 'parallel first suppressions that won').toBe(1);
      const seconds = await Promise.all(
        ['manual', 'complaint'].map((reason) => store.documents.put(suppression('index-a', { reason, version: 2 }))),
      );
      expect(seconds.filter(Boolean).length, 'parallel stronger reasons that won').toBe(1);
      expect(await reasonOf(store, 'index-a')).toBe(seconds[0] === true ? 'manual' : 'complaint');
      expect(
        await store.documents.put(suppression('index-a', { reason: 'stop' })),
        '`put` of version 1 where version 2 is',
      ).toBe(false);
    },
  },
  {
    name: 'lets a destination go when it is taken off the list, and holds it back when it is put on again',
    run: async ({ store, expect }) => {
      const kept = suppression('index-a');
      await store.documents.put(kept);
      await store.documents.put(suppression('index-b'));
      expect(await store.documents.remove(kept.kind, kept.id), '`remove` of a suppression').toBe(true);
      expect(await reasonOf(store, 'index-a'), 'the reason after it was removed').toBe(null);
      expect(await reasonOf(store, 'index-b')).toBe('stop');
      expect(await store.documents.remove(kept.kind, kept.id), '`remove` once more').toBe(false);
      expect(await store.documents.put(kept), '`put` after it was removed').toBe(true);
      expect(await reasonOf(store, 'index-a')).toBe('stop');
    },
  },
  {
    name: 'pages through the suppressions of one application, each once',
    run: async ({ store, expect }) => {
      const indexes = ['i5', 'i1', 'i4', 'i2', 'i3'];
      for (const index of indexes) await store.documents.put(suppression(index));
      await store.documents.put(suppression('i6', { application: OTHER }));
      const seen: string[] = [];
      for (let after: string | undefined; ; after = `${APPLICATION}|${seen.at(-1) ?? ''}`) {
        const query = { kind: 'suppression', application: APPLICATION, limit: 2 };
        const page = await store.documents.list(after === undefined ? query : { ...query, after });
        if (page.length === 0) break;
        seen.push(...page.map(({ id }) => id.slice(APPLICATION.length + 1)));
      }
      expect(seen).toEqual(['i1', 'i2', 'i3', 'i4', 'i5']);
    },
  },
  {
    name: 'forgets no suppression when the person is erased, records are purged or years pass',
    run: async ({ store, clock, expect }) => {
      const now = clock.now();
      const record = testRecord(now);
      await store.verifications.insert(record, testChanges());
      await store.documents.put(suppression(record.limitIndex, { createdAt: now }));
      await store.records.erase(APPLICATION, [record.toIndex ?? ''], now);
      clock.advance(5 * 365 * 86_400_000);
      for (let i = 0; i < 3; i++) await store.records.purge(clock.now(), 100);
      expect(await reasonOf(store, record.limitIndex)).toBe('stop');
    },
  },
];
