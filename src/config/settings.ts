import { completeSettings, defaultMode, type ReadSettings } from './complete.ts';
import { type ConfigFile, parseConfig } from './config-file.ts';
import { type Environment, type ReadFile, readGiven, reasonOf, type SettingProblem } from './given.ts';
import { EMPTY_CONFIG } from './no-config.ts';
import { SETTINGS } from './table.ts';

/** Reads all settings, or names every bad one at once, without values. `readFile` gives a file's text or throws. */
export function readSettings(env: Environment, readFile: ReadFile): ReadSettings {
  const { given, problems } = readGiven(env, readFile);
  const config = readConfig(given.config, readFile);
  return completeSettings(given, [...problems, ...config.problems], {
    fallbackMode: defaultMode(env),
    config: config.config,
  });
}

function readConfig(
  path: string | undefined,
  readFile: ReadFile,
): { config: ConfigFile; problems: readonly SettingProblem[] } {
  if (path === undefined) return { config: EMPTY_CONFIG, problems: [] };
  try {
    return parseConfig(readFile(path));
  } catch (error) {
    const problem = `names a file that cannot be read (${reasonOf(error)})`;
    return { config: EMPTY_CONFIG, problems: [{ name: SETTINGS.config.name, problem }] };
  }
}
