import type { SettingProblem } from './given.ts';
import { type GivenSettings, type MODES, SETTINGS } from './table.ts';

/** What the settings of the store say together. A setting that is wrong by itself (`found`) is not named again. */
export function storageProblems(
  { databaseUrl: database, store, redisUrl }: GivenSettings,
  found: readonly SettingProblem[],
  mode: (typeof MODES)[number],
): SettingProblem[] {
  const problems: SettingProblem[] = [];
  const inFile = database === undefined || database.kind === 'sqlite';
  if (store === 'redis' && inFile) {
    const problem = 'must name a postgres:// or mysql:// database when the store is redis: the records are kept there';
    problems.push({ name: SETTINGS.databaseUrl.name, problem });
  } else if (mode === 'production' && database?.kind === 'sqlite' && database.path === ':memory:') {
    const problem = 'must name a file in production: records kept in memory would be lost';
    problems.push({ name: SETTINGS.databaseUrl.name, problem });
  }
  if (store === 'redis' && redisUrl === undefined) {
    problems.push({ name: SETTINGS.redisUrl.name, problem: 'is required when the store is redis' });
  }
  return problems.filter(({ name }) => !found.some((other) => other.name === name));
}
