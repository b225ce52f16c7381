import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { CLOCK } from '../../src/stores/mysql/clock.ts';
import { connect } from '../../src/stores/mysql/connect.ts';
import { openMysqlStore } from '../../src/stores/mysql/index.ts';
import { placeOf } from '../../src/stores/mysql/place.ts';
import { SCHEMA_1 } from '../../src/stores/mysql/schema.ts';
import type { Connection, SqlServerStore } from '../../src/stores/sql/server/index.ts';
import { APPLICATION, INJECTIONS, testChanges, testRecord } from '../../src/testing/index.ts';
import { onMysql, type RealServer, serverSuite, startMariadb, startMysql } from '../support/servers.ts';

/** Defaults that a store must not depend on; databases made here get the collation that takes most texts for equal. */
const CONTRARY = [
  '--sql-mode=NO_BACKSLASH_ESCAPES,ANSI_QUOTES,PIPES_AS_CONCAT,PAD_CHAR_TO_FULL_LENGTH,ONLY_FULL_GROUP_BY',
  '--transaction-isolation=SERIALIZABLE',
  '--autocommit=0',
  '--default-time-zone=+05:30',
  '--character-set-server=latin1',
  '--collation-server=latin1_general_ci',
];

serverSuite('mariadb', 'a store on a contrary MariaDB', () => textSuite(() => startMariadb({ args: CONTRARY })));
serverSuite('mysql', 'a store on a contrary MySQL', () =>
  textSuite(() => startMysql({ args: CONTRARY.filter((arg) => !arg.includes('PAD_CHAR')) })),
);

/** Pairs that lenient collations take for one. */
const TWINS: readonly (readonly [string, string])[] = [
  ['a', 'A'],
  ['a', 'a '],
  ['a', 'a\u0000'],
  ['a', 'ä'],
  ['ss', 'ß'],
  ['é', 'e\u0301'],
  ['🙂', '🙃'],
  ['𝔘', 'U'],
  ['', ' '],
];

