import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { storeContract, testChanges, testRecord, testSend } from '../../src/testing/index.ts';
import { type RealCluster, serverSuite, startRedisCluster } from '../support/servers.ts';
import { openStore, removeFolder } from './redis-store.ts';

serverSuite('redis', 'Redis Cluster', () => {
  let cluster: RealCluster;
  let prefixes = 0;

  beforeAll(async () => {
    cluster = await startRedisCluster();
  });

  afterAll(async () => {
    await cluster.remove();
    removeFolder();
  });

  storeContract('Redis Cluster', (clock) => openStore({ url: cluster.url, now: clock.now, prefix: `t${prefixes++}` }), {
    describe,
    it,
    expect,
  });

  it('records and wakes workers over all nodes', async () => {
    const store = await openStore({ url: cluster.url, prefix: `t${prefixes++}` });
    const woken: string[] = [];
    const consumer = store.queue?.consume(async (id) => void woken.push(id), 4);
    const stop = new AbortController();
    const tasks = store.tasks.map((task) => task.run(stop.signal));
    const now = await store.verifications.time();
    const sends: string[] = [];
    for (let i = 0; i < 40; i++) {
      const record = testRecord(now);
      const send = testSend(record, now);
      sends.push(send.id);
      await store.verifications.insert(record, testChanges({ sends: [send] }));
    }
    await vi.waitFor(() => expect(woken.toSorted()).toEqual(sends.toSorted()), { timeout: 20_000 });
    stop.abort();
    await Promise.all(tasks);
    await consumer?.stop();
    await store.close();
  });
});
