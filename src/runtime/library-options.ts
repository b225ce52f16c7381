import {
  checkConfig,
  completeSettings,
  type ConfigFile,
  defaultMode,
  type GivenSettings,
  nearest,
  nodeEnvironment,
  type Setting,
  type SettingProblem,
  type Settings,
  SETTINGS,
} from '../config/index.ts';
import type { VerificationEvent } from '../core/events.ts';
import type { LimitSettings } from '../core/limits.ts';
import type { PolicyOverrides } from '../core/policy.ts';
import type { TemplateInput } from '../core/templates/template.ts';
import { type Secret, secret } from '../core/redacted.ts';
import { CHANNELS, type ChannelName, type Mode } from '../core/verification.ts';
import type { Channel } from '../ports/channel.ts';
import type { LogEvent } from '../ports/environment.ts';
import { allProblems } from './checked-settings.ts';
import type { ProviderList } from './providers.ts';
import { SettingsError } from './settings-error.ts';

/** An event with the verification it happened to. */
export interface WatchwordEvent extends VerificationEvent {
  readonly verification: string;
  readonly application: string;
  readonly mode: Mode;
}

/** A DSN, or a channel of your own. */
export type ProviderOption = string | Channel;

/** The settings by their names in camelCase (see docs/reference/settings.md), and what only a library can be told. */
export interface WatchwordOptions extends Readonly<Partial<Record<ChannelName, readonly ProviderOption[]>>> {
  readonly databaseUrl?: string;
  readonly redisUrl?: string;
  readonly store?: NonNullable<GivenSettings['store']>;
  readonly redisDurability?: NonNullable<GivenSettings['redisDurability']>;
  /** At least 32 bytes; development makes one and keeps it beside the database. */
  readonly secret?: string;
  readonly secretPrevious?: readonly string[];
  /** Default: `production` when NODE_ENV is, else `development`. */
  readonly mode?: Settings['mode'];
  readonly publicUrl?: string;
  readonly trustProxy?: string;
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

const TEXT_OPTIONS = [
  'databaseUrl',
  'redisUrl',
  'store',
  'redisDurability',
  'secret',
  'mode',
  'publicUrl',
  'trustProxy',
  'logLevel',
] as const;
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
  readonly providers: ProviderList;
}

/** Checks all options at once. Throws {@link SettingsError} that names every bad one. */
export function readOptions(options: WatchwordOptions): LibrarySettings {
  const problems: SettingProblem[] = [...unknownOptions(options), ...wrongTypes(options)];
  const given = textOptions(options, problems);
  const config = configOf(options, problems);
  const read = completeSettings(given, problems, { fallbackMode: defaultMode(nodeEnvironment()), config });
  const all = allProblems(read);
  if (!read.ok || all.length > 0) throw new SettingsError(all.map(byOptionName));
  return { settings: read.settings, providers: providersOf(options) };
}

/** Rules of the settings speak of the environment's names; here they are options. */
function byOptionName({ name, problem }: SettingProblem): SettingProblem {
  const option = [...TEXT_OPTIONS, ...CHANNELS, 'secretPrevious' as const].find((key) => SETTINGS[key].name === name);
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
  const lists = [...CHANNELS, 'secretPrevious' as const];
  const noLists = lists.filter((name) => options[name] !== undefined && !Array.isArray(options[name]));
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
  const texts: [keyof GivenSettings, string | undefined][] = TEXT_OPTIONS.map((key) => [key, options[key]]);
  if (Array.isArray(options.secretPrevious)) texts.push(['secretPrevious', options.secretPrevious.join(' ')]);
  for (const [key, text] of texts) {
    if (text === undefined || text === '') continue;
    const setting: Setting<unknown> = SETTINGS[key];
    const parsed = setting.parse(String(text));
    if (parsed.ok) given[key] = parsed.value;
    else problems.push({ name: setting.name, problem: parsed.problem });
  }
  return { ...(given as GivenSettings), ...dsnsOf(options, problems) };
}

/** The DSNs among the providers; the settings know them by kind, so that they are checked and warned about like any other. */
function dsnsOf(options: WatchwordOptions, problems: SettingProblem[]): GivenSettings {
  const given: Partial<Record<ChannelName, readonly Secret[]>> = {};
  for (const kind of CHANNELS) {
    const entries = listOf(options, kind);
    const dsns = entries.filter((entry) => typeof entry === 'string');
    const parsed = SETTINGS[kind].parse(dsns.join(' '));
    if (dsns.some((dsn) => /\s/.test(dsn)))
      problems.push({ name: kind, problem: 'has a DSN with white space in it; give each its own entry' });
    else if (!parsed.ok) problems.push({ name: kind, problem: parsed.problem });
    else if (dsns.length > 0) given[kind] = parsed.value;
    if (entries.some((entry) => typeof entry !== 'string' && typeof entry?.send !== 'function')) {
      problems.push({ name: kind, problem: 'has an entry that is neither a DSN nor a channel' });
    }
  }
  return given;
}

function providersOf(options: WatchwordOptions): ProviderList {
  const listed = CHANNELS.flatMap((kind) => {
    const entries = listOf(options, kind);
    return entries.length === 0
      ? []
      : [[kind, entries.map((entry) => (typeof entry === 'string' ? secret(entry) : entry))] as const];
  });
  return Object.fromEntries(listed);
}

function listOf(options: WatchwordOptions, kind: ChannelName): readonly ProviderOption[] {
  const entries = options[kind];
  return Array.isArray(entries) ? (entries as readonly ProviderOption[]) : [];
}

function configOf({ policies, templates, limits }: WatchwordOptions, problems: SettingProblem[]): ConfigFile {
  const own = { ...(policies === undefined ? {} : { policies }), ...(templates === undefined ? {} : { templates }) };
  const content = {
    ...(limits === undefined ? {} : { limits }),
    ...(Object.keys(own).length === 0 ? {} : { applications: [{ name: 'default', ...own }] }),
  };
  const checked = checkConfig(content, '');
  problems.push(
    ...checked.problems.map(({ name, problem }) => ({ name: name.replace(/^\/(applications\/0\/)?/, ''), problem })),
  );
  return checked.config;
}
