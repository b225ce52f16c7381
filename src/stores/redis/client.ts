import type { Cluster, Redis, RedisOptions } from 'ioredis';
import { WatchwordError } from '../../core/errors.ts';
import type { RedisAddress } from './address.ts';
import { unavailable } from './faults.ts';
import { SCRIPT_NAMES, SCRIPTS, scriptText, type ScriptName } from './scripts.ts';

/** What a key or an argument may be; a string goes out as UTF-8. */
export type RedisValue = string | number | Buffer;

/** All the store asks of a client. Every call throws `unavailable` when the server does not answer; none is ever sent twice. */
export interface RedisClient {
  readonly isCluster: boolean;
  /** Runs a script where its keys are. Texts come back as Buffers. */
  run(script: ScriptName, keys: readonly RedisValue[], values: readonly RedisValue[]): Promise<unknown>;
  /** One plain command. Texts come back as Buffers. */
  call(command: string, ...values: readonly RedisValue[]): Promise<unknown>;
  /** The same command on every primary. */
  onPrimaries(command: string, ...values: readonly RedisValue[]): Promise<readonly unknown[]>;
  /** Called after each new connection: what was known of the server may be gone. */
  onConnect(told: () => void): void;
  close(): Promise<void>;
}

type Driver = Redis | Cluster;

/** What differs between the store's own connection and the queue's. */
interface ConnectionOptions {
  readonly enableOfflineQueue: boolean;
  readonly maxRetriesPerRequest: number | null;
  readonly autoResendUnfulfilledCommands: boolean;
  readonly commandTimeout?: number;
  readonly connectTimeout: number;
  readonly maxLoadingRetryTime: number;
}
type Scripted = Record<string, (...values: RedisValue[]) => Promise<unknown>>;

const COMMAND_TIMEOUT_MS = 3_000;
const SLOWEST_RETRY_MS = 1_000;
/** A server that reads its file after a restart is asked again this often; its own guess of how long it takes is often far off. */
const LOADING_RETRY_MS = 250;

/** Connects, and finds out whether the server is part of a cluster. */
export async function connectRedis(address: RedisAddress): Promise<RedisClient> {
  const driver = await openDriver(address, COMMAND_OPTIONS);
  SCRIPT_NAMES.forEach((name, at) => {
    const keys = SCRIPTS[name];
    driver.defineCommand(`w${at}`, { lua: scriptText(name), ...(keys === null ? {} : { numberOfKeys: keys }) });
  });
  return clientOn(driver);
}

/** Settings of the queue's own connection: it waits for the server as long as it takes. */
export const QUEUE_OPTIONS: ConnectionOptions = {
  enableOfflineQueue: true,
  autoResendUnfulfilledCommands: true,
  maxRetriesPerRequest: null,
  connectTimeout: COMMAND_TIMEOUT_MS,
  maxLoadingRetryTime: LOADING_RETRY_MS,
};

/** A connection of the driver itself. */
export async function openDriver(address: RedisAddress, options: ConnectionOptions): Promise<Driver> {
  const { Redis: SingleServer, Cluster: Clustered } = await loadDriver();
  const common = { ...options, ...credentials(address) };
  const clustered = (): Driver => {
    const cluster = new Clustered([...address.nodes], {
      // A command whose connection closed may have run: nothing is sent again by itself.
      retryDelayOnFailover: 0,
      clusterRetryStrategy: retryDelay,
      enableOfflineQueue: options.enableOfflineQueue,
      lazyConnect: true,
      redisOptions: common,
    });
    // Each call tells its own error; without a listener the process would end.
    return cluster.on('error', ignore);
  };
  if (address.cluster) return connected(clustered());
  const [node] = address.nodes;
  const place = { host: node?.host ?? '', port: node?.port ?? 0, db: address.db };
  const batched = { ...common, ...place, lazyConnect: true, enableAutoPipelining: true };
  const single = new SingleServer({ ...batched, retryStrategy: retryDelay }).on('error', ignore);
  await connected(single);
  if (!(await isClusterNode(single))) return single;
  single.disconnect();
  return connected(clustered());
}

const COMMAND_OPTIONS: ConnectionOptions = {
  enableOfflineQueue: false,
  autoResendUnfulfilledCommands: false,
  maxRetriesPerRequest: 0,
  commandTimeout: COMMAND_TIMEOUT_MS,
  connectTimeout: COMMAND_TIMEOUT_MS,
  maxLoadingRetryTime: LOADING_RETRY_MS,
};

function clientOn(driver: Driver): RedisClient {
  const scripts = driver as unknown as Scripted;
  const primaries = (): Driver[] => ('nodes' in driver ? driver.nodes('master') : [driver]);
  return {
    isCluster: 'nodes' in driver,
    run: (name, keys, values) => {
      const count = SCRIPTS[name] === null ? [keys.length] : [];
      const script = scripts[`w${SCRIPT_NAMES.indexOf(name)}Buffer`];
      return answered(() => script?.call(driver, ...count, ...keys, ...values));
    },
    call: (command, ...values) => send(driver, command, values),
    onPrimaries: (command, ...values) => Promise.all(primaries().map((node) => send(node, command, values))),
    onConnect: (told) => void driver.on('ready', told),
    close: async () => {
      driver.disconnect();
    },
  };
}

/** By the command's own method: the general one loses its command name when calls are batched. */
function send(driver: Driver, command: string, values: readonly RedisValue[]): Promise<unknown> {
  return answered(() => (driver as unknown as Scripted)[`${command.toLowerCase()}Buffer`]?.call(driver, ...values));
}

async function answered(ask: () => Promise<unknown> | undefined): Promise<unknown> {
  try {
    return await ask();
  } catch (error) {
    throw unavailable(error);
  }
}

async function connected(driver: Driver): Promise<Driver> {
  let told: unknown = null;
  const listen = (error: unknown): void => {
    told = error;
  };
  driver.on('error', listen);
  try {
    await driver.connect();
    return driver;
  } catch (error) {
    driver.disconnect();
    // The event says why; what is thrown only says that the connection is closed.
    throw unavailable(lastNodeError(told) ?? told ?? error);
  } finally {
    driver.off('error', listen);
  }
}

/** A cluster tells the error of the node it asked last inside its own. */
function lastNodeError(error: unknown): unknown {
  return typeof error === 'object' && error !== null && 'lastNodeError' in error ? error.lastNodeError : null;
}

async function isClusterNode(driver: Driver): Promise<boolean> {
  try {
    return /cluster_enabled:1/.test(await driver.info('cluster'));
  } catch (error) {
    driver.disconnect();
    throw unavailable(error);
  }
}

function credentials({ username, password, tls }: RedisAddress): Pick<RedisOptions, 'username' | 'password' | 'tls'> {
  return {
    ...(username === null ? {} : { username }),
    ...(password === null ? {} : { password }),
    ...(tls ? { tls: {} } : {}),
  };
}

function retryDelay(times: number): number {
  return Math.min(times * 50, SLOWEST_RETRY_MS);
}

async function loadDriver(): Promise<Pick<typeof import('ioredis'), 'Redis' | 'Cluster'>> {
  try {
    return await import('ioredis');
  } catch (cause) {
    throw new WatchwordError('unavailable', 'The Redis client is missing. Run "npm install ioredis@6".', { cause });
  }
}

function ignore(): void {}
