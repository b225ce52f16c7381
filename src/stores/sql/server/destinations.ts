import type { DestinationCounts } from '../../../ports/store.ts';
import { forgetDevices } from './erase.ts';
import type { Parts } from './parts.ts';

/**
 * Failure counts and known devices of destinations on a database server. Re-binding forgets both counts, but not the
 * messages that `destination_sends` counts.
 */
export function createDestinationCounts({ reader }: Parts): DestinationCounts {
  return {
    rebind: async (keys) => (await reader.run(REBIND, [keys])) > 0,
    forgetDevices: (keys) =>
      reader.transaction(async (session) => {
        for (const key of keys) await forgetDevices(session, key);
      }),
    knowsDevice: async (device) => (await reader.rows('SELECT 1 FROM devices WHERE name = ?', [device])).length > 0,
  };
}

const REBIND = `UPDATE destinations SET failures = 0, consecutive = 0
  WHERE name IN (?) AND (failures > 0 OR consecutive > 0)`;
