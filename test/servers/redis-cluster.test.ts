import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { storeContract } from '../../src/testing/index.ts';
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
});
