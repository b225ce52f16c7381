import type { ChannelName } from '../core/verification.ts';
import type { Site } from './site.ts';

/** One line of the operational log. */
export interface PageLogEvent {
  readonly event: string;
  readonly level: 'debug' | 'info' | 'warn' | 'error';
  readonly [fact: string]: string | number | boolean | null | undefined;
}

/** What the pages need besides the service. */
export interface PagesOptions extends Site {
  /** The key for the first call on the welcome page, in development; null when there is none to show. */
  readonly testKey: string | null;
  /** The OpenAPI 3.1 document that the reference is made of. Asked for once, at the first look. */
  readonly openapi: () => object;
  /** DSN schemes in order for each channel of live keys (`{ email: ['smtp'] }`); a missing channel has only the inbox. */
  readonly providers?: Readonly<Partial<Record<ChannelName, readonly string[]>>>;
  /** Epoch ms. */
  readonly now: () => number;
  /** Random text of at least 100 bits, `[A-Za-z0-9_-]`. */
  readonly newToken: () => string;
  /** The address that a request counts under; null = unknown. `env` is what the server passes beside the request. */
  readonly browserIp?: (request: Request, env: unknown) => string | null;
  /** A new request id for an error page and its log line; without it there is none. */
  readonly randomId?: () => string;
  readonly log: (event: PageLogEvent) => void;
}
