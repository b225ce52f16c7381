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

  it(
    'lets honest people in and nobody past a cap while Redis is flushed, killed and restarted empty under attack (G9)',
    { timeout: 60_000 },
    async () => {
      const store = await open();
      const honest = { asked: 0, served: 0 };
      let attacks = 0;
      let under = true;
      let serial = 0;
      const person = async (): Promise<void> => {
        while (under) {
          const name = serial++;
          honest.asked++;
          const hits = [testHit('signal_ip', [`home-${name}`], 20, HOUR_MS)];
          const outcome = await startAt(store, `k1.person-${name}`, hits).catch(() => null);
          if (outcome?.type === 'inserted') honest.served++;
          await pause(2);
        }
      };
      const attacker = async (): Promise<void> => {
        while (under) {
          const hits = [testHit('signal_ip', [`bot-${serial++}`], 20, HOUR_MS)];
          const outcome = await startAt(store, 'k1.victim', hits).catch(() => null);
          if (outcome?.type === 'inserted') attacks++;
          await pause(2);
        }
      };
      const running = [...Array.from({ length: 6 }, person), ...Array.from({ length: 6 }, attacker)];
      await pause(500);
      await onRedis(server.url, 'FLUSHALL');
      await pause(500);
      await server.kill();
      await pause(1_500);
      await server.start();
      await pause(1_500);
      under = false;
      await Promise.all(running);
      process.stdout.write(`  honest ${honest.served} of ${honest.asked}, attacker ${attacks}\n`);
      expect(attacks).toBe(10);
      expect(honest.asked).toBeGreaterThan(200);
      expect(honest.served / honest.asked).toBeGreaterThanOrEqual(0.99);
      await store.close();
    },
  );

  it('keeps no start waiting for a Redis that hangs', async () => {
    const store = await open();
    const key = testHit('key_starts', ['hung'], 100, HOUR_MS);
    await startAt(store, 'k1.before', [key]);
    process.kill(server.pid ?? 0, 'SIGSTOP');
    const from = performance.now();
    const outcome = await startAt(store, 'k1.meanwhile', [key]);
    const waited = performance.now() - from;
    process.kill(server.pid ?? 0, 'SIGCONT');
    expect(outcome).toEqual({ type: 'inserted' });
    expect(waited).toBeLessThan(2_000);
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

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms);
  });
}
