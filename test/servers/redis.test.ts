import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { storeContract } from '../../src/testing/index.ts';
import { type RealServer, serverSuite, startRedis } from '../support/servers.ts';
import { openStore, removeFolder } from './redis-store.ts';

serverSuite('redis', 'Redis', () => {
  let server: RealServer;
  let prefixes = 0;

  beforeAll(async () => {
    server = await startRedis();
  });

  afterAll(async () => {
    await server.remove();
    removeFolder();
  });

  storeContract('Redis', (clock) => openStore({ url: server.url, now: clock.now, prefix: `t${prefixes++}` }), {
    describe,
    it,
    expect,
  });
});
