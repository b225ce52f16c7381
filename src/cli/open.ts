import { readFileSync } from 'node:fs';
import { type Composition, compose, type ComposeOptions } from '../compose.ts';
import { processEnvironment, readSettings, type Settings } from '../config/index.ts';
import type { Environment, LogEvent } from '../ports/environment.ts';
import type { Application } from '../ports/settings.ts';
import { checkedSettings } from '../runtime/checked-settings.ts';
import { createEnvironment } from '../runtime/environment.ts';
import { createLogger } from '../runtime/log.ts';
import { type Caller, clockFinding } from '../service/index.ts';
import { CommandError } from './exit.ts';
import type { Output } from './output.ts';

/** The settings of this process. Throws `SettingsError` with every bad one. */
export function loadSettings(): Settings {
  return checkedSettings(readSettings(processEnvironment(), (path) => readFileSync(path, 'utf8')));
}

/** The environment of a command that ends by itself: only warnings and errors are told, on standard error. */
export function commandEnvironment(output: Output): Environment {
  const level: LogEvent['level'] = 'warn';
  const write = (text: string): void => void process.stderr.write(text);
  return createEnvironment(createLogger({ level, format: output.json ? 'json' : 'text', now: Date.now, write }));
}

/** For commands that show what happens themselves: nothing is logged. */
export function silentEnvironment(): Environment {
  return createEnvironment({ log: () => undefined, flush: () => undefined });
}

/** Opens the service, runs `work` and closes it again, whatever happens. */
export async function withService<T>(
  output: Output,
  work: (composition: Composition, settings: Settings) => Promise<T>,
  options: Partial<ComposeOptions> = {},
): Promise<T> {
  const settings = options.settings ?? loadSettings();
  const print = (line: string): void => output.say(line);
  const composition = await compose({ env: commandEnvironment(output), print, ...options, settings });
  try {
    return await work(composition, settings);
  } finally {
    await composition.close();
  }
}

/** What comes before a process stays. Where it fails, what is open already is closed: connections would keep the process. */
export async function closingOnFailure<T>(open: Pick<Composition, 'close'>, goUp: () => Promise<T>): Promise<T> {
  try {
    return await goUp();
  } catch (error) {
    await open.close();
    throw error;
  }
}

/** Ends a process that would stay while the clock of its host is beyond the limit. */
export async function refuseWrongClock({ store }: Composition): Promise<void> {
  const health = await store.health();
  const { mayStart, reason } = clockFinding(health);
  if (!health.ok || mayStart) return;
  throw new CommandError('unavailable', reason ?? 'The clock is wrong.', { cure: 'See watchword doctor.' });
}

/** The application that `--application` names by id or name. */
export async function findApplication({ service }: Composition, idOrName = 'default'): Promise<Application> {
  const application = await service.applications.find(idOrName);
  if (application !== null) return application;
  throw new CommandError('failed', `There is no application “${idOrName}”.`, {
    cure: 'Applications are made by POST /v1/applications or in WATCHWORD_CONFIG.',
  });
}

/** The operator at the shell, acting for an application with live messages. */
export function operator(application: Application): Caller {
  return {
    application,
    mode: 'live',
    actor: { type: 'system', id: 'command-line' },
    scopes: ['send', 'check', 'read', 'admin'],
    browserIp: null,
  };
}
