import { type Composition, compose } from '../compose.ts';
import { WatchwordError } from '../core/errors.ts';
import { createMetrics, type Metrics } from '../http/metrics.ts';
import { eventCounter } from '../http/product-metrics.ts';
import type { Environment } from '../ports/environment.ts';
import type { Caller, Service } from '../service/index.ts';
import { createEnvironment } from './environment.ts';
import { customProviders } from './custom-channel.ts';
import { customStore } from './custom-store.ts';
import type { Handler } from './handler.ts';
import { withConfig } from './library-config.ts';
import type { LibrarySettings, WatchwordOptions } from './library-options.ts';
import type { LibraryCall } from './library-verify.ts';
import type { Logger } from './log.ts';
import type { Observer } from './observed-store.ts';
import { onFirstUse } from './on-first-use.ts';
import { noteVerdictPlace } from './verdict-place.ts';
import { packageVersion } from './version.ts';
import { settingWarnings } from './warnings.ts';

/** The running half of a library, loaded with its first use. */
export interface LibraryParts {
  readonly composition: Composition;
  readonly handler: Handler;
  /** The host program, acting for the application `default` as it is now. */
  call(): Promise<LibraryCall>;
}

/** Opens the database and puts the service together. Throws `SettingsError`, `OldSchemaError` or `WatchwordError('unavailable')`. */
export async function openParts(
  options: WatchwordOptions,
  library: LibrarySettings,
  logger: Logger,
): Promise<LibraryParts> {
  const env = createEnvironment(logger);
  const settings = await withConfig(options, library.settings);
  for (const warning of settingWarnings(settings)) env.log(warning);
  const metrics = createMetrics();
  const count = eventCounter(metrics);
  const observers: Observer[] = [({ type }) => count(type), ...eventObserver(options)];
  const providers = await customProviders(library.providers);
  const database = await customStore(options.store);
  const composition = await compose({
    settings,
    env,
    providers,
    observers,
    ...(database === null ? {} : { database }),
    print: (line) => void process.stdout.write(`${line}\n`),
  });
  const { service } = composition;
  await noteVerdictPlace(settings, composition.database, env);
  if (options.worker !== false) service.worker.start();
  return {
    composition,
    handler: lateHandler({ settings }, { service, env, metrics, basePath: options.basePath ?? '' }),
    call: async () => ({ service, caller: await libraryCaller(service, options) }),
  };
}

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

interface HandlerParts {
  readonly service: Service;
  readonly env: Environment;
  readonly metrics: Metrics;
  readonly basePath: string;
}

/**
 * API and pages, loaded with the first request. Without a public address, development goes by that request; production never
 * believes a Host header.
 */
function lateHandler({ settings }: Pick<LibrarySettings, 'settings'>, parts: HandlerParts): Handler {
  const handler = onFirstUse(async (request: Request): Promise<Handler> => {
    const { createHandler } = await import('./handler.ts');
    const here = settings.mode === 'development' ? new URL(request.url).origin : 'http://localhost';
    return createHandler({
      ...parts,
      settings,
      version: packageVersion(),
      publicUrl: settings.publicUrl ?? here,
      testKey: null,
    });
  });
  return async (request, bindings) => await (await handler(request))(request, bindings);
}

function eventObserver({ onEvent }: WatchwordOptions): Observer[] {
  if (onEvent === undefined) return [];
  return [(event, { id, application, mode }) => onEvent({ ...event, verification: id, application, mode })];
}
