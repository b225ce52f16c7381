import { WatchwordError } from '../../core/errors.ts';
import type { RedisClient } from './client.ts';
import { infoOf, isPrimary } from './info.ts';

/** `strict`: nothing acknowledged is lost by a crash of the server. `relaxed`: the operator accepts what the server does. */
export type Durability = 'strict' | 'relaxed';

/** What the server told about itself when the store was opened. */
export interface ServerFacts {
  /** True when every primary has a replica: then every commit waits for one. */
  readonly waits: boolean;
}

const OLDEST: readonly [major: number, minor: number] = [6, 2];
const CURE = 'or accept the risk with WATCHWORD_REDIS_DURABILITY=relaxed';
/** Settings of the server that `strict` needs, and why. */
const NEEDED = [
  ['appendonly', 'yes', 'the server writes no log of its commits'],
  ['appendfsync', 'always', 'the server acknowledges commits before they are on its disk'],
  ['maxmemory-policy', 'noeviction', 'the server may throw open verifications away when memory is short'],
] as const;
const WAIT_MS = 1_000;

/** Refuses a server that cannot keep the promises: too old, a replica, or weaker than `durability` asks for. */
export async function inspectServer(client: RedisClient, durability: Durability): Promise<ServerFacts> {
  const infos = (await client.onPrimaries('INFO')).map((reply) => infoOf(String(reply)));
  for (const info of infos) {
    refuseOld(info.get('redis_version') ?? '');
    if (!isPrimary(info)) {
      throw new WatchwordError('unavailable', 'REDIS_URL names a read-only replica. Name the primary.');
    }
  }
  if (durability === 'relaxed') return { waits: false };
  for (const settings of await settingsOf(client)) refuseWeak(settings);
  return { waits: infos.every((info) => Number(info.get('connected_slaves') ?? 0) > 0) };
}

/** Waits until a replica has everything written before; one wait serves all commits of a turn of the event loop. */
export function replicationOf(client: RedisClient, { waits }: ServerFacts): () => Promise<void> {
  if (!waits) return async () => {};
  let turn: Promise<void> | null = null;
  return () => {
    turn ??= new Promise<void>((resolve, reject) => {
      setImmediate(() => {
        turn = null;
        confirm(client).then(resolve, reject);
      });
    });
    return turn;
  };
}

async function confirm(client: RedisClient): Promise<void> {
  const replicas = (await client.onPrimaries('WAIT', 1, WAIT_MS)) as number[];
  if (replicas.every((count) => count >= 1)) return;
  throw new WatchwordError(
    'unavailable',
    'No replica of Redis confirmed the commit in time. Whether it holds is not known.',
  );
}

/** Throws `unavailable` for a version before the oldest that will do. */
export function refuseOld(version: string): void {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const [oldestMajor, oldestMinor] = OLDEST;
  if (major > oldestMajor || (major === oldestMajor && minor >= oldestMinor)) return;
  throw new WatchwordError('unavailable', `Redis ${version} is too old. Use 6.2 or newer, or Valkey.`);
}

async function settingsOf(client: RedisClient): Promise<readonly Map<string, string>[]> {
  try {
    const names = NEEDED.map(([name]) => name);
    const replies = await Promise.all(names.map((name) => client.onPrimaries('CONFIG', 'GET', name)));
    return (replies[0] ?? []).map(
      (_, node) => new Map(replies.map((reply, at) => [names[at] ?? '', valueOf(reply[node])])),
    );
  } catch (cause) {
    const reason = `The durability of Redis cannot be read (CONFIG GET is refused). Allow it, ${CURE}.`;
    throw new WatchwordError('unavailable', reason, { cause });
  }
}

/** CONFIG GET answers name and value, as a list or (RESP3) as a map. */
function valueOf(reply: unknown): string {
  if (Array.isArray(reply)) return String(reply[1] ?? '');
  return reply instanceof Map ? String([...reply.values()][0] ?? '') : '';
}

function refuseWeak(settings: Map<string, string>): void {
  for (const [name, needed, why] of NEEDED) {
    const found = settings.get(name) ?? '';
    if (found === needed) continue;
    const shown = found === '' ? 'unreadable' : `"${found}"`;
    throw new WatchwordError('unavailable', `Redis has ${name} ${shown}: ${why}. Set it to "${needed}", ${CURE}.`);
  }
}
