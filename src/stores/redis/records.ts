import type { Verification } from '../../core/verification.ts';
import type { Records } from '../../ports/records.ts';
import { NO_CHANGES } from '../../ports/verification-store.ts';
import { erased } from '../sql/index.ts';
import { commit } from './committing.ts';
import { smallHash } from './hash.ts';
import { SHARDS } from './keys.ts';
import type { Parts } from './parts.ts';
import { readRecord, readStored } from './reading.ts';
import type { Recorder } from './recorder.ts';

const PAGE = 100;
const MOST_TRIES = 50;
const NOTED_MS = 30 * 86_400_000;

/** Looking up and forgetting: the database's, brought up to date before it is asked. */
export function createRecords(parts: Parts, recorder: Recorder): Records {
  const { records } = parts.sql;
  return {
    async search(query) {
      await recorder.drain();
      return records.search(query);
    },
    async tally(query) {
      await recorder.drain();
      return records.tally(query);
    },
    async sends(verification) {
      await recorder.catchUp(verification);
      return records.sends(verification);
    },
    async events(verification) {
      await recorder.catchUp(verification);
      return records.events(verification);
    },
    async stats(application, from, to) {
      await recorder.drain();
      return records.stats(application, from, to);
    },
    async countRefused(application, mode, reason, now) {
      const shard = SHARDS[smallHash(application + reason)] ?? '00';
      const refusal = JSON.stringify({ application, mode, reason, at: now });
      await parts.client.call('XADD', parts.keys.stream(shard), '*', 'f', refusal);
    },
    async purge(now, limit, dryRun) {
      await recorder.drain();
      // What is due for this was let go by Redis when it was recorded.
      return records.purge(now, limit, dryRun);
    },
    erase: (application, toIndexes, now) => erase(parts, recorder, { application, toIndexes, now }),
  };
}

interface Erasure {
  readonly application: string;
  readonly toIndexes: readonly string[];
  readonly now: number;
}

/**
 * The records first, then what Redis still has of them, one version up each, so that no older copy comes back. What is to be erased
 * is noted before: when Redis fails in between, the next erasure finishes it.
 */
async function erase(parts: Parts, recorder: Recorder, erasure: Erasure): Promise<number> {
  const { client, keys, sql } = parts;
  const { application, toIndexes, now } = erasure;
  const noted = keys.erasing(application);
  const left = (await client.call('SMEMBERS', noted)) as Buffer[];
  for (const id of left) await eraseInRedis(parts, id.toString(), now);
  await recorder.catchUpAll();
  const found = await matching(parts, erasure);
  if (found.length > 0) {
    await client.call('SADD', noted, ...found.map(({ id }) => id));
    await client.call('PEXPIRE', noted, NOTED_MS);
  }
  const changed = await sql.records.erase(application, toIndexes, now);
  const devices = found.map((record) => keys.counter('devices', `${application}|${record.limitIndex}`));
  await Promise.all(devices.map((key) => client.call('DEL', key)));
  await Promise.all(found.map((record) => eraseInRedis(parts, record.id, now)));
  const done = [...left.map(String), ...found.map(({ id }) => id)];
  if (done.length > 0) await client.call('SREM', noted, ...done);
  return changed;
}

async function matching({ sql }: Parts, { application, toIndexes, now }: Erasure): Promise<Verification[]> {
  const found: Verification[] = [];
  if (toIndexes.length === 0) return found;
  for (const mode of ['live', 'test'] as const) {
    for (let before: string | undefined, more = true; more; before = found.at(-1)?.id) {
      const cursor = before === undefined ? {} : { before };
      const page = await sql.records.search({ application, mode, toIndexes, now, limit: PAGE, ...cursor });
      found.push(...page.rows);
      more = page.hasMore;
    }
  }
  return found;
}

async function eraseInRedis(parts: Parts, id: string, now: number): Promise<void> {
  for (let tries = 0; tries < MOST_TRIES; tries++) {
    if ((await readStored(parts, id)) === null) return;
    const record = await readRecord(parts, id);
    if (record === null || record.toIndex === null) return;
    const request = { record: erased(record), expectedVersion: record.version, changes: NO_CHANGES };
    const outcome = await commit(parts, { ...request, now, recordedVersion: false, notAfter: null });
    if (outcome !== 'conflict') return;
  }
}
