import type { ReadSettings, SettingProblem, Settings } from '../config/index.ts';
import { providerProblems, questionProblems } from './provider-problems.ts';
import { secretProblems } from './secret-problems.ts';
import { SettingsError } from './settings-error.ts';

/** Everything that is wrong with what was read: the form of each setting, and what secrets and DSNs say. */
export function allProblems(read: ReadSettings): readonly SettingProblem[] {
  const settings = read.ok ? read.settings : read.partial;
  const own = read.ok ? [] : read.problems;
  return [...own, ...secretProblems(settings), ...providerProblems(settings), ...questionProblems(settings)];
}

/** Settings that can be run with. Throws {@link SettingsError} that names every bad one at once. */
export function checkedSettings(read: ReadSettings): Settings {
  const problems = allProblems(read);
  if (!read.ok || problems.length > 0) throw new SettingsError(problems);
  return read.settings;
}
