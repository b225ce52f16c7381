import type { ConfigFile } from '../config/config-file.ts';
import type { Settings } from '../config/complete.ts';
import type { WatchwordOptions } from './library-options.ts';
import { SettingsError } from './settings-error.ts';

/** The settings with policies, templates and limits in them. Throws {@link SettingsError} that names everything wrong with these. */
export async function withConfig(options: WatchwordOptions, settings: Settings): Promise<Settings> {
  const { policies, templates, limits } = options;
  if (policies === undefined && templates === undefined && limits === undefined) return settings;
  return { ...settings, config: await configOf({ policies, templates, limits }) };
}

type Content = { readonly [Name in 'policies' | 'templates' | 'limits']: WatchwordOptions[Name] | undefined };

async function configOf({ policies, templates, limits }: Content): Promise<ConfigFile> {
  const { checkConfig } = await import('../config/config-file.ts');
  const own = { ...(policies === undefined ? {} : { policies }), ...(templates === undefined ? {} : { templates }) };
  const content = {
    ...(limits === undefined ? {} : { limits }),
    ...(Object.keys(own).length === 0 ? {} : { applications: [{ name: 'default', ...own }] }),
  };
  const checked = checkConfig(content, '');
  if (checked.problems.length > 0) throw new SettingsError(checked.problems.map(byOption));
  return checked.config;
}

function byOption({ name, problem }: { readonly name: string; readonly problem: string }): {
  name: string;
  problem: string;
} {
  return { name: name.replace(/^\/(applications\/0\/)?/, ''), problem };
}
