import type { Parts } from './parts.ts';
import { readOpen } from './reading.ts';
import type { Recorder } from './recorder.ts';

/**
 * Records past their end that still hold a digest. A sorted set of all open records would cost more memory than they may
 * take: the database has the list, is brought up to date first, and Redis is asked whether each is still so.
 */
export async function dueVerifications(
  parts: Parts,
  recorder: Recorder,
  now: number,
  limit: number,
): Promise<readonly string[]> {
  await recorder.drain();
  const ids = await parts.sql.verifications.due(now, limit);
  const still = await Promise.all(
    ids.map(async (id) => {
      const record = await readOpen(parts, id);
      return record === null || (record.digest !== null && record.dueAt !== null && record.dueAt <= now);
    }),
  );
  return ids.filter((_, at) => still[at]);
}
