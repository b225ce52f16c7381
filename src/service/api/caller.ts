import type { Result } from '../../core/errors.ts';
import type { Actor, Mode } from '../../core/verification.ts';
import type { Application, Scope } from '../../ports/settings.ts';

/** Where a request came from, as far as it is known. */
export interface Origin {
  readonly ip: string | null;
  readonly userAgent: string;
}

/** Who asks, in which application, and what they may. */
export interface Caller {
  readonly application: Application;
  readonly mode: Mode;
  readonly actor: Actor;
  readonly scopes: readonly Scope[];
  /** The address that counts for `hosted_ip`; null for API keys, agents and the library. */
  readonly browserIp: string | null;
  /** Kept with each check as evidence; no limit looks at it. Absent where no request was made. */
  readonly origin?: Origin;
}

/** An `Idempotency-Key` with what it is bound to. `body` is the exact request body. */
export interface IdempotencyRequest {
  readonly key: string;
  readonly path: string;
  readonly body: string;
}

/** `to` as the API takes it. */
export type To = string | { readonly phone: string; readonly country?: string } | { readonly email: string };

/** Runs any other POST at most once per key: the stored answer is given again. */
export type Once = <T>(
  caller: Caller,
  request: IdempotencyRequest | null | undefined,
  run: () => Promise<Result<T>>,
) => Promise<Result<T>>;
