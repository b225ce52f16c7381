import type { TrustedProxies } from '../core/trusted-proxies.ts';
import type { Metrics } from './metrics.ts';

/** One line of the operational log; the shape of the environment port's. */
export interface ApiLogEvent {
  readonly event: string;
  readonly level: 'debug' | 'info' | 'warn' | 'error';
  readonly [fact: string]: string | number | boolean | null | undefined;
}

export interface ApiOptions {
  /** Origin (and base path) under which the outside sees the service, without a slash at the end; null = unknown. */
  readonly publicUrl: string | null;
  /** Whose forwarded headers say where a browser is; nobody's when absent. */
  readonly trustedProxies?: TrustedProxies;
  /** Version of the program, for the OpenAPI document. */
  readonly version: string;
  readonly metrics: Metrics;
  /** One `request` line each at level info: method, route template, status, ms, request id. Nothing the client wrote. */
  log(event: ApiLogEvent): void;
  /** Epoch ms. */
  now(): number;
  /** A new request id. */
  randomId(): string;
}
