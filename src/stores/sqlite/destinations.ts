import type { DestinationCounts } from '../../ports/store.ts';
import { placeholders } from '../sql/index.ts';
import type { Connection } from './connection.ts';
import type { Writer } from './writer.ts';

/** Failure counts and known devices of destinations on SQLite. Re-binding forgets both counts. */
export function createDestinationCounts(connection: Connection, writer: Writer): DestinationCounts {
  return {
    rebind: (keys) =>
      writer.write(() => {
        const { changes } = connection
          .sql(`DELETE FROM destinations WHERE name IN (${placeholders(keys.length)})`)
          .run(...keys);
        return Number(changes) > 0;
      }),
    forgetDevices: (keys) =>
      writer.write(() => {
        // A name is the destination's key, "|" and the device; "}" comes next after "|".
        for (const key of keys)
          connection.sql('DELETE FROM devices WHERE name >= ? AND name < ?').run(`${key}|`, `${key}}`);
      }),
    knowsDevice: (device) =>
      connection.read(() => connection.sql('SELECT 1 FROM devices WHERE name = ?').get(device) !== undefined),
  };
}
