import type { LimitSettings } from '../core/limits.ts';
import { policyOf } from '../core/compat.ts';
import { policyConflict, type PolicyOverrides } from '../core/policy.ts';
import { testCodeConflict } from '../core/test-code.ts';
import { type Secret, secret } from '../core/redacted.ts';
import { templateFrom, type TemplateInput } from '../core/templates/template.ts';
import type { ChannelName } from '../core/verification.ts';
import { type Config, type ConfiguredApplication, configSchema, fieldErrors, pointer } from '../schema/index.ts';
import { templateProblems } from './config-templates.ts';
import type { SettingProblem } from './given.ts';
import { EMPTY_CONFIG } from './no-config.ts';
import { type OldSettings, readPhoneVerification } from './phone-verification.ts';
import { SETTINGS } from './table.ts';

/** An application as the file sets it: its fields by their API names, its policies by purpose, its own providers. */
export interface ConfigApplication {
  readonly name: string;
  readonly fields: Omit<ConfiguredApplication, 'name' | 'policies' | 'templates' | 'providers'>;
  readonly policies: Readonly<Record<string, PolicyOverrides>>;
  readonly templates: NonNullable<ConfiguredApplication['templates']>;
  readonly providers: Readonly<Partial<Record<ChannelName, readonly Secret[]>>>;
}

/** What `WATCHWORD_CONFIG` says, with provider addresses hidden. */
export interface ConfigFile {
  readonly limits: LimitSettings;
  readonly applications: readonly ConfigApplication[];
  /** What the file should say otherwise, though it is understood. */
  readonly notes: readonly SettingProblem[];
}

export interface ParsedConfig {
  readonly config: ConfigFile;
  /** Each named by setting and JSON pointer, e.g. `WATCHWORD_CONFIG/applications/0/preset`. */
  readonly problems: readonly SettingProblem[];
}

/** Reads the text of the configuration file. */
export function parseConfig(text: string): ParsedConfig {
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch (error) {
    return refused([{ name: SETTINGS.config.name, problem: `is not valid JSON${placeOf(error, text)}` }]);
  }
  return checkConfig(content);
}

/** Checks the content of the configuration file; the library hands it over as a value. */
export function checkConfig(content: unknown, name: string = SETTINGS.config.name): ParsedConfig {
  const checked = configSchema.safeParse(content);
  if (!checked.success) {
    const errors = fieldErrors(checked.error.issues, content, name);
    return refused(errors.map(({ pointer: place, detail }) => ({ name: place, problem: detail })));
  }
  const block = checked.data.phone_verification;
  const { locale = 'en' } = checked.data.applications?.find((application) => application.name === 'default') ?? {};
  const old = block === undefined ? null : readPhoneVerification(block, `${name}/phone_verification`, locale);
  const problems = [
    ...conflicts(checked.data, name),
    ...templateProblems(checked.data, name),
    ...(old?.problems ?? []),
  ];
  return problems.length > 0 ? refused(problems) : { config: configOf(checked.data, old), problems: [] };
}

function refused(problems: readonly SettingProblem[]): ParsedConfig {
  return { config: EMPTY_CONFIG, problems };
}

/** Rules over several fields of a policy, e.g. that checking by destination needs one open verification. */
function conflicts(config: Config, name: string): SettingProblem[] {
  return (config.applications ?? []).flatMap((application, index) => [
    ...testCodeConflicts(application, pointer(['applications', index, 'test_code'], name)),
    ...Object.entries(application.policies ?? {}).flatMap(([purpose, overrides]) => {
      const { preset = 'default', compat = [] } = application;
      const conflict = policyConflict(policyOf({ preset, compat }, purpose, overrides));
      if (conflict === null) return [];
      return [
        {
          name: `${pointer(['applications', index, 'policies', purpose], name)}${conflict.pointer}`,
          problem: conflict.detail,
        },
      ];
    }),
  ]);
}

function testCodeConflicts(
  { preset = 'default', compat = [], test_code = null, policies = {} }: ConfiguredApplication,
  name: string,
): SettingProblem[] {
  const problem = testCodeConflict({ preset, compat, test_code, policies });
  return problem === null ? [] : [{ name, problem }];
}

/** JSON.parse quotes the text around an error, which may be a credential: only the line is kept. */
function placeOf(error: unknown, text: string): string {
  const position = error instanceof Error ? /position (\d+)/.exec(error.message)?.[1] : undefined;
  return position === undefined ? '' : ` (line ${text.slice(0, Number(position)).split('\n').length})`;
}

function configOf(raw: Config, old: OldSettings | null): ConfigFile {
  const applications = (raw.applications ?? []).map(applicationOf);
  return Object.freeze({
    limits: raw.limits ?? {},
    applications: old === null ? applications : withOldSettings(applications, old),
    notes: old?.notes ?? [],
  });
}

/** The settings of the old system are those of `default`; what the file says of that application in our own words wins. */
function withOldSettings(applications: readonly ConfigApplication[], old: OldSettings): readonly ConfigApplication[] {
  const own = applications.find(({ name }) => name === 'default');
  const others = own?.fields.compat?.filter((entry) => !entry.startsWith('phone-verify')) ?? [];
  const spoken = own?.fields.compat?.find((entry) => entry.startsWith('phone-verify')) ?? 'phone-verify';
  const merged: ConfigApplication = {
    name: 'default',
    fields: { ...old.fields, ...own?.fields, compat: [spoken, ...others] },
    policies: { ...old.policies, ...own?.policies },
    templates: [...(own?.templates ?? []), ...old.templates.filter((given) => !isWritten(given, own?.templates ?? []))],
    providers: { ...(old.sms === null ? {} : { sms: old.sms }), ...own?.providers },
  };
  return own === undefined
    ? [...applications, merged]
    : applications.map((application) => (application === own ? merged : application));
}

function isWritten(given: TemplateInput, own: readonly TemplateInput[]): boolean {
  const id = templateFrom(given)?.id;
  return own.some((template) => templateFrom(template)?.id === id);
}

function applicationOf({ name, policies, templates, providers, ...fields }: ConfiguredApplication): ConfigApplication {
  const hidden = Object.entries(providers ?? {}).map(([channel, dsns]) => [channel, (dsns ?? []).map(secret)] as const);
  return { name, fields, policies: policies ?? {}, templates: templates ?? [], providers: Object.fromEntries(hidden) };
}
