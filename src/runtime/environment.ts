import { randomInt, randomText } from '../crypto/index.ts';
import type { Environment } from '../ports/environment.ts';
import type { Logger } from './log.ts';

/** The real world: the host clock, the system's CSPRNG, the log. Waiting never keeps the process alive by itself. */
export function createEnvironment(logger: Logger): Environment {
  return { now: Date.now, randomInt, randomText, log: logger.log, sleep };
}

function sleep(ms: number, signal?: AbortSignal): Promise<void> {
  if (signal?.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    const timer = setTimeout(done, ms);
    timer.unref();
    signal?.addEventListener('abort', done, { once: true });
    function done(): void {
      clearTimeout(timer);
      signal?.removeEventListener('abort', done);
      resolve();
    }
  });
}
