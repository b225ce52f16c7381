import type { RedisClient } from './client.ts';
import { elapsedMs } from './elapsed.ts';

/** How long a comparison of the host's clock with the server's is good for. */
const SAMPLE_LIFE_MS = 1_000;

export interface ClockOptions {
  readonly client: RedisClient;
  /** Replaces the server's time (tests). */
  readonly now: (() => number) | null;
  readonly hostNow: () => number;
}

/** The store's time: the server's, asked once a second and carried on by the monotonic clock, never behind what was told before. */
export class Clock {
  readonly #options: ClockOptions;
  #newest = 0;
  #sample: Promise<{ readonly server: number; readonly at: number }> | null = null;
  #sampledAt = Number.NEGATIVE_INFINITY;

  constructor(options: ClockOptions) {
    this.#options = options;
  }

  async now(): Promise<number> {
    const { now } = this.#options;
    this.#newest = Math.max(this.#newest, now === null ? await this.#serverNow() : now());
    return this.#newest;
  }

  /** How far the time that commits go by is behind the newest one told, ms. */
  async behindMs(): Promise<number> {
    const { now } = this.#options;
    return Math.max(0, this.#newest - (now === null ? await this.#serverNow() : now()));
  }

  /** Host clock minus the server's, ms; asks the server. */
  async skewMs(): Promise<number> {
    const { server, at } = await this.#ask();
    return Math.round(this.#options.hostNow() - (elapsedMs() - at) - server);
  }

  async #serverNow(): Promise<number> {
    if (this.#sample === null || elapsedMs() - this.#sampledAt > SAMPLE_LIFE_MS) {
      this.#sampledAt = elapsedMs();
      this.#sample = this.#ask();
      this.#sample.catch(() => (this.#sample = null));
    }
    const { server, at } = await this.#sample;
    return Math.floor(server + elapsedMs() - at);
  }

  async #ask(): Promise<{ readonly server: number; readonly at: number }> {
    const asked = elapsedMs();
    const [seconds, micros] = (await this.#options.client.call('TIME')) as [Buffer, Buffer];
    const server = Number(seconds) * 1000 + Number(micros) / 1000;
    return { server, at: (asked + elapsedMs()) / 2 };
  }
}
