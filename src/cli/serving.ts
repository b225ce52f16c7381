import type { Settings } from '../config/index.ts';
import type { Environment } from '../ports/environment.ts';
import { createEnvironment } from '../runtime/environment.ts';
import { createLogger, type Logger } from '../runtime/log.ts';

export interface Serving {
  readonly env: Environment;
  readonly logger: Logger;
}

/** Environment and log of a process that stays: to standard output, readable on a terminal in development, else JSON. */
export function servingEnvironment(settings: Settings, json: boolean): Serving {
  const readable = settings.mode === 'development' && process.stdout.isTTY && !json;
  const logger = createLogger({
    level: settings.logLevel,
    format: readable ? 'text' : 'json',
    now: Date.now,
    write: (text) => void process.stdout.write(text),
  });
  process.once('exit', () => logger.flush());
  return { env: createEnvironment(logger), logger };
}
