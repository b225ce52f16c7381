import { isUnavailable } from './faults.ts';
import type { LogEvent } from '../../ports/environment.ts';

interface Pace {
  readonly name: string;
  /** Wait after a round that found nothing. */
  readonly idleMs: number;
  /** Wait while a server is away. */
  readonly awayMs: number;
}

/** Does rounds of work until `signal` aborts; waits while there is nothing to do or a server is away. Other errors end it. */
export async function loop(
  signal: AbortSignal,
  log: (event: LogEvent) => void,
  { name, idleMs, awayMs }: Pace,
  round: () => Promise<number>,
): Promise<void> {
  let away = false;
  while (!signal.aborted) {
    try {
      const done = await round();
      if (away) log({ event: `${name}.back`, level: 'info' });
      away = false;
      if (done === 0) await pause(idleMs, signal);
    } catch (error) {
      if (!isUnavailable(error)) throw error;
      if (!away) log({ event: `${name}.waiting`, level: 'warn', detail: error instanceof Error ? error.message : '' });
      away = true;
      await pause(awayMs, signal);
    }
  }
}

/** Resolves after `ms`, or at once when `signal` aborts. */
export function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(done, ms);
    signal.addEventListener('abort', done, { once: true });
    function done(): void {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    }
  });
}
