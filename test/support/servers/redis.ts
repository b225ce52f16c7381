import { Redis } from 'ioredis';
import { binaryOf } from './binaries.ts';
import { folderFor, type RealServer, startChild, userNamed } from './child.ts';
import { claimPort, releasePort } from './ports.ts';

export interface RedisOptions {
  /** Settings instead of or beside ours, e.g. `{ appendfsync: 'everysec' }`. */
  readonly settings?: Readonly<Record<string, string | number>>;
}

/** Loses nothing it acknowledged and throws nothing away. */
const STRICT = {
  appendonly: 'yes',
  appendfsync: 'always',
  'maxmemory-policy': 'noeviction',
  save: '',
  databases: 4096,
};

/** A private Redis (or Valkey), strict unless told otherwise; no password. */
export async function startRedis({ settings = {} }: RedisOptions = {}): Promise<RealServer> {
  const user = userNamed('redis');
  const folder = folderFor(user, 'redis');
  const port = await claimPort();
  const all = { bind: '127.0.0.1', port, dir: folder, ...STRICT, ...settings };
  const url = `redis://127.0.0.1:${port}`;
  return startChild({
    command: binaryOf('redis'),
    args: Object.entries(all).flatMap(([name, value]) => [`--${name}`, String(value)]),
    user,
    folder,
    port,
    url,
    stopSignal: 'SIGTERM',
    ping: () => onRedis(url, 'PING'),
    onRemove: () => releasePort(port),
  });
}

/** Runs one command on a connection of its own. */
export async function onRedis(url: string, command: string, ...args: readonly (string | number)[]): Promise<unknown> {
  const redis = new Redis(url, {
    lazyConnect: true,
    connectTimeout: 5000,
    retryStrategy: () => null,
    maxRetriesPerRequest: 0,
  });
  redis.on('error', () => undefined);
  try {
    await redis.connect();
    return await redis.call(command, ...args.map(String));
  } finally {
    redis.disconnect();
  }
}
