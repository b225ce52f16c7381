import { Redis } from 'ioredis';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { openRedisStore } from '../../src/stores/redis/index.ts';
import { Recorder } from '../../src/stores/redis/recorder.ts';
import type { Store } from '../../src/ports/store.ts';
import { openSqliteStore, type SqliteStore } from '../../src/stores/sqlite/index.ts';
import { nextRecord, testChanges, testEvent, testRecord, testSend } from '../../src/testing/index.ts';
import { type RealServer, serverSuite, startRedis } from '../support/servers.ts';
import { newRecords, openParts, removeFolder } from './redis-store.ts';

afterAll(removeFolder);

serverSuite('redis', 'a Redis that is not well', () => {
  let server: RealServer;
  let redis: Redis;
  let sql: SqliteStore;

  beforeAll(async () => {
    server = await startRedis({ settings: { databases: 16 } });
    redis = new Redis(server.url);
  });
  afterAll(async () => {
    await redis.quit();
    await server.remove();
  });
  beforeEach(async () => {
    sql = await openSqliteStore({ path: newRecords() });
    await sql.migrations.migrate();
    return () => sql.close();
  });

  it.each([
    ['a database number it does not have', '/16', /^There is no database of the number in REDIS_URL.*`databases`/],
    ['a cluster that is none', '?cluster=1', /^REDIS_URL names a cluster.*is none.*without \?cluster=1/],
  ])('is refused as %s', async (_, end, told) => {
    const error = await openRedisStore({ url: `${server.url}${end}`, sql }).catch((refused: unknown) => refused);
    expect(error).toMatchObject({ code: 'unavailable', message: expect.stringMatching(told) });
  });

  it('names the command that a user may not run', async () => {
    await redis.call('ACL', 'SETUSER', 'weak', 'on', '>word', '~*', '+@all', '-script');
    const url = server.url.replace('://', '://weak:word@');
    await expect(openRedisStore({ url, sql })).rejects.toThrow(/may not run script.* Grant it/);
  });

  it('says who speaks TLS and who does not', async () => {
    const url = server.url.replace('redis:', 'rediss:');
    await expect(openRedisStore({ url, sql })).rejects.toThrow(/REDIS_URL says rediss:\/\/.*TLS/);
  });

  it('is refused the commands of its streams before anything waits for them', async () => {
    await redis.call('ACL', 'SETUSER', 'streamless', 'on', '>word', '~*', '&*', '+@all', '-xreadgroup');
    const url = server.url.replace('://', '://streamless:word@');
    await expect(openRedisStore({ url, sql })).rejects.toThrow(/may not run xreadgroup/);
  });
});

serverSuite('redis', 'a Redis whose memory is full', () => {
  let server: RealServer;
  let redis: Redis;
  let sql: SqliteStore;
  let store: Store;

  beforeEach(async () => {
    server = await startRedis();
    redis = new Redis(server.url);
    sql = await openSqliteStore({ path: newRecords() });
    await sql.migrations.migrate();
    store = await openRedisStore({ url: server.url, sql });
  });
  afterEach(async () => {
    await store.close();
    await redis.quit();
    await server.remove();
  });

  it('refuses starts and checks, is not ready, records what it holds, and goes on when there is room', async () => {
    const parts = await openParts({ url: server.url, sql });
    const recorder = new Recorder(parts);
    const now = await store.verifications.time();
    const insert = (): ReturnType<Store['verifications']['insert']> => {
      const record = testRecord(now);
      const events = [testEvent('started', now)];
      return store.verifications.insert(record, testChanges({ events, sends: [testSend(record, now)] }));
    };
    const record = testRecord(now);
    await recorder.step();
    await store.verifications.insert(record, testChanges({ events: [testEvent('started', now)] }));
    const check = (): ReturnType<Store['verifications']['replace']> =>
      store.verifications.replace(nextRecord(record), 1, testChanges({ events: [testEvent('check_failed', now)] }));

    await redis.config('SET', 'maxmemory', '1mb');
    const keys = await redis.dbsize();
    await expect(insert()).rejects.toThrow('out of memory');
    await expect(check()).rejects.toThrow('out of memory');
    expect(await redis.dbsize()).toBe(keys);
    expect((await store.verifications.get(record.id)).record?.version).toBe(1);
    expect(await store.health()).toMatchObject({
      ok: false,
      reason: expect.stringMatching(/out of memory.*maxmemory/),
    });
    expect(await recorder.step()).toBe(1);
    expect((await sql.verifications.get(record.id)).record?.version).toBe(1);

    await redis.config('SET', 'maxmemory', '0');
    expect(await store.health()).toMatchObject({ ok: true });
    expect(await insert()).toMatchObject({ type: 'inserted' });
    expect(await check()).toMatchObject({ type: 'replaced' });
    await parts.client.close();
  });
});
