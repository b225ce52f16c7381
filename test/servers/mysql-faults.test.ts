import { createConnection, type Connection, type RowDataPacket } from 'mysql2/promise';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { openMysqlStore } from '../../src/stores/mysql/index.ts';
import type { SqlServerStore } from '../../src/stores/sql/server/index.ts';
import { nextRecord, testChanges, testEvent, testRecord } from '../../src/testing/index.ts';
import {
  errorOf,
  everythingFailsFast,
  FAST_MS,
  startProxy,
  worksWithin,
  type Proxy,
} from '../support/server-faults.ts';
import { onMysql, type RealServer, serverSuite, startMariadb, startMysql } from '../support/servers.ts';

serverSuite('mariadb', 'a store on a MariaDB that is not well', () => faultSuite(startMariadb));
serverSuite('mysql', 'a store on a MySQL that is not well', () => faultSuite(startMysql));

/** What the store does while its server, a private one, is unfit, away or in the way. */
function faultSuite(start: typeof startMariadb): void {
  const stores: SqlServerStore[] = [];
  const proxies: Proxy[] = [];
  let server: RealServer;
  let url: URL;

  beforeAll(async () => {
    server = await start();
    await root('CREATE DATABASE ww');
    url = new URL(`${server.url}/ww`);
    const store = await open();
    await store.migrations.migrate();
  });
  afterAll(() => server.remove());
  afterEach(async () => {
    for (const store of stores.splice(0)) await store.close();
    for (const proxy of proxies.splice(0)) await proxy.close();
  });

  const root = (sql: string): Promise<unknown> => onMysql(server.url, sql);
  async function open(changed: URL = url): Promise<SqlServerStore> {
    const store = await openMysqlStore({ url: changed.href });
    stores.push(store);
    return store;
  }
  async function through(): Promise<[SqlServerStore, Proxy]> {
    const proxy = await startProxy(server.port);
    proxies.push(proxy);
    const proxied = new URL(url);
    proxied.port = String(proxy.port);
    return [await open(proxied), proxy];
  }

  describe('refuses at the start, with the cure,', () => {
    const cases: readonly (readonly [string, (changed: URL) => void, RegExp])[] = [
      ['a port where nobody listens', (changed) => (changed.port = '9'), /does not listen.*host and port/],
      ['an unknown host', (changed) => (changed.hostname = 'nobody.invalid'), /host.*(not known|cannot be looked up)/],
      [
        'a missing database',
        (changed) => Object.assign(changed, { pathname: '/nowhere', password: '' }),
        /does not exist.*CREATE/,
      ],
      ['an unknown user', (changed) => (changed.username = 'nobody'), /refused the user/],
      ['a socket that is not there', (changed) => (changed.search = '?socket=/nowhere.sock'), /socket.*does not exist/],
      ['an option that it does not know', (changed) => (changed.search = '?sslmode=require'), /Known are ssl-mode/],
    ];
    it.each(cases)('%s', async (_, change, message) => {
      const changed = new URL(url);
      changed.password = 'hush-hush';
      change(changed);
      const error = await errorOf(open(changed));
      expect([error.code, error.message]).toEqual(['unavailable', expect.stringMatching(message)]);
      expect(error.message).not.toContain('hush-hush');
    });

    it.each([
      ['innodb_flush_log_at_trx_commit', '2', '1', /innodb_flush_log_at_trx_commit = 2.*Set it to 1/],
      ['read_only', 'ON', 'OFF', /read-only \(read_only = ON\).*primary/],
    ])('a server with %s = %s', async (name, bad, good, message) => {
      await root(`SET GLOBAL ${name} = ${bad}`);
      const error = await errorOf(open());
      await root(`SET GLOBAL ${name} = ${good}`);
      expect(error.message).toMatch(message);
      await open();
    });

    it('a user without a right, by its name', async () => {
      await root("CREATE USER guest@'%'");
      const guest = new URL(url);
      guest.username = 'guest';
      expect((await errorOf(open(guest))).message).toMatch(/may not use the database.*Grant/);
      await root("GRANT SELECT, INSERT, UPDATE ON ww.* TO guest@'%'");
      expect((await errorOf(open(guest))).message).toMatch(/lacks the right to DELETE.*Grant/);
      await root("GRANT DELETE ON ww.* TO guest@'%'");
      await open(guest);
      await root('CREATE DATABASE elsewhere');
      await root("GRANT SELECT, INSERT, UPDATE, DELETE ON elsewhere.* TO guest@'%'");
      guest.pathname = '/elsewhere';
      const store = await open(guest);
      expect((await errorOf(store.migrations.migrate())).message).toMatch(/lacks the right to CREATE.*Grant/);
    });
  });

  describe('when connections go', () => {
    it('goes on as if nothing happened after idle ones were ended', async () => {
      const store = await open();
      const record = testRecord(await store.verifications.time());
      await store.verifications.insert(record, testChanges());
      for (const id of await connectionsOf(server.url, 'root')) await root(`KILL ${id}`);
      expect((await store.verifications.get(record.id)).record?.version).toBe(1);
      expect((await store.verifications.replace(nextRecord(record), 1, testChanges())).type).toBe('replaced');
    });

    it('answers unavailable, and writes once, when one breaks at the commit', async () => {
      const [store, proxy] = await through();
      const claim = (id: string): Promise<unknown> => store.idempotency.claim({ key: 'k', body: 'b', id }, 0);
      // The connection that commits is open now: setting one up names READ COMMITTED.
      await store.verifications.insert(testRecord(0), testChanges());
      proxy.breakAfter('COMMIT');
      const error = await errorOf(claim('first'));
      expect([error.code, error.message]).toEqual(['unavailable', expect.stringMatching(/unknown/)]);
      // It was kept, and the work was not done again: that would have found it claimed.
      expect(await claim('second')).toEqual({ type: 'in_progress' });
    });

    it('fails fast while the server is silent, and works within five seconds once it answers', async () => {
      const [store, proxy] = await through();
      const record = testRecord(await store.verifications.time());
      await store.verifications.insert(record, testChanges());
      proxy.freeze(true);
      for (let round = 0; round < 2; round++) await everythingFailsFast(store, record.id);
      expect((await store.health()).reason).toMatch(/does not answer|cannot be reached/);
      proxy.freeze(false);
      await worksWithin(FAST_MS, store, record.id);
    });

    it('refuses while the server is down, keeps what it acknowledged, and works within five seconds of its return', async () => {
      const store = await open();
      const record = testRecord(await store.verifications.time());
      await store.verifications.insert(record, testChanges());
      await server.kill();
      for (let round = 0; round < 3; round++) await everythingFailsFast(store, record.id);
      expect((await store.health()).ok).toBe(false);
      await server.start();
      await worksWithin(FAST_MS, store, record.id);
      expect((await store.verifications.get(record.id)).record?.id).toBe(record.id);
    });

    it('leaves a server that has become read-only for the one that takes writes', async () => {
      const store = await open();
      await root("CREATE USER IF NOT EXISTS plain@'%'");
      await root("GRANT SELECT, INSERT, UPDATE, DELETE ON ww.* TO plain@'%'");
      const plain = new URL(url);
      plain.username = 'plain';
      const other = await open(plain);
      await other.verifications.insert(testRecord(0), testChanges());
      await root('SET GLOBAL read_only = ON');
      const error = await errorOf(other.verifications.insert(testRecord(0), testChanges()));
      await root('SET GLOBAL read_only = OFF');
      expect([error.code, error.message]).toEqual(['unavailable', expect.stringMatching(/read-only.*primary/)]);
      const before = await connectionsOf(server.url, 'plain');
      await worksWithin(FAST_MS, other, 'vrf_none');
      expect(await connectionsOf(server.url, 'plain')).not.toEqual(before);
      expect((await store.health()).ok).toBe(true);
    });
  });

  describe('when others hold what it needs', () => {
    let tool: Connection;
    beforeAll(async () => {
      tool = await createConnection(url.href);
      await tool.query('SET SESSION innodb_lock_wait_timeout = 20');
    });
    afterEach(() => tool.query('ROLLBACK'));
    afterAll(() => tool.destroy());

    /** Records in the order of their ids. */
    async function records(store: SqlServerStore, count: number): Promise<ReturnType<typeof testRecord>[]> {
      const made = Array.from({ length: count }, () => testRecord(1_768_478_400_000));
      for (const record of made) await store.verifications.insert(record, testChanges());
      return made;
    }
    const lock = (record: { id: string } | undefined): Promise<unknown> =>
      tool.query('SELECT id FROM verifications WHERE id = ? FOR UPDATE', [record?.id]);
    /** How often anybody began to wait for a lock. */
    async function waits(): Promise<number> {
      const [rows] = await tool.query<RowDataPacket[]>("SHOW GLOBAL STATUS LIKE 'Innodb_row_lock_waits'");
      return Number(rows[0]?.['Value']);
    }
    const replaced = (store: SqlServerStore, record: ReturnType<typeof testRecord>): Promise<unknown> =>
      store.verifications
        .replace(nextRecord(record), 1, testChanges({ events: [testEvent('check_failed', 0)] }))
        .then(({ type }) => type);

    it('waits for a lock twice, then refuses in time; nothing is written', async () => {
      const store = await open();
      const [record] = await records(store, 1);
      if (record === undefined) throw new Error('no record');
      await tool.query('START TRANSACTION');
      await lock(record);
      const begun = performance.now();
      const error = await errorOf(replaced(store, record));
      expect([error.code, error.message]).toEqual(['unavailable', expect.stringMatching(/locked for too long/)]);
      expect(performance.now() - begun).toBeLessThan(FAST_MS);
      expect((await store.verifications.get(record.id)).record?.version).toBe(1);
      await tool.query('ROLLBACK');
      expect(await replaced(store, record)).toBe('replaced');
      expect((await store.records.events(record.id)).length).toBe(1);
    });

    it('does the whole batch again when the lock came free meanwhile', async () => {
      const store = await open();
      const made = await records(store, 3);
      await tool.query('START TRANSACTION');
      await lock(made[2]);
      const before = await waits();
      const outcomes = Promise.all(made.map((record) => replaced(store, record)));
      await expect.poll(waits, { timeout: FAST_MS, interval: 10 }).toBe(before + 2);
      await tool.query('ROLLBACK');
      expect(await outcomes).toEqual(['replaced', 'replaced', 'replaced']);
      for (const record of made) expect((await store.records.events(record.id)).length).toBe(1);
    });

    it('refuses the one whose row stays locked, not its neighbours of the batch', async () => {
      const store = await open();
      const made = await records(store, 12);
      await tool.query('START TRANSACTION');
      await lock(made[3]);
      const begun = performance.now();
      const outcomes = await Promise.all(
        made.map((record) => replaced(store, record).catch((error: { code: string }) => error.code)),
      );
      expect(performance.now() - begun).toBeLessThan(FAST_MS);
      expect(outcomes).toEqual(made.map((_, at) => (at === 3 ? 'unavailable' : 'replaced')));
      expect((await store.health()).ok).toBe(true);
    });

    it('lets nobody wait longer than for two of many locked rows', async () => {
      const store = await open();
      const made = await records(store, 12);
      await tool.query('START TRANSACTION');
      for (const record of made) await lock(record);
      const begun = performance.now();
      const outcomes = await Promise.allSettled(made.map((record) => replaced(store, record)));
      expect(outcomes.every(({ status }) => status === 'rejected')).toBe(true);
      expect(performance.now() - begun).toBeLessThan(2 * FAST_MS);
    });

    it('does the work again after a deadlock', async () => {
      const store = await open();
      const [record] = await records(store, 1);
      if (record === undefined) throw new Error('no record');
      const failed = ['app|a destination'];
      // The commit locks the destination, then the record; the tool the other way round.
      await store.verifications.replace(nextRecord(record), 1, testChanges({ failed }));
      await tool.query('START TRANSACTION');
      // The one that wrote less is the victim.
      const lines = Array.from({ length: 500 }, (_, i) => [`refusal ${i}`, 0]);
      await tool.query('INSERT INTO refusals (id, at) VALUES ?', [lines]);
      await lock(record);
      const before = await waits();
      const events = [testEvent('check_failed', 0)];
      const third = { ...record, version: 3 };
      const outcome = store.verifications.replace(third, 2, testChanges({ failed, events }));
      await expect.poll(waits, { timeout: FAST_MS, interval: 10 }).toBe(before + 1);
      await tool.query('SELECT name FROM destinations WHERE name = ? FOR UPDATE', failed);
      await tool.query('ROLLBACK');
      expect((await outcome).type).toBe('replaced');
      expect((await store.records.events(record.id)).length).toBe(1);
      expect(JSON.stringify(await root('SHOW ENGINE INNODB STATUS'))).toContain('LATEST DETECTED DEADLOCK');
    });
  });
}

/** Numbers of the connections to the test's database. */
async function connectionsOf(url: string, user: string): Promise<readonly number[]> {
  const text = `SELECT ID AS id FROM information_schema.PROCESSLIST WHERE DB = 'ww' AND USER = '${user}'`;
  const rows = await onMysql(url, text);
  return (rows as { id: number }[]).map(({ id }) => id).toSorted((a, b) => a - b);
}
