import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Hit } from '../../src/core/limits.ts';
import type { Store } from '../../src/ports/store.ts';
import { createRedisCounters, withRedisCounters } from '../../src/stores/redis/index.ts';
import { openSqliteStore } from '../../src/stores/sqlite/index.ts';
import { sendsHit, testChanges, testHit, testRecord, testSend } from '../../src/testing/index.ts';
import { onRedis, type RealServer, serverSuite, startRedis } from '../support/servers.ts';
import { newRecords, removeFolder } from './redis-store.ts';

const HOUR_MS = 3_600_000;

serverSuite('redis', 'Redis beside verdicts in a database', () => {
  let server: RealServer;

  beforeAll(async () => {
    // It need not even be durable.
    server = await startRedis({ settings: { appendonly: 'no' } });
  });

  afterAll(async () => {
    await server.remove();
    removeFolder();
  });

  const open = async (): Promise<Store> => {
    const sql = await openSqliteStore({ path: newRecords() });
    await sql.migrations.migrate();
    return withRedisCounters(sql, createRedisCounters({ url: server.url }));
  };

  const startAt = (
    store: Store,
    limitIndex: string,
    hits: readonly Hit[] = [],
  ): ReturnType<Store['verifications']['insert']> => {
    const record = testRecord(Date.now(), { limitIndex });
    const take = [...hits, sendsHit(record, 10)];
    return store.verifications.insert(record, testChanges({ sends: [testSend(record, record.createdAt)], take }));
  };

  it('counts rates in Redis, gives them back when the commit is refused, and keeps the caps in the commit', async () => {
    const store = await open();
    const ip = testHit('signal_ip', ['ip-1'], 12, HOUR_MS);
    const outcomes = await Promise.all(Array.from({ length: 30 }, () => startAt(store, 'k1.one', [ip])));
    expect(outcomes.filter(({ type }) => type === 'inserted').length).toBe(10);
    // Ten are counted: two more fit, then the rate says no.
    const others = [];
    for (const name of ['a', 'b', 'c']) others.push(await startAt(store, `k1.${name}`, [ip]));
    expect(others.map(({ type }) => type)).toEqual(['inserted', 'inserted', 'refused']);
    expect(others[2]).toMatchObject({ refusal: { name: 'signal_ip' } });
    await store.close();
  });

  it('opens no cap when Redis is flushed in the middle or away', async () => {
    const store = await open();
    const sent = async (from: number): Promise<number> => {
      const ip = testHit('signal_ip', ['ip-2'], 40, HOUR_MS);
      const outcomes = await Promise.all(Array.from({ length: from }, () => startAt(store, 'k1.two', [ip])));
      return outcomes.filter(({ type }) => type === 'inserted').length;
    };
    const first = await sent(6);
    await onRedis(server.url, 'FLUSHALL');
    const second = await sent(6);
    await server.kill();
    const third = await sent(6);
    await server.start();
    expect([first, second, third]).toEqual([6, 4, 0]);
    await store.close();
  });

  it('counts in the commit while Redis is away', async () => {
    await server.kill();
    const store = await open();
    const key = testHit('key_starts', ['key'], 3, HOUR_MS);
    const types = [];
    for (let i = 0; i < 5; i++) types.push((await startAt(store, `k1.away${i}`, [key])).type);
    expect(types).toEqual(['inserted', 'inserted', 'inserted', 'refused', 'refused']);
    await server.start();
    await store.close();
  });
});
