import { createCaptcha, createRiskHook, createWebhookClient } from './channels/index.ts';
import type { Settings } from './config/index.ts';
import type { KeyRing } from './crypto/index.ts';
import type { DeliveryReport, Message } from './ports/channel.ts';
import type { Environment } from './ports/environment.ts';
import type { Store } from './ports/store.ts';
import { observedStore, type Observer } from './runtime/observed-store.ts';
import { type Database, naming, openDatabase, openVerdicts } from './runtime/open-store.ts';
import { providerProblems, questionProblems } from './runtime/provider-problems.ts';
import { allChannels, openInbox, openOwnProviders, openProviders, type ProviderList } from './runtime/providers.ts';
import { secretProblems } from './runtime/secret-problems.ts';
import { openKeyRing } from './runtime/secrets.ts';
import { OldSchemaError, SettingsError } from './runtime/settings-error.ts';
import { createService, inboxWriter, type Providers, type Service } from './service/index.ts';

export interface ComposeOptions {
  readonly settings: Settings;
  readonly env: Environment;
  /** Prints a line for `console://`. */
  readonly print: (line: string) => void;
  /** Instead of the database that the settings name; closed with the composition. */
  readonly database?: Database;
  /** Instead of the settings' common providers. */
  readonly providers?: ProviderList;
  /** Instead of what applications name themselves. */
  readonly ownProviders?: Readonly<Record<string, Providers>>;
  readonly observers?: readonly Observer[];
  /** Changes the store that the use cases see, e.g. to take only certain sends. */
  readonly wrapStore?: (store: Store) => Store;
}

/** The running parts; close what you composed. */
export interface Composition {
  readonly service: Service;
  readonly store: Store;
  /** Keeps the records; the store itself unless verdicts are elsewhere. */
  readonly database: Database;
  readonly ring: KeyRing;
  readonly providers: Providers;
  /** Stops nothing: stop the worker first. */
  close(): Promise<void>;
}

/**
 * Puts the service together: store, keys, channels, use cases. Throws {@link SettingsError} (every bad setting at once),
 * {@link OldSchemaError} in production, or `WatchwordError('unavailable')` when the store cannot be opened.
 */
export async function compose(options: ComposeOptions): Promise<Composition> {
  const { settings, env } = options;
  const problems = [...secretProblems(settings), ...providerProblems(settings), ...questionProblems(settings)];
  if (problems.length > 0) throw new SettingsError(problems);
  const ring = openKeyRing(settings);
  const database = options.database ?? (await openDatabase(settings, env));
  let store: Store = database;
  try {
    await naming('DATABASE_URL', () => prepareSchema(settings, database));
    store = await openVerdicts(settings, database, env);
    return { ...(await composeService(options, ring, store)), database };
  } catch (error) {
    await store.close();
    throw error;
  }
}

async function composeService(
  options: ComposeOptions,
  ring: KeyRing,
  opened: Store,
): Promise<Omit<Composition, 'database'>> {
  const { settings, env, wrapStore, observers = [] } = options;
  const observed = observers.length > 0 ? observedStore(opened, observers) : opened;
  const store = wrapStore === undefined ? observed : wrapStore(observed);
  const inbox: (message: Message) => Promise<void> = inboxWriter({ store, ring, now: env.now });
  // Channels are opened before the service that their reports go to; none connects before it sends.
  const report = (channel: string, about: DeliveryReport): Promise<void> => service.report(channel, about);
  const tools = { inbox, print: options.print, now: env.now, report };
  const providers = await openProviders(options.providers ?? settings.providers, settings.mode, tools);
  const applicationProviders = options.ownProviders ?? (await openOwnProviders(settings, tools));
  const inboxChannel = await openInbox(tools);
  const service = createService({
    store,
    ring,
    env,
    providers,
    applicationProviders,
    inboxChannel,
    webhookClient: createWebhookClient({ loopback: settings.mode === 'development', proxy: settings.webhookProxy }),
    ...(settings.riskHook === null ? {} : { riskHook: createRiskHook(settings.riskHook, env) }),
    ...(settings.captcha === null ? {} : { captcha: createCaptcha(settings.captcha) }),
    settings: serviceSettings(settings),
  });
  await service.prepare();
  const channels = allChannels([providers, ...Object.values(applicationProviders)]);
  return { service, store, ring, providers, close: () => closeAll(channels, opened) };
}

async function closeAll(channels: ReturnType<typeof allChannels>, store: Store): Promise<void> {
  await Promise.allSettled(channels.map((channel) => channel.close?.()));
  await store.close();
}

function serviceSettings({ mode, publicUrl, config, port }: Settings): Parameters<typeof createService>[0]['settings'] {
  const managed = config.applications.map(({ providers: _providers, ...rest }) => rest);
  return { mode, publicUrl, localUrl: `http://127.0.0.1:${port}`, limits: config.limits, managed };
}

async function prepareSchema({ mode }: Settings, { migrations }: Database): Promise<void> {
  const pending = await migrations.pending();
  if (pending.length === 0) return;
  if (mode === 'production') throw new OldSchemaError(pending);
  await migrations.migrate();
}
