/** Whether requests should come here; each check with a reason when it is not fine. */
export interface Health {
  readonly ready: boolean;
  readonly checks: Readonly<
    Record<
      string,
      { readonly ok: boolean; readonly reason?: string; readonly [fact: string]: string | number | boolean | undefined }
    >
  >;
}

/** For probes of load balancers and orchestrators. */
export interface HealthService {
  /** Store, worker, queue depth and age, clock; each with a reason when it is not fine. */
  readiness(): Promise<Health>;
  /** From SIGTERM on, readiness says no. */
  drain(): void;
}

/** The background half: delivers sends, expires records, purges. */
export interface Worker {
  start(): void;
  /** Stops taking work, finishes what is under way (at most `graceMs`), gives the rest back. */
  stop(graceMs?: number): Promise<void>;
  /** One pass over everything that is due now; for tests and the command line. Returns how many sends were settled. */
  tick(): Promise<number>;
}
