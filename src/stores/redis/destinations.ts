import { LIMITS } from '../../core/limits.ts';
import type { DestinationCounts } from '../../ports/store.ts';
import type { Reservation } from './limits.ts';
import type { Parts } from './parts.ts';

const FAILURE_WINDOW_MS = LIMITS.destination_failures.windowSeconds * 1000;
const DEVICE_MS = 400 * 86_400_000;

/** Failure counts and known devices of destinations. */
export function createDestinationCounts({ client, keys }: Parts): DestinationCounts {
  return {
    async rebind(names) {
      const gone = await Promise.all(names.map((name) => client.call('DEL', keys.counter('failures', name))));
      return gone.some((count) => count === 1);
    },
    async forgetDevices(names) {
      await Promise.all(names.map((name) => client.call('DEL', keys.counter('devices', name))));
    },
    knowsDevice: async (device) =>
      (await client.call('HEXISTS', keys.counter('devices', destinationOf(device)), device)) === 1,
  };
}

/** Counts a failed check of a destination before its commit. `names` are newest first. */
export async function countFailure(
  { client, keys }: Parts,
  names: readonly string[],
  now: number,
): Promise<Reservation | null> {
  const [name] = names;
  if (name === undefined) return null;
  const key = keys.counter('failures', name);
  const [start, epoch] = (await client.run('fail', [key], ['add', now, FAILURE_WINDOW_MS, '', ''])) as [Buffer, Buffer];
  return {
    // Too high a count is the safe error, and asking again could give back twice.
    giveBack: async () =>
      void (await client.run('fail', [key], ['back', now, '', start, epoch]).catch(() => undefined)),
  };
}

/** The destination was approved: its row of failures ends, what the window counted stays. */
export async function clearFailures({ client, keys }: Parts, names: readonly string[], now: number): Promise<void> {
  await Promise.all(
    names.map((name) => client.run('fail', [keys.counter('failures', name)], ['clear', now, '', '', ''])),
  );
}

/** Remembers a device for its destination. */
export async function rememberDevice({ client, keys }: Parts, device: string, now: number): Promise<void> {
  const key = keys.counter('devices', destinationOf(device));
  await Promise.all([client.call('HSET', key, device, now), client.call('PEXPIRE', key, DEVICE_MS)]);
}

/** A device is named after its destination: `application|limitIndex|deviceIndex`. */
function destinationOf(device: string): string {
  return device.slice(0, Math.max(0, device.lastIndexOf('|')));
}
