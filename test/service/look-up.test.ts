import { afterEach, describe, expect, it } from 'vitest';
import { newId } from '../../src/core/id.ts';
import { SEGMENT_SIZE } from '../../src/stores/sqlite/lookups.ts';
import { testChanges, testRecord } from '../../src/testing/factories.ts';
import { createHttpWorld, createWorld, type World } from '../support/world.ts';

let world: World;
afterEach(() => world.close());

describe('looking up by address', () => {
  it('finds a record whose id sorts among those that are being indexed in the same commit', async () => {
    world = await createWorld();
    const { verifications, records } = world.real;
    const insert = (i: number, toIndex: string) => {
      const now = world.clock.now + i;
      return verifications.insert(testRecord(now, { id: newId('vrf', now, '0'.repeat(20)), toIndex }), testChanges());
    };
    await Promise.all(Array.from({ length: SEGMENT_SIZE }, (_, i) => insert(2 * i, `k1.other-${i}`)));
    await Promise.all([insert(1001, 'k1.late-comer'), insert(2 * SEGMENT_SIZE + 1, 'k1.newest')]);
    await insert(2 * SEGMENT_SIZE + 3, 'k1.last');
    const { application } = testRecord(0);
    for (const toIndex of ['k1.late-comer', 'k1.newest']) {
      const query = { application, mode: 'live', now: world.clock.now, toIndexes: [toIndex], limit: 5 } as const;
      expect((await records.search(query)).rows, toIndex).toHaveLength(1);
    }
  });
});

describe('reading while the store cannot write', () => {
  it('answers a GET although the use of the key cannot be noted', async () => {
    const http = await createHttpWorld({
      mutate: (store) => ({ ...store, keys: { ...store.keys, touch: () => Promise.reject(new Error('disk full')) } }),
    });
    world = http;
    const { id } = await http.startAndRead();
    http.clock.now += 120_000;
    expect((await http.call('GET', `/v1/verifications/${id}`)).status).toBe(200);
  });
});
