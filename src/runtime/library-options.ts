import { completeSettings, defaultMode, type Settings } from '../config/complete.ts';
import { nodeEnvironment } from '../config/env.ts';
import type { SettingProblem } from '../config/given.ts';
import { nearest } from '../config/nearest.ts';
import { EMPTY_CONFIG } from '../config/no-config.ts';
import { type GivenSettings, type Setting, SETTINGS } from '../config/table.ts';
import type { VerificationEvent } from '../core/events.ts';
import type { LimitSettings } from '../core/limits.ts';
import type { PolicyOverrides } from '../core/policy.ts';
import type { TemplateInput } from '../core/templates/template.ts';
import { type Secret, secret } from '../core/redacted.ts';
import { CHANNELS, type ChannelName, type Mode } from '../core/verification.ts';
import type { Channel } from '../ports/channel.ts';
import type { LogEvent } from '../ports/environment.ts';
import { allProblems } from './checked-settings.ts';
import { channelFaults } from './custom-channel.ts';
import { isModuleName } from './custom-module.ts';
import { type CustomStore, storeFaults } from './custom-store.ts';
import { SettingsError } from './settings-error.ts';

/** An event with the verification it happened to. */
export interface WatchwordEvent extends VerificationEvent {
  readonly verification: string;
  readonly application: string;
  readonly mode: Mode;
}

/** A DSN, a channel of your own, or the module that exports one (`module:./my-channel.js`). */
export type ProviderOption = string | Channel;

/** As they were told: DSNs hidden, channels and names of modules as they are. */
export type LibraryProviders = Readonly<Partial<Record<ChannelName, readonly (Secret | Channel | string)[]>>>;

/** The settings by their names in camelCase (see docs/reference/settings.md), and what only a library can be told. */
export interface WatchwordOptions extends Readonly<Partial<Record<ChannelName, readonly ProviderOption[]>>> {
  readonly databaseUrl?: string;
  readonly redisUrl?: string;
  /** `sql` (default), `redis`, a store of your own, or the module that exports one (`module:./my-store.js`). */
  readonly store?: NonNullable<GivenSettings['store']> | CustomStore | `module:${string}`;
  readonly redisDurability?: NonNullable<GivenSettings['redisDurability']>;
  /** At least 32 bytes; development makes one and keeps it beside the database. */
  readonly secret?: string;
  readonly secretPrevious?: readonly string[];
  /** Default: `production` when NODE_ENV is, else `development`. */
  readonly mode?: Settings['mode'];
  readonly publicUrl?: string;
  readonly trustProxy?: string;
  /** `webhook://…`, asked about every live start; see docs/hosted.md. */
  readonly riskHook?: string;
  /** `turnstile://SITEKEY:SECRET@default` and others, shown where a challenge is asked for; see docs/hosted.md. */
  readonly captcha?: string;
  /** `http://user:password@host:port`: webhooks to customers go out through it. */
  readonly webhookProxy?: string;
  /** Of what goes to standard error when there is no `log`; default `warn`. */
  readonly logLevel?: Settings['logLevel'];
  readonly log?: (event: LogEvent) => void;
  /** Policies of the application `default`, by purpose. */
  readonly policies?: Readonly<Record<string, PolicyOverrides>>;
  /** Words of its own for the messages of the application `default`. */
  readonly templates?: readonly TemplateInput[];
  readonly limits?: LimitSettings;
  /** Told of every event that this process committed; never of a code. */
  readonly onEvent?: (event: WatchwordEvent) => void;
  /** Path under which `handler` is mounted, e.g. `/otp`. */
  readonly basePath?: string;
  /** False: another process runs the worker. Default true. */
  readonly worker?: boolean;
  /** True: `verify` makes test verifications, whose messages only reach the inbox. */
  readonly testMode?: boolean;
}

export const TEXT_OPTIONS = [
  'databaseUrl',
  'redisUrl',
  'store',
  'redisDurability',
  'secret',
  'mode',
  'publicUrl',
  'trustProxy',
  'riskHook',
  'captcha',
  'webhookProxy',
  'logLevel',
] as const;
/** Given as lists; in the environment their entries are separated by blanks. */
export const LIST_OPTIONS = [...CHANNELS, 'secretPrevious'] as const;
const OTHER_OPTIONS = [
  'secretPrevious',
  'log',
  'policies',
  'templates',
  'limits',
  'onEvent',
  'basePath',
  'worker',
  'testMode',
] as const;
const OPTION_NAMES: readonly string[] = [...TEXT_OPTIONS, ...OTHER_OPTIONS, ...CHANNELS];

export interface LibrarySettings {
  readonly settings: Settings;
  readonly providers: LibraryProviders;
}

/** Checks all options at once, but for what is in policies, templates, limits and modules. Throws {@link SettingsError} that names every bad one. */
export function readOptions(options: WatchwordOptions): LibrarySettings {
  const problems: SettingProblem[] = [...unknownOptions(options), ...wrongTypes(options), ...storeProblems(options)];
  const given = textOptions(options, problems);
  const fallbackMode = defaultMode(nodeEnvironment());
  const read = completeSettings(given, problems, { fallbackMode, config: EMPTY_CONFIG });
  const all = allProblems(read);
  if (!read.ok || all.length > 0) throw new SettingsError(all.map(byOptionName));
  return { settings: read.settings, providers: providersOf(options) };
}

