export type StopSignal = 'SIGTERM' | 'SIGINT';

/** From the signal on; a supervisor kills after ten seconds. */
const MOST_STOPPING_MS = 9_000;
const EXIT_BY_SIGNAL = { SIGINT: 130, SIGTERM: 143 } as const;

/**
 * Resolves with the first signal to stop; a second one ends the process at once. What still holds it after 9 s, a server that
 * does not answer say, is let go of: whatever was answered is committed, and leases end by themselves.
 */
export function stopSignal(): Promise<StopSignal> {
  return new Promise((resolve) => {
    let stopping = false;
    for (const signal of ['SIGTERM', 'SIGINT'] as const) {
      process.on(signal, () => {
        if (stopping) process.exit(EXIT_BY_SIGNAL[signal]);
        stopping = true;
        setTimeout(() => process.exit(0), MOST_STOPPING_MS).unref();
        resolve(signal);
      });
    }
  });
}
