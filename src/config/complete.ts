import type { Secret } from '../core/redacted.ts';
import { CHANNELS, type ChannelName } from '../core/verification.ts';
import type { ConfigFile } from './config-file.ts';
import type { Environment, SettingProblem } from './given.ts';
import { NO_PROXIES, type TrustedProxies } from '../core/trusted-proxies.ts';
import type { DatabaseLocation } from './store-url.ts';
import { storageProblems } from './storage-rules.ts';
import { type GivenSettings, type LOG_LEVELS, type MODES, type REDIS_DURABILITIES, SETTINGS } from './table.ts';

export type ProviderDsns = Readonly<Partial<Record<ChannelName, readonly Secret[]>>>;

/** What Redis is for: it decides, or it only holds rates beside a database that decides. */
export type RedisUse =
  | { readonly use: 'verdicts'; readonly url: Secret; readonly durability: (typeof REDIS_DURABILITIES)[number] }
  | { readonly use: 'rates'; readonly url: Secret };

/** Everything the service is told from outside; parsed once at start and frozen. */
export interface Settings {
  readonly mode: (typeof MODES)[number];
  readonly port: number;
  readonly host: string;
  readonly publicUrl: string | null;
  readonly trustProxy: TrustedProxies;
  readonly database: DatabaseLocation;
  readonly redis: RedisUse | null;
  /** Null only in development: one is made and kept beside the database. */
  readonly secret: Secret | null;
  readonly secretPrevious: readonly Secret[];
  readonly providers: ProviderDsns;
  readonly riskHook: Secret | null;
  readonly captcha: Secret | null;
  readonly webhookProxy: Secret | null;
  readonly logLevel: (typeof LOG_LEVELS)[number];
  readonly config: ConfigFile;
}

export type ReadSettings =
  | { readonly ok: true; readonly settings: Settings }
  | {
      readonly ok: false;
      readonly problems: readonly SettingProblem[];
      /** What could be read, the rest as if not given: to look for further problems, never to run with. */
      readonly partial: Settings;
    };

const DEFAULT_DATABASE = { kind: 'sqlite', path: './data/watchword.db' } as const;

/** Without `WATCHWORD_MODE`, what Node programs already go by. */
export function defaultMode(env: Environment): Settings['mode'] {
  return env['NODE_ENV'] === 'production' ? 'production' : 'development';
}

/** Fills in the defaults and applies the rules that no single setting can state. */
export function completeSettings(
  given: GivenSettings,
  problems: readonly SettingProblem[],
  { fallbackMode, config }: { readonly fallbackMode: Settings['mode']; readonly config: ConfigFile },
): ReadSettings {
  const mode = given.mode ?? fallbackMode;
  const all = [...problems, ...missingSecret(given, problems, mode), ...storageProblems(given, problems, mode)];
  const settings: Settings = {
    mode,
    port: given.port ?? 7070,
    host: given.host ?? (mode === 'production' ? '0.0.0.0' : '127.0.0.1'),
    publicUrl: given.publicUrl ?? null,
    trustProxy: given.trustProxy ?? NO_PROXIES,
    database: given.databaseUrl ?? DEFAULT_DATABASE,
    redis: redisOf(given),
    secret: given.secret ?? null,
    secretPrevious: given.secretPrevious ?? [],
    providers: providersOf(given),
    riskHook: given.riskHook ?? null,
    captcha: given.captcha ?? null,
    webhookProxy: given.webhookProxy ?? null,
    logLevel: given.logLevel ?? 'info',
    config,
  };
  Object.freeze(settings);
  return all.length > 0 ? { ok: false, problems: all, partial: settings } : { ok: true, settings };
}

function missingSecret(
  given: GivenSettings,
  problems: readonly SettingProblem[],
  mode: Settings['mode'],
): SettingProblem[] {
  const { name } = SETTINGS.secret;
  const missing = mode === 'production' && given.secret === undefined && !problems.some((found) => found.name === name);
  return missing ? [{ name, problem: 'is required in production; make one with: openssl rand -base64 32' }] : [];
}

function redisOf({ redisUrl: url, store, redisDurability: durability = 'strict' }: GivenSettings): RedisUse | null {
  if (url === undefined) return null;
  return store === 'redis' ? { use: 'verdicts', url, durability } : { use: 'rates', url };
}

function providersOf(given: GivenSettings): ProviderDsns {
  const listed = CHANNELS.flatMap((channel) => {
    const dsns = given[channel];
    return dsns === undefined ? [] : [[channel, dsns] as const];
  });
  return Object.freeze(Object.fromEntries(listed));
}
