import { type Composition, compose } from '../compose.ts';
import { WatchwordError } from '../core/errors.ts';
import { createMetrics, eventCounter } from '../http/index.ts';
import type { Environment } from '../ports/environment.ts';
import type { Caller, Service } from '../service/index.ts';
import { createEnvironment } from './environment.ts';
import { createHandler, type Handler } from './handler.ts';
import { type LibrarySettings, readOptions, type WatchwordOptions } from './library-options.ts';
import { createLibraryVerify, type LibraryVerify } from './library-verify.ts';
import { createLogger } from './log.ts';
import type { Observer } from './observed-store.ts';
import { packageVersion } from './version.ts';
import { settingWarnings } from './warnings.ts';

/** The background half, for hosts that steer it themselves. */
export interface LibraryWorker {
  start(): Promise<void>;
  stop(): Promise<void>;
  /** One pass over everything that is due now. */
  tick(): Promise<number>;
}

export interface Watchword {
  readonly verify: LibraryVerify;
  /** API and pages; mount it in anything that speaks fetch. */
  readonly handler: (request: Request) => Promise<Response>;
  readonly worker: LibraryWorker;
  /** Finishes what is under way and lets go of the database. */
  close(): Promise<void>;
}

/**
 * Watchword inside your own program. Options are checked at once (throws `SettingsError` naming every bad one); the database
 * is opened with the first use, or at once when the worker runs here, and a failed opening is tried again by the next use.
 */
export function createWatchword(options: WatchwordOptions = {}): Watchword {
  const library = readOptions(options);
  const env = environmentOf(options);
  const opener = createOpener(options, library, env);
  for (const warning of settingWarnings(library.settings)) env.log(warning);
  // A failure is the next call's to tell.
  if (options.worker !== false) opener.open().catch(() => undefined);
  return {
    verify: createLibraryVerify(async () => {
      const { service } = (await opener.open()).composition;
      return { service, caller: await libraryCaller(service, options) };
    }),
    handler: async (request) => await (await opener.open()).handler(request),
    worker: {
      start: async () => (await opener.open()).composition.service.worker.start(),
      stop: async () => await (await opener.open()).composition.service.worker.stop(),
      tick: async () => await (await opener.open()).composition.service.worker.tick(),
    },
    close: () => opener.close(),
  };
}

interface Opened {
  readonly composition: Composition;
  readonly handler: Handler;
}

interface Opener {
  open(): Promise<Opened>;
  close(): Promise<void>;
}

function createOpener(options: WatchwordOptions, library: LibrarySettings, env: Environment): Opener {
  let opening: Promise<Opened> | null = null;
  let closed = false;

  function open(): Promise<Opened> {
    if (closed) return Promise.reject(new WatchwordError('unavailable', 'This Watchword is closed.'));
    opening ??= openParts(options, library, env).catch((error: unknown) => {
      opening = null;
      throw error;
    });
    return opening;
  }

  async function close(): Promise<void> {
    if (closed) return;
    closed = true;
    const opened = await opening?.catch(() => null);
    if (!opened) return;
    await opened.composition.service.worker.stop();
    await opened.composition.close();
  }

  return { open, close };
}

async function openParts(
  options: WatchwordOptions,
  { settings, providers }: LibrarySettings,
  env: Environment,
): Promise<Opened> {
  const metrics = createMetrics();
  const count = eventCounter(metrics);
  const observers: Observer[] = [({ type }) => count(type), ...eventObserver(options)];
  const composition = await compose({
    settings,
    env,
    providers,
    observers,
    print: (line) => void process.stdout.write(`${line}\n`),
  });
  const { service } = composition;
  if (options.worker !== false) service.worker.start();
  const basePath = options.basePath ?? '';
  const handler = lateHandler(settings, (publicUrl) =>
    createHandler({ service, settings, env, metrics, version: packageVersion(), publicUrl, basePath, testKey: null }),
  );
  return { composition, handler };
}

/** The host program, acting for the application `default` as it is now. */
async function libraryCaller(service: Service, { testMode = false }: WatchwordOptions): Promise<Caller> {
  const application = await service.applications.find('default');
  if (application === null)
    throw new WatchwordError('unavailable', 'The application “default” is missing from the database.');
  return {
    application,
    mode: testMode ? 'test' : 'live',
    actor: { type: 'library', id: null },
    scopes: ['send', 'check', 'read', 'admin'],
    browserIp: null,
  };
}

/** Without a public address, development goes by the first request; production never believes a Host header. */
function lateHandler(
  { publicUrl, mode }: LibrarySettings['settings'],
  create: (publicUrl: string) => Handler,
): Handler {
  let handler: Handler | null = null;
  return (request, bindings) => {
    handler ??= create(publicUrl ?? (mode === 'development' ? new URL(request.url).origin : 'http://localhost'));
    return handler(request, bindings);
  };
}

function eventObserver({ onEvent }: WatchwordOptions): Observer[] {
  if (onEvent === undefined) return [];
  return [(event, { id, application, mode }) => onEvent({ ...event, verification: id, application, mode })];
}

function environmentOf({ log, logLevel = 'warn' }: WatchwordOptions): Environment {
  const write = (text: string): void => void process.stderr.write(text);
  const logger =
    log === undefined
      ? createLogger({ level: logLevel, format: 'json', now: Date.now, write })
      : { log, flush: () => undefined };
  return createEnvironment(logger);
}
