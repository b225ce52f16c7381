import { WatchwordError } from '../core/errors.ts';
import type { LogEvent } from '../ports/environment.ts';
import { type LibrarySettings, readOptions, type WatchwordOptions } from './library-options.ts';
import type { LibraryParts } from './library-parts.ts';
import type { LibraryVerify } from './library-verify.ts';
import { createLogger, type Logger } from './log.ts';
import { onFirstUse } from './on-first-use.ts';

/** The background half, for hosts that steer it themselves. */
export interface LibraryWorker {
  start(): Promise<void>;
  stop(): Promise<void>;
  /** One pass over everything that is due now. */
  tick(): Promise<number>;
}

export interface Watchword {
  readonly verify: LibraryVerify;
  /** API and pages; mount it in anything that speaks fetch. `env` is what the server adds: the Node request tells who calls. */
  readonly handler: (request: Request, env?: object) => Promise<Response>;
  readonly worker: LibraryWorker;
  /**
   * Opens what the first use would open, so that a program fails at its start: throws `SettingsError` for what only opening
   * shows (policies, templates, limits, modules), `OldSchemaError`, or `WatchwordError('unavailable')`.
   */
  ready(): Promise<void>;
  /** Finishes what is under way and lets go of the database. */
  close(): Promise<void>;
}

/**
 * Watchword inside your own program. Options are checked at once (throws `SettingsError` naming every bad one); everything heavy is
 * loaded and the database opened with the first use, or at once when the worker runs here. A failed opening is tried again by the next use.
 */
export function createWatchword(options: WatchwordOptions = {}): Watchword {
  const library = readOptions(options);
  const logger = loggerOf(options);
  const opener = createOpener(options, library, logger);
  if (options.worker !== false) opener.open().catch((error: unknown) => logger.log(notOpened(error)));
  return {
    verify: lazyVerify(opener),
    handler: async (request, env) => await (await opener.open()).handler(request, env),
    worker: {
      start: async () => (await opener.open()).composition.service.worker.start(),
      stop: async () => await (await opener.open()).composition.service.worker.stop(),
      tick: async () => await (await opener.open()).composition.service.worker.tick(),
    },
    ready: async () => void (await opener.open()),
    close: () => opener.close(),
  };
}

/** The next call tells its caller; this line is for whoever makes none. */
function notOpened(error: unknown): LogEvent {
  return {
    event: 'library.not_opened',
    level: 'error',
    reason: error instanceof Error ? error.message : String(error),
  };
}

/** The calls, before what answers them is loaded. */
function lazyVerify(opener: Opener): LibraryVerify {
  const verify = onFirstUse(async (): Promise<LibraryVerify> => {
    const { createLibraryVerify } = await import('./library-verify.ts');
    return createLibraryVerify(async () => await (await opener.open()).call());
  });
  return {
    start: async (...given) => await (await verify()).start(...given),
    startMany: async (...given) => await (await verify()).startMany(...given),
    check: async (...given) => await (await verify()).check(...given),
    resend: async (...given) => await (await verify()).resend(...given),
    cancel: async (...given) => await (await verify()).cancel(...given),
    get: async (...given) => await (await verify()).get(...given),
    search: async (...given) => await (await verify()).search(...given),
  };
}

interface Opener {
  open(): Promise<LibraryParts>;
  close(): Promise<void>;
}

function createOpener(options: WatchwordOptions, library: LibrarySettings, logger: Logger): Opener {
  let opening: Promise<LibraryParts> | null = null;
  let closed = false;

  function open(): Promise<LibraryParts> {
    if (closed) return Promise.reject(new WatchwordError('unavailable', 'This Watchword is closed.'));
    opening ??= load().catch((error: unknown) => {
      opening = null;
      throw error;
    });
    return opening;
  }

  async function load(): Promise<LibraryParts> {
    const { openParts } = await import('./library-parts.ts');
    return await openParts(options, library, logger);
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

function loggerOf({ log, logLevel = 'warn' }: WatchwordOptions): Logger {
  if (log !== undefined) return { log, flush: () => undefined };
  const write = (text: string): void => void process.stderr.write(text);
  return createLogger({ level: logLevel, format: 'json', now: Date.now, write });
}