function textSuite(start: () => Promise<RealServer>): void {
  const stores: SqlServerStore[] = [];
  const connections: Connection[] = [];
  let server: RealServer;
  let serial = 0;

  beforeAll(async () => {
    server = await start();
  });
  afterAll(() => server.remove());
  afterEach(async () => {
    for (const store of stores.splice(0)) await store.close();
    for (const connection of connections.splice(0)) connection.destroy();
  });

  async function freshUrl(): Promise<string> {
    const name = `ww_${serial++}`;
    await onMysql(server.url, `CREATE DATABASE ${name}`);
    return `${server.url}/${name}`;
  }
  async function open(url: string): Promise<SqlServerStore> {
    const store = await openMysqlStore({ url });
    stores.push(store);
    return store;
  }
  async function migrated(): Promise<SqlServerStore> {
    const store = await open(await freshUrl());
    await store.migrations.migrate();
    return store;
  }
  async function connected(url: string): Promise<Connection> {
    const connection = await connect(placeOf(url), 5_000);
    connections.push(connection);
    return connection;
  }

  describe('texts', () => {
    it.each(TWINS)('takes %j and %j for two, as ids, indexes, subjects and names', async (one, other) => {
      const store = await migrated();
      const [first] = await store.applications.list();
      if (first === undefined) throw new Error('no application');
      for (const [i, text] of [one, other].entries()) {
        const record = testRecord(0, { id: `vrf_${text}`, toIndex: `k1.${text}`, reference: text });
        expect((await store.verifications.insert(record, testChanges())).type).toBe('inserted');
        expect((await store.verifications.get(record.id)).record?.id).toBe(record.id);
        expect(await store.applications.insert({ ...first, id: `app_${i}`, name: text })).toBe(true);
        await store.applications.putPolicy(first.id, text, { ttl_seconds: 100 + i });
        expect(await store.idempotency.claim({ key: text, body: text, id: 'id' }, 0)).toMatchObject({
          type: 'claimed',
        });
      }
      for (const text of [one, other]) {
        const query = { application: APPLICATION, mode: 'live' as const, now: 0, limit: 9 };
        for (const filter of [{ reference: text }, { toIndexes: [`k1.${text}`] }]) {
          const { rows } = await store.records.search({ ...query, ...filter });
          expect(rows.map((row) => row.id)).toEqual([`vrf_${text}`]);
        }
      }
      expect(Object.keys(await store.applications.policies(first.id)).toSorted()).toEqual([one, other].toSorted());
    });

    it('gives back every text as it was, but for lone surrogates, which no database holds', async () => {
      const store = await migrated();
      for (const text of INJECTIONS.filter((injection) => injection.length < 128)) {
        const metadata = { text, [text.slice(0, 9)]: 'key' };
        const record = testRecord(0, { reference: text, metadata });
        await store.verifications.insert(record, testChanges());
        const found = (await store.verifications.get(record.id)).record;
        expect(found?.reference).toBe(text.replaceAll(/\p{Surrogate}/gu, '\uFFFD'));
        expect(found?.metadata).toEqual(metadata);
      }
    });
  });

  describe('a connection', () => {
    it('has the time of the server whatever its zone, and plain numbers', async () => {
      const connection = await connected(await freshUrl());
      const [row] = await connection.rows(`SELECT ${CLOCK}, 9007199254740991, sum(2), 0.5, NULL, @@time_zone`);
      expect(Math.abs(Number(row?.[0]) - Date.now())).toBeLessThan(2_000);
      expect(row).toEqual([expect.any(Number), 9_007_199_254_740_991, 2, 0.5, null, '+05:30']);
    });

    it('sees inside a transaction what others committed meanwhile, and tells how many rows an update met', async () => {
      const url = await freshUrl();
      await (await open(url)).migrations.migrate();
      const [one, other] = await Promise.all([connected(url), connected(url)]);
      const count = async (): Promise<unknown> => (await one.rows('SELECT count(*) FROM devices'))[0]?.[0];
      await one.begin();
      expect(await count()).toBe(0);
      await other.run("INSERT INTO devices (name, at) VALUES ('a', 1), ('b', 1)");
      expect(await count()).toBe(2);
      expect(await one.run('UPDATE devices SET at = ? WHERE name IN (?)', [1, ['a', 'b', 'c']])).toBe(2);
      await one.commit();
    });

    it('refuses values that do not fit and statements in the plural', async () => {
      const url = await freshUrl();
      await (await open(url)).migrations.migrate();
      const connection = await connected(url);
      const insert = (name: string): Promise<unknown> =>
        connection.run('INSERT INTO devices (name, at) VALUES (?, ?)', [name, 1]);
      await expect(insert('x'.repeat(256))).rejects.toThrow('too long');
      await expect(connection.rows('SELECT 1; SELECT 2')).rejects.toThrow('syntax');
      expect(await connection.rows('SELECT name FROM devices')).toEqual([]);
    });
  });

  describe('a migration that was killed', () => {
    it.each([1, 3, 8, SCHEMA_1.length])('after %i statements is completed by the next', async (done) => {
      const url = await freshUrl();
      const connection = await connected(url);
      for (const statement of SCHEMA_1.slice(0, done)) await connection.run(statement);
      const store = await open(url);
      expect(await store.migrations.migrate()).toEqual(['001_first', '002_reason', '003_reference']);
      expect((await store.applications.list()).map(({ name }) => name)).toEqual(['default']);
      expect(await store.migrations.pending()).toEqual([]);
    });

    it('before it was noted makes no second application', async () => {
      const url = await freshUrl();
      const store = await open(url);
      await store.migrations.migrate();
      await (await connected(url)).run('DELETE FROM schema_migrations');
      expect(await store.migrations.migrate()).toEqual(['001_first', '002_reason', '003_reference']);
      expect((await store.applications.list()).length).toBe(1);
    });
  });
}
