import { spawnSync } from 'node:child_process';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { connect, placeOf } from '../../src/stores/postgres/connect.ts';
import { openPostgresStore } from '../../src/stores/postgres/index.ts';
import type { SqlServerStore } from '../../src/stores/sql/server/index.ts';
import { nextRecord, testChanges, testRecord } from '../../src/testing/index.ts';
import {
  errorOf,
  everythingFailsFast,
  FAST_MS,
  type Proxy,
  startProxy,
  worksWithin,
} from '../support/server-faults.ts';
import {
  type Fresh,
  freshPostgres,
  onPostgres,
  type RealServer,
  serverSuite,
  startPostgres,
} from '../support/servers.ts';

const END_ALL = `
import { Client } from 'pg';
const client = new Client({ connectionString: process.argv[1] });
await client.connect();
await client.query('SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()');
await client.end();
`;

serverSuite('postgres', 'a store on a PostgreSQL that is not well', () => {
  const stores: SqlServerStore[] = [];
  const proxies: Proxy[] = [];
  let database: Fresh;

  beforeAll(async () => {
    database = await freshPostgres();
  });
  afterAll(() => database.drop());
  afterEach(async () => {
    for (const store of stores.splice(0)) await store.close();
    for (const proxy of proxies.splice(0)) await proxy.close();
  });

  async function open(url: string): Promise<SqlServerStore> {
    const store = await openPostgresStore({ url });
    stores.push(store);
    return store;
  }
  async function migrated(url: string): Promise<SqlServerStore> {
    const store = await open(url);
    await store.migrations.migrate();
    return store;
  }
  async function through(url: string): Promise<{ proxy: Proxy; url: string }> {
    const proxy = await startProxy(Number(new URL(url).port));
    proxies.push(proxy);
    const proxied = new URL(url);
    proxied.port = String(proxy.port);
    return { proxy, url: proxied.href };
  }

  describe('refuses at the start, with the cure,', () => {
    const cases: readonly (readonly [string, (url: URL) => void, RegExp])[] = [
      ['a port where nobody listens', (url) => (url.port = '9'), /does not listen.*host and port/],
      ['a host that is not known', (url) => (url.hostname = 'nobody.invalid'), /host.*(not known|cannot be looked up)/],
      ['a database that is not there', (url) => (url.pathname = '/nowhere'), /does not exist.*createdb/],
      ['a user that is not there', (url) => (url.username = 'nobody'), /refused the user/],
      ['TLS that the server does not speak', (url) => (url.search = '?sslmode=require'), /TLS.*sslmode/],
      [
        'a read-only database',
        (url) => (url.search = '?options=-c%20default_transaction_read_only%3Don'),
        /read-only.*primary/,
      ],
      ['a scheme of another database', (url) => (url.search = '?schema=Not%20one'), /DATABASE_URL is not of the form/],
    ];
    it.each(cases)('%s', async (_, change, message) => {
      const url = new URL(database.url);
      url.password = 'hush-hush';
      change(url);
      const error = await errorOf(open(url.href));
      expect(error.code).toBe('unavailable');
      expect(error.message).toMatch(message);
      expect(error.message).not.toContain('hush-hush');
    });

    it('a text that is no URL, without repeating it', async () => {
      const error = await errorOf(open('postgres://user:hush-hush@[bad'));
      expect(error.message).toMatch(/DATABASE_URL is not of the form/);
      expect(JSON.stringify([error.message, String(error.cause)])).not.toContain('hush-hush');
    });

    it('a user without rights on the tables', async () => {
      const schema = `${database.url}?schema=rights`;
      await migrated(schema);
      await onPostgres(database.url, 'CREATE ROLE guest LOGIN; GRANT USAGE ON SCHEMA rights TO guest');
      const guest = new URL(schema);
      guest.username = 'guest';
      expect((await errorOf(open(guest.href))).message).toMatch(/lacks DELETE on table api_keys.*Grant/);
      await onPostgres(database.url, 'GRANT ALL ON ALL TABLES IN SCHEMA rights TO guest');
      const store = await open(guest.href);
      expect((await store.applications.list()).length).toBe(1);
      const elsewhere = new URL(`${database.url}?schema=elsewhere`);
      elsewhere.username = 'guest';
      const other = await open(elsewhere.href);
      expect((await errorOf(other.migrations.migrate())).message).toMatch(/lacks a right.*Grant/);
    });

    it('a server that may forget what it acknowledged', async () => {
      const server = await startPostgres({ settings: { fsync: 'off' } });
      try {
        expect((await errorOf(open(server.url))).message).toMatch(/fsync = off.*Set fsync = on/);
      } finally {
        await server.remove();
      }
    });
  });

  it('turns on what makes commits durable where the database turned it off', async () => {
    const { url, drop } = await freshPostgres();
    await onPostgres(url, `ALTER DATABASE ${new URL(url).pathname.slice(1)} SET synchronous_commit = off`);
    const connection = await connect(placeOf(url), FAST_MS);
    expect(await connection.rows("SELECT current_setting('synchronous_commit')")).toEqual([['on']]);
    connection.destroy();
    await drop();
  });

  it('goes on as if nothing happened when idle connections were ended', async () => {
    const store = await migrated(`${database.url}?schema=ended`);
    const record = testRecord(await store.verifications.time());
    await store.verifications.insert(record, testChanges());
    const several = Array.from({ length: 4 }, () => store.records.events(record.id));
    expect(await Promise.all(several)).toEqual([[], [], [], []]);
    // By another process, while this one stands still: no connection has heard of its own end when the next one is taken.
    const ended = spawnSync(process.execPath, ['--input-type=module', '-e', END_ALL, database.url]);
    expect(ended.stderr.toString()).toBe('');
    expect((await store.verifications.get(record.id)).record?.version).toBe(1);
    expect((await store.verifications.replace(nextRecord(record), 1, testChanges())).type).toBe('replaced');
    expect((await store.records.events(record.id)).length).toBe(0);
  });

  it('answers unavailable, and writes once, when the connection breaks at the commit', async () => {
    const { proxy, url } = await through(`${database.url}?schema=broken`);
    const store = await migrated(url);
    const claim = (id: string): Promise<unknown> => store.idempotency.claim({ key: 'k', body: 'b', id }, 0);
    proxy.breakAfter('COMMIT');
    const error = await errorOf(claim('first'));
    expect([error.code, error.message]).toEqual(['unavailable', expect.stringMatching(/unknown/)]);
    // It was kept, and the work was not done again: that would have found it claimed.
    expect(await claim('second')).toEqual({ type: 'in_progress' });
  });

  it('fails fast while the server does not answer, and works within five seconds once it does', async () => {
    const { proxy, url } = await through(`${database.url}?schema=silent`);
    const store = await migrated(url);
    const record = testRecord(await store.verifications.time());
    await store.verifications.insert(record, testChanges());
    proxy.freeze(true);
    for (let round = 0; round < 2; round++) await everythingFailsFast(store, record.id);
    expect(await store.health()).toMatchObject({
      ok: false,
      reason: expect.stringMatching(/does not answer|cannot be reached/),
    });
    proxy.freeze(false);
    await worksWithin(FAST_MS, store, record.id);
  });

  it('refuses while the server is down, keeps what it acknowledged, and works within five seconds of its return', async () => {
    const server: RealServer = await startPostgres();
    try {
      const store = await migrated(server.url);
      const record = testRecord(await store.verifications.time());
      await store.verifications.insert(record, testChanges());
      await server.kill();
      for (let round = 0; round < 3; round++) await everythingFailsFast(store, record.id);
      expect((await store.health()).ok).toBe(false);
      await server.start();
      await worksWithin(FAST_MS, store, record.id);
      expect((await store.verifications.get(record.id)).record?.id).toBe(record.id);
    } finally {
      await server.remove();
    }
  });
});
