import { WatchwordError } from '../core/errors.ts';
import { sealed } from '../core/redacted.ts';
import type { ApiKey, Person } from '../ports/settings.ts';
import type { ContractTest } from './contract-store.ts';
import { APPLICATION, testId } from './factories.ts';

/** Applications, policies, keys, directory, inbox. */
export const SETTINGS_CONTRACT: readonly ContractTest[] = [
  {
    name: 'starts with the application "default"',
    run: async ({ store, expect }) => {
      const applications = await store.applications.list();
      expect(applications.map((application) => application.name)).toEqual(['default']);
      expect(
        /^app_[0-9A-HJKMNP-TV-Z]{30}$/.test(applications[0]?.id ?? ''),
        'the id of the first application is one of `newId`',
      ).toBe(true);
    },
  },
  {
    name: 'keeps application names unique, and what is written about them',
    run: async ({ store, clock, expect }) => {
      const [first] = await store.applications.list();
      if (first === undefined) return;
      const shop = {
        ...first,
        id: testId('app', clock.now() + 1),
        name: 'shop',
        countries: ['DE'],
        limits: { key_starts: { max: 3 } },
      };
      expect(
        await store.applications.insert({ ...shop, name: 'default' }),
        '`applications.insert` with the name of the first one',
      ).toBe(false);
      expect(await store.applications.insert(shop), '`applications.insert` of a new name').toBe(true);
      expect(
        await store.applications.insert({ ...shop, id: testId('app', clock.now()) }),
        '`applications.insert` of that name again',
      ).toBe(false);
      const changed = { ...shop, name: 'store', brand: 'Store' };
      await store.applications.update(changed);
      const refused = await store.applications.update({ ...changed, name: 'default' }).then(
        () => 'written',
        (error: unknown) => (error instanceof WatchwordError ? error.code : String(error)),
      );
      expect(refused, '`applications.update` with a name that is taken throws').toBe('conflict');
      expect((await store.applications.list()).toSorted((a, b) => (a.name < b.name ? -1 : 1))).toEqual([
        first,
        changed,
      ]);
      expect(await store.applications.policies(shop.id)).toEqual({});
      await store.applications.putPolicy(shop.id, 'login', { max_checks: 3 });
      await store.applications.putPolicy(shop.id, 'login', { preset: 'desk' });
      expect(await store.applications.policies(shop.id)).toEqual({ login: { preset: 'desk' } });
      expect(await store.applications.policies(first.id)).toEqual({});
    },
  },
  {
    name: 'finds, revokes and touches keys',
    run: async ({ store, clock, expect }) => {
      const now = clock.now();
      const key: ApiKey = {
        id: testId('key', now),
        application: APPLICATION,
        mode: 'live',
        name: 'till',
        scopes: ['send', 'check'],
        hash: 'k1.a',
        createdAt: now,
        expiresAt: null,
        revokedAt: null,
        lastUsedAt: null,
      };
      await store.keys.insert(key);
      expect(await store.keys.find(key.id)).toEqual(key);
      expect(await store.keys.find('key_none'), 'a key that is not there').toBe(null);
      expect(await store.keys.revoke('app_other', key.id, now), '`revoke` by another application').toBe(false);
      expect(await store.keys.revoke(APPLICATION, key.id, now + 1), '`revoke`').toBe(true);
      expect(await store.keys.revoke(APPLICATION, key.id, now + 2), '`revoke` once more').toBe(true);
      await store.keys.touch(key.id, now + 3, 'k2.a');
      expect(await store.keys.list(APPLICATION)).toEqual([
        { ...key, revokedAt: now + 1, lastUsedAt: now + 3, hash: 'k2.a' },
      ]);
      expect(await store.keys.list('app_other')).toEqual([]);
    },
  },
  {
    name: 'adds a person once per address and lists them page by page',
    run: async ({ store, clock, expect }) => {
      const now = clock.now();
      const people = Array.from({ length: 5 }, (_, i): Person => ({
        id: testId('per', now),
        application: APPLICATION,
        toIndex: `k1.${i}`,
        sealed: sealed(`k1.p${i}`),
        reference: null,
        createdAt: now,
      }));
      for (const person of people) await store.directory.put(person);
      const [first] = people;
      if (first === undefined) return;
      const again = await store.directory.put({
        ...first,
        id: testId('per', now),
        reference: 'r',
        sealed: sealed('k2.new'),
        createdAt: now + 9,
      });
      expect([again.id, again.createdAt, again.reference, again.sealed.reveal()]).toEqual([
        first.id,
        now,
        'r',
        'k2.new',
      ]);
      const page = await store.directory.list(APPLICATION, null, 3);
      expect(page.map((person) => person.id)).toEqual(people.slice(0, 3).map((person) => person.id));
      const rest = await store.directory.list(APPLICATION, page[2]?.id ?? null, 3);
      expect(rest.map((person) => person.id)).toEqual(people.slice(3).map((person) => person.id));
      expect((await store.directory.list(APPLICATION, null, 3, ['k1.4', 'k0.4'])).map((person) => person.id)).toEqual([
        people[4]?.id,
      ]);
      expect(
        await store.directory.has(APPLICATION, ['k9.x', 'k1.2']),
        '`directory.has` with one of two indexes there',
      ).toBe(true);
      expect(await store.directory.has('app_other', ['k1.2']), '`directory.has` of another application').toBe(false);
      expect(await store.directory.remove('app_other', ['k1.2']), '`directory.remove` by another application').toBe(
        false,
      );
      expect(await store.directory.remove(APPLICATION, ['k1.2']), '`directory.remove`').toBe(true);
      expect(await store.directory.has(APPLICATION, ['k1.2']), '`directory.has` of a removed person').toBe(false);
    },
  },
  {
    name: 'shows inbox messages once, newest first, for ten minutes',
    run: async ({ store, clock, expect }) => {
      const put = async (change: object): Promise<string> => {
        clock.advance(1);
        const sendId = testId('snd', clock.now());
        const message = {
          sendId,
          verification: 'vrf_1',
          application: APPLICATION,
          mode: 'test' as const,
          channel: 'sms' as const,
          toIndex: 'k1.a',
          sealed: sealed('k1.m'),
          createdAt: clock.now(),
          ...change,
        };
        await store.inbox.put(message);
        await store.inbox.put(message);
        return sendId;
      };
      const ids = [
        await put({}),
        await put({ toIndex: 'k1.b' }),
        await put({ mode: 'live' }),
        await put({ application: 'app_other' }),
      ];
      const list = async (filter: object): Promise<readonly string[]> =>
        (await store.inbox.list({ now: clock.now(), limit: 9, ...filter })).map((message) => message.sendId);
      expect(await list({})).toEqual(ids.toReversed());
      expect(await list({ limit: 1 })).toEqual([ids[3]]);
      expect(await list({ application: APPLICATION, mode: 'test', toIndexes: ['k0.b', 'k1.b'] })).toEqual([ids[1]]);
      clock.advance(600_000 - 2);
      expect(await list({})).toEqual([ids[3], ids[2]]);
      await store.inbox.clear();
      expect(await list({})).toEqual([]);
    },
  },
];
