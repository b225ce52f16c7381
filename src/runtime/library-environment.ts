import { readFileSync } from 'node:fs';
import { type Environment, readTexts, unknownNames } from '../config/given.ts';
import { SETTINGS } from '../config/table.ts';
import { LIST_OPTIONS, TEXT_OPTIONS, type WatchwordOptions } from './library-options.ts';
import { SettingsError } from './settings-error.ts';

/**
 * The options that a program's environment gives, by the names of the service's settings (`WATCHWORD_SECRET`, `DATABASE_URL`, also as
 * `…_FILE`): `createWatchword({ ...optionsFrom(process.env), basePath: '/otp' })`. `PORT` and `HOST` are the program's own.
 * Throws `SettingsError` for names that are no setting, files that cannot be read and `WATCHWORD_CONFIG`, which only the service reads.
 */
export function optionsFrom(environment: Environment): WatchwordOptions {
  const { texts, problems } = readTexts(environment, (path) => readFileSync(path, 'utf8'));
  problems.push(...unknownNames(environment));
  if (texts.has('config')) {
    const problem = 'is read by the service alone; give policies, templates and limits as options';
    problems.push({ name: SETTINGS.config.name, problem });
  }
  if (problems.length > 0) throw new SettingsError(problems);
  const plain = TEXT_OPTIONS.flatMap((key) => (texts.has(key) ? [[key, texts.get(key)]] : []));
  const lists = LIST_OPTIONS.flatMap((key) => (texts.has(key) ? [[key, texts.get(key)?.split(/\s+/)]] : []));
  return Object.fromEntries([...plain, ...lists]) as WatchwordOptions;
}
