import type { Cluster, Redis, RedisOptions } from 'ioredis';
import { WatchwordError } from '../../core/errors.ts';
import type { RedisAddress } from './address.ts';
import { commandsOf, type MakeCommand } from './commands.ts';
import { unavailable } from './faults.ts';
import { SCRIPT_NAMES, scriptText, type ScriptName } from './scripts.ts';

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

/** How commands of one turn of the event loop go out: together, each with an answer of its own. */
type Send = (name: string, values: readonly RedisValue[]) => Promise<unknown>;

const COMMAND_TIMEOUT_MS = 3_000;
const SLOWEST_RETRY_MS = 1_000;
/** A server that reads its file after a restart is asked again this often; its own guess of how long it takes is often far off. */
const LOADING_RETRY_MS = 250;

/** Connects, and finds out whether the server is part of a cluster. */
export async function connectRedis(address: RedisAddress): Promise<RedisClient> {
  const driver = await openDriver(address, COMMAND_OPTIONS);
  const { commands } = await loadDriver();
  try {
    return clientOn(driver, commands, await loadScripts(driver, commands));
  } catch (error) {
    driver.disconnect();
    throw unavailable(error);
  }
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
  const single = new SingleServer({ ...common, ...place, lazyConnect: true, retryStrategy: retryDelay });
  single.on('error', ignore);
  await connected(single);
  await refuseOtherDatabase(single, address.db);
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

function clientOn(driver: Driver, commands: MakeCommand, scripts: readonly Script[]): RedisClient {
  const send = inTurns(driver, commands);
  const byName = new Map(scripts.map((script) => [script.name, script]));
  return {
    isCluster: 'nodes' in driver,
    run: (name, keys, values) => {
      const { sha = '', text = '' } = byName.get(name) ?? {};
      const given = [sha, keys.length, ...keys, ...values];
      return send('evalsha', given).catch((error: unknown) => {
        if (!isUnknownScript(error)) throw unavailable(error);
        given[0] = text;
        return send('eval', given).catch(refuse);
      });
    },
    call: (command, ...values) => send(command.toLowerCase(), values).catch(refuse),
    onPrimaries: (command, ...values) =>
      Promise.all(primariesOf(driver).map((node) => sendTo(node, commands(command.toLowerCase(), values)))),
    onConnect: (told) => void driver.on('ready', told),
    close: async () => {
      driver.disconnect();
    },
  };
}

/** Holds commands back to the end of a turn of the event loop, so that they share one write to the socket. */
function inTurns(driver: Driver, commands: MakeCommand): Send {
  let waiting: ReturnType<MakeCommand>[] = [];
  const flush = (): void => {
    const turn = waiting;
    waiting = [];
    // A connection that was lost meanwhile has no stream.
    const streams = primariesOf(driver).flatMap(({ stream }) => stream ?? []);
    for (const stream of streams) stream.cork();
    for (const command of turn) void driver.sendCommand(command);
    for (const stream of streams) stream.uncork();
  };
  return (name, values) => {
    const command = commands(name, values);
    if (waiting.push(command) === 1) setImmediate(flush);
    return command.promise;
  };
}

function primariesOf(driver: Driver): Redis[] {
  return 'nodes' in driver ? driver.nodes('master') : [driver];
}

async function sendTo(node: Redis, command: ReturnType<MakeCommand>): Promise<unknown> {
  void node.sendCommand(command);
  return await command.promise.catch(refuse);
}

interface Script {
  readonly name: ScriptName;
  readonly text: string;
  readonly sha: string;
}

/** Every script with the name the server gave it. A server that forgot it, or a new one, is told its text again. */
async function loadScripts(driver: Driver, commands: MakeCommand): Promise<readonly Script[]> {
  const [node] = primariesOf(driver);
  return await Promise.all(
    SCRIPT_NAMES.map(async (name) => {
      const text = scriptText(name);
      const sha = node === undefined ? '' : await sendTo(node, commands('script', ['LOAD', text]));
      return { name, text, sha: String(sha) };
    }),
  );
}

function isUnknownScript(error: unknown): boolean {
  return error instanceof Error && error.message.startsWith('NOSCRIPT');
}

function refuse(error: unknown): never {
  throw unavailable(error);
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

/** The driver goes on in database 0 when the one that is named cannot be had. */
async function refuseOtherDatabase(driver: Redis, db: number): Promise<void> {
  try {
    if (db > 0) await driver.select(db);
  } catch (error) {
    driver.disconnect();
    throw unavailable(error);
  }
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

async function loadDriver(): Promise<
  Pick<typeof import('ioredis'), 'Redis' | 'Cluster'> & { readonly commands: MakeCommand }
> {
  try {
    const { Redis: SingleServer, Cluster: Clustered, Command } = await import('ioredis');
    return { Redis: SingleServer, Cluster: Clustered, commands: commandsOf({ Command }) };
  } catch (cause) {
    throw new WatchwordError('unavailable', 'The package ioredis is missing. Run "npm install ioredis@6".', { cause });
  }
}

function ignore(): void {}
