import type { SettingProblem, Settings } from '../../config/index.ts';
import { secretProblems } from '../../runtime/secret-problems.ts';
import { providerProblems } from '../../runtime/provider-problems.ts';
import { settingWarnings } from '../../runtime/warnings.ts';
import { fail, fine, type Finding, warn } from './finding.ts';

const REFERENCE = 'See docs/reference/settings.md.';

/** One finding per bad setting. */
export function badSettings(problems: readonly SettingProblem[]): Finding[] {
  return problems.map(({ name, problem }) => fail(`setting ${name}`, problem, REFERENCE));
}

/** What the settings say beyond their form: weak secrets, unusable providers, and what production should know. */
export function settingFindings(settings: Settings): Finding[] {
  const bad = badSettings([...secretProblems(settings), ...providerProblems(settings)]);
  const open = settingWarnings(settings).map(({ setting, limit, warning }) => {
    const name = setting ?? (limit === undefined ? 'providers' : `limit ${limit}`);
    return warn(String(name), String(warning), 'Fine when it is meant so.');
  });
  const summary = bad.length > 0 ? [] : [fine('settings', `read, ${settings.mode} mode`), secretFinding(settings)];
  return [...summary, ...bad, ...open, ...plainHttp(settings)];
}

function secretFinding({ secret, secretPrevious }: Settings): Finding {
  const earlier = secretPrevious.length === 0 ? '' : `, ${secretPrevious.length} earlier ones still read`;
  return fine('secret', secret === null ? 'made by development, kept beside the database' : `set${earlier}`);
}

function plainHttp({ mode, publicUrl }: Settings): Finding[] {
  if (mode === 'development' || publicUrl === null || publicUrl.startsWith('https:')) return [];
  return [
    warn(
      'public address',
      'WATCHWORD_PUBLIC_URL is plain http: codes and cookies can be read on the way',
      'Put TLS in front and set an https:// address.',
    ),
  ];
}
