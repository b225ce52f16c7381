/** One line of the operational log: an event name and flat facts. Never an address, a code or a credential. */
export interface LogEvent {
  readonly event: string;
  readonly level: 'debug' | 'info' | 'warn' | 'error';
  readonly [fact: string]: string | number | boolean | null | undefined;
}

/** The world outside the use cases. Tests pass a fake one. */
export interface Environment {
  /** Host clock, epoch ms. Decisions use the store's time instead; this one paces workers and logs. */
  now(): number;
  /** Uniform integer in [0, maxExclusive), from a CSPRNG. */
  randomInt(maxExclusive: number): number;
  /** `count` random characters of Crockford base32 (5 bits each), from a CSPRNG. */
  randomText(count: number): string;
  log(event: LogEvent): void;
  /** Resolves after `ms`, or at once when `signal` aborts. Never keeps the process alive by itself. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}