/** Rules of the settings speak of the environment's names; here they are options. */
function byOptionName({ name, problem }: SettingProblem): SettingProblem {
  const option = [...TEXT_OPTIONS, ...LIST_OPTIONS].find((key) => SETTINGS[key].name === name);
  return { name: option ?? name, problem };
}

function unknownOptions(options: WatchwordOptions): SettingProblem[] {
  const unknown = Object.keys(options).filter((name) => !OPTION_NAMES.includes(name));
  return unknown.map((name) => {
    const meant = nearest(name, OPTION_NAMES);
    return { name, problem: meant === null ? 'is not an option' : `is not an option; did you mean ${meant}?` };
  });
}

function wrongTypes(options: WatchwordOptions): SettingProblem[] {
  const noLists = LIST_OPTIONS.filter((name) => options[name] !== undefined && !Array.isArray(options[name]));
  const noSwitches = (['worker', 'testMode'] as const).filter(
    (name) => options[name] !== undefined && typeof options[name] !== 'boolean',
  );
  const noFunctions = (['log', 'onEvent'] as const).filter(
    (name) => options[name] !== undefined && typeof options[name] !== 'function',
  );
  const badPath = options.basePath !== undefined && !/^(\/[\w.~-]+)*$/.test(options.basePath);
  return [
    ...noLists.map((name) => ({ name, problem: 'must be a list' })),
    ...noSwitches.map((name) => ({ name, problem: 'must be true or false' })),
    ...noFunctions.map((name) => ({ name, problem: 'must be a function' })),
    ...(badPath ? [{ name: 'basePath', problem: 'must look like /otp' }] : []),
  ];
}

function textOptions(options: WatchwordOptions, problems: SettingProblem[]): GivenSettings {
  const given: Record<string, unknown> = {};
  const texts: [keyof GivenSettings, unknown][] = TEXT_OPTIONS.map((key) => [key, options[key]]);
  if (Array.isArray(options.secretPrevious)) texts.push(['secretPrevious', options.secretPrevious.join(' ')]);
  for (const [key, text] of texts) {
    if (text === undefined || text === '' || (key === 'store' && isOwnStore(text))) continue;
    const setting: Setting<unknown> = SETTINGS[key];
    const parsed = setting.parse(String(text));
    if (parsed.ok) given[key] = parsed.value;
    else problems.push({ name: setting.name, problem: parsed.problem });
  }
  return { ...(given as GivenSettings), ...dsnsOf(options, problems) };
}

function isOwnStore(store: unknown): boolean {
  return typeof store === 'object' || typeof store === 'function' || isModuleName(store);
}

function storeProblems({ store }: { readonly store?: unknown }): SettingProblem[] {
  const refuse = (problem: string): SettingProblem[] => [{ name: 'store', problem }];
  if (typeof store === 'function') return refuse('is a function: call it, and give the store that it makes');
  if (store instanceof Promise) return refuse('is a promise: await it, and give the store that it resolves to');
  const missing = typeof store === 'object' ? storeFaults(store) : [];
  return missing.length === 0 ? [] : refuse(`is no store: it lacks ${missing.join(', ')}`);
}

/** The DSNs among the providers; the settings know them by kind, so that they are checked and warned about like any other. */
function dsnsOf(options: WatchwordOptions, problems: SettingProblem[]): GivenSettings {
  const given: Partial<Record<ChannelName, readonly Secret[]>> = {};
  for (const kind of CHANNELS) {
    const entries = listOf(options, kind);
    const dsns = entries.filter((entry) => typeof entry === 'string' && !isModuleName(entry));
    const parsed = SETTINGS[kind].parse(dsns.join(' '));
    if (dsns.some((dsn) => /\s/.test(String(dsn))))
      problems.push({ name: kind, problem: 'has a DSN with white space in it; give each its own entry' });
    else if (!parsed.ok) problems.push({ name: kind, problem: parsed.problem });
    else if (dsns.length > 0) given[kind] = parsed.value;
    problems.push(...entries.flatMap((entry, index) => entryProblems(entry, kind, index + 1)));
  }
  return given;
}

function entryProblems(entry: ProviderOption, kind: ChannelName, number: number): SettingProblem[] {
  const faults = typeof entry === 'string' ? [] : channelFaults(entry, kind);
  if (faults.length === 0) return [];
  const problem = `has an entry (number ${number}) that is neither a DSN nor a channel: ${faults.join('; ')}`;
  return [{ name: kind, problem }];
}

function providersOf(options: WatchwordOptions): LibraryProviders {
  const listed = CHANNELS.flatMap((kind) => {
    const entries = listOf(options, kind);
    return entries.length === 0 ? [] : [[kind, entries.map(hidden)] as const];
  });
  return Object.fromEntries(listed);
}

function hidden(entry: ProviderOption): Secret | Channel | string {
  return typeof entry !== 'string' || isModuleName(entry) ? entry : secret(entry);
}

function listOf(options: WatchwordOptions, kind: ChannelName): readonly ProviderOption[] {
  const entries = options[kind];
  return Array.isArray(entries) ? (entries as readonly ProviderOption[]) : [];
}
