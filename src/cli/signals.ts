export type StopSignal = 'SIGTERM' | 'SIGINT';

const EXIT_BY_SIGNAL = { SIGINT: 130, SIGTERM: 143 } as const;

/** Resolves with the first signal to stop; a second one ends the process at once. */
export function stopSignal(): Promise<StopSignal> {
  return new Promise((resolve) => {
    let stopping = false;
    for (const signal of ['SIGTERM', 'SIGINT'] as const) {
      process.on(signal, () => {
        if (stopping) process.exit(EXIT_BY_SIGNAL[signal]);
        stopping = true;
        resolve(signal);
      });
    }
  });
}
