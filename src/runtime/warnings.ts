import { dsnWarnings } from '../channels/schemes.ts';
import type { Settings } from '../config/index.ts';
import { LIMIT_NAMES, LIMITS } from '../core/limits.ts';
import type { LogEvent } from '../ports/environment.ts';
import { namedDsns } from './provider-problems.ts';

/** What an operator should know of the settings, one log line each; in development only what is deprecated. */
export function settingWarnings(settings: Settings): LogEvent[] {
  const notes = settings.config.notes.map(({ name, problem }): LogEvent => ({
    event: 'settings.deprecated',
    level: 'warn',
    setting: name,
    warning: problem,
  }));
  if (settings.mode === 'development') return notes;
  const providers = namedDsns(settings).flatMap(({ name, dsn }) =>
    dsnWarnings(dsn.reveal()).map((warning): LogEvent => ({
      event: 'settings.provider',
      level: 'warn',
      setting: name,
      warning,
    })),
  );
  return [...notes, ...providers, ...openLimits(settings), ...noProvider(settings)];
}

function openLimits({ config }: Settings): LogEvent[] {
  const open = LIMIT_NAMES.filter((name) => !LIMITS[name].on && config.limits[name] === undefined);
  return open.map((limit) => ({
    event: 'settings.limit_off',
    level: 'warn',
    limit,
    warning: `the limit is off until limits.${limit} is set`,
  }));
}

function noProvider(settings: Settings): LogEvent[] {
  if (namedDsns(settings).length > 0) return [];
  const warning =
    'no provider is configured: nothing can be sent to anybody; name one for e-mail (WATCHWORD_EMAIL) or SMS (WATCHWORD_SMS)';
  return [{ event: 'settings.no_provider', level: 'warn', warning }];
}
