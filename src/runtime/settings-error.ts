import type { SettingProblem } from '../config/index.ts';

/** The service cannot start with these settings. Names every one of them, none of their values. */
export class SettingsError extends Error {
  readonly problems: readonly SettingProblem[];

  constructor(problems: readonly SettingProblem[]) {
    super(problems.map(({ name, problem }) => `${name} ${problem}`).join('\n'));
    this.name = 'SettingsError';
    this.problems = problems;
  }
}

/** The database has the schema of an older version, and production changes it only when told to. */
export class OldSchemaError extends Error {
  readonly pending: readonly string[];

  constructor(pending: readonly string[]) {
    super('The database has the schema of an older version.');
    this.name = 'OldSchemaError';
    this.pending = pending;
  }
}
