import type { RedisUse } from '../../../config/index.ts';
import { parseRedisUrl } from '../../../stores/redis/address.ts';
import { connectRedis, type RedisClient } from '../../../stores/redis/client.ts';
import { type Info, infoOf } from '../../../stores/redis/info.ts';
import { Keys, SHARDS } from '../../../stores/redis/keys.ts';
import { fail, fine, type Finding, warn } from '../finding.ts';
import { reasonOf, refused } from './store.ts';

const FULL = 0.8;
const LAG_WARN_MS = 60_000;
const PREFIX = 'ww';

/** Whether Redis answers, keeps what it is told, has room, and whether what it decided reaches the records and the queue. */
export async function redisFindings({ use, url }: RedisUse): Promise<Finding[]> {
  const address = parseRedisUrl(url.reveal());
  if (address === null) return [fail('redis', 'REDIS_URL cannot be read', 'See docs/stores.md for its form.')];
  try {
    const client = await connectRedis(address);
    try {
      const infos = (await client.onPrimaries('INFO')).map((reply) => infoOf(String(reply)));
      const server = [version(infos), memory(infos)];
      return use === 'rates' ? server : [...server, ...persistence(infos), await lag(client)];
    } finally {
      await client.close();
    }
  } catch (error) {
    return [refused('redis', reasonOf(error), 'Check REDIS_URL, and that the server runs.')];
  }
}

function version(infos: readonly Info[]): Finding {
  const versions = new Set(infos.map((info) => info.get('valkey_version') ?? info.get('redis_version') ?? '?'));
  const nodes = infos.length === 1 ? 'answers' : `answers, ${infos.length} primaries`;
  return fine('redis', `${[...versions].join(', ')} ${nodes}`);
}

function memory(infos: readonly Info[]): Finding {
  const policies = new Set(infos.map((info) => info.get('maxmemory_policy') ?? ''));
  const used = Math.max(
    ...infos.map((info) => {
      const most = Number(info.get('maxmemory') ?? 0);
      return most === 0 ? 0 : Number(info.get('used_memory') ?? 0) / most;
    }),
  );
  if (used > FULL) {
    return warn(
      'redis memory',
      `${Math.round(used * 100)} % of maxmemory is used`,
      'Raise maxmemory before it is full.',
    );
  }
  const limited = infos.every((info) => Number(info.get('maxmemory') ?? 0) > 0);
  return fine('redis memory', `${[...policies].join(', ')}${limited ? '' : ', maxmemory is not set'}`);
}

/** The strict settings are refused at start; this is what runs, under either durability. */
function persistence(infos: readonly Info[]): Finding[] {
  const failing = infos.some((info) => info.get('aof_last_write_status') === 'err');
  if (failing) {
    return [fail('redis durability', 'the last write to its log failed', 'Check the disk of the Redis server.')];
  }
  const weak = [
    ...(infos.some((info) => info.get('aof_enabled') !== '1') ? ['it writes no log (appendonly no)'] : []),
    ...(infos.some((info) => info.get('maxmemory_policy') !== 'noeviction')
      ? ['it may evict open verifications (maxmemory-policy)']
      : []),
  ];
  if (weak.length === 0) return [fine('redis durability', 'it logs its commits and evicts nothing')];
  const cure =
    'Set appendonly yes, appendfsync always and maxmemory-policy noeviction, or know that a crash loses commits.';
  return [warn('redis durability', weak.join('; '), cure)];
}

/** An entry of a stream goes once the records and the queue have it. */
async function lag(client: RedisClient): Promise<Finding> {
  const keys = new Keys(PREFIX);
  const streams = SHARDS.map((shard) => keys.stream(shard));
  const lengths = (await Promise.all(streams.map((stream) => client.call('XLEN', stream)))).map(Number);
  const firsts = await Promise.all(streams.map((stream) => client.call('XRANGE', stream, '-', '+', 'COUNT', 1)));
  const waiting = lengths.reduce((sum, length) => sum + length, 0);
  const [seconds] = (await client.call('TIME')) as [Buffer, Buffer];
  const oldestMs = Math.min(
    ...firsts
      .map((reply) => Number(String((reply as [Buffer][])[0]?.[0] ?? 'x').split('-')[0]))
      .filter(Number.isFinite),
  );
  const ageMs = Number.isFinite(oldestMs) ? Number(String(seconds)) * 1_000 - oldestMs : 0;
  if (ageMs < LAG_WARN_MS)
    return fine('recorder', waiting === 0 ? 'nothing waits' : `${waiting} commits wait for the records`);
  return warn(
    'recorder',
    `${waiting} commits wait for the records, the oldest for ${Math.round(ageMs / 1_000)} s`,
    'Run watchword worker (or serve without --no-worker), and look at the database above.',
  );
}
