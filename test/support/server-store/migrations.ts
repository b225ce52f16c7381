import { describe, expect, it } from 'vitest';
import { testChanges, testRecord } from '../../../src/testing/index.ts';
import { at, type OpenPlaces } from './places.ts';

/** Schema and clock. */
export function migrationSuite(driver: string, places: OpenPlaces): void {
  describe(`migrations on ${driver}`, () => {
    it('run once however many instances start together', async () => {
      const url = places.fresh();
      const stores = await Promise.all(Array.from({ length: 8 }, () => places.open({ url })));
      const pending = await stores[0]?.migrations.pending();
      const applied = await Promise.all(stores.map((store) => store.migrations.migrate()));
      expect(applied.flat()).toEqual(pending);
      expect((await at(stores, 3).applications.list()).length).toBe(1);
      expect(await at(stores, 5).migrations.pending()).toEqual([]);
    });

    it('let an older release work beside a newer schema, and refuse one that it cannot read', async () => {
      const url = places.fresh();
      const store = await places.open({ url });
      await store.migrations.migrate();
      await places.run(
        url,
        "INSERT INTO schema_migrations (version, name, min_reader, applied_at) VALUES (98, 'added', 1, 0)",
      );
      expect(await (await places.open({ url })).migrations.pending()).toEqual([]);
      await places.run(
        url,
        "INSERT INTO schema_migrations (version, name, min_reader, applied_at) VALUES (99, 'broke', 99, 0)",
      );
      await expect(places.open({ url })).rejects.toThrow('newer release');
    });

    it('are named as the cure when they were not run', async () => {
      const store = await places.open({ url: places.fresh() });
      await expect(store.verifications.get('vrf_1')).rejects.toThrow('watchword migrate');
      await expect(store.verifications.insert(testRecord(0), testChanges())).rejects.toThrow('watchword migrate');
    });
  });

  describe(`time on ${driver}`, () => {
    it('is the database’s, and health says how far the host is off', async () => {
      const url = places.fresh();
      const late = 3_600_000;
      const store = await places.open({ url, hostNow: () => Date.now() - late });
      await store.migrations.migrate();
      const { clockSkewMs, clockBehindMs } = await store.health();
      expect(Math.abs((clockSkewMs ?? 0) + late)).toBeLessThan(2_000);
      expect(clockBehindMs).toBe(0);
      expect(Math.abs((await store.verifications.time()) - Date.now())).toBeLessThan(2_000);
    });
  });
}
