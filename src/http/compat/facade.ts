import type { Dialect } from '../../core/compat.ts';
import type { Problem } from '../../core/errors.ts';
import type { Caller } from '../../service/api.ts';
import type { Exchange, Method, Scope } from '../route.ts';
import type { Reply } from '../reply.ts';
import type { BodyKind, Fields } from './fields.ts';

/** A request in somebody else's dialect. */
export interface FacadeExchange extends Exchange {
  /** Every parameter of the path. */
  readonly params: Readonly<Record<string, string>>;
}

export interface FacadeCall extends FacadeExchange {
  readonly caller: Caller;
  readonly fields: Fields;
}

/** What a dialect sends to say who calls. */
export interface Credentials {
  readonly token: string;
  /** The name beside the key, where the dialect has one. */
  readonly account: string | null;
}

/** How a dialect reads credentials and bodies, and how it says no. */
export interface Speech {
  readonly dialect: Dialect;
  /** Whether a path is of this dialect, known or not. */
  readonly path: RegExp;
  readonly takes: readonly BodyKind[];
  credentials(authorization: string): Credentials | null;
  /** Whether the account that was named is the caller's. */
  owns?(call: { readonly caller: Caller; readonly credentials: Credentials } & Pick<Exchange, 'service'>): boolean;
  refuse(exchange: FacadeExchange, problem: Problem): Reply;
}

/** One row of the table of façades. */
export interface FacadeRoute {
  readonly speech: Speech;
  readonly method: Method;
  /** OpenAPI style: `/twilio/v2/Services/{service}`. */
  readonly path: string;
  readonly scope: Scope;
  readonly handle: (call: FacadeCall) => Promise<Reply>;
}

/** `Authorization: Bearer <API key>`. */
export function bearer(authorization: string): Credentials | null {
  const token = /^Bearer +([\x21-\x7e]+)$/i.exec(authorization)?.[1];
  return token === undefined ? null : { token, account: null };
}

/** `Authorization: Basic base64(account:API key)`. */
export function basic(authorization: string): Credentials | null {
  const encoded = /^Basic +([A-Za-z0-9+/]+=*)$/i.exec(authorization)?.[1];
  if (encoded === undefined) return null;
  const [account = '', token, ...rest] = Buffer.from(encoded, 'base64').toString('latin1').split(':');
  return token === undefined || rest.length > 0 ? null : { token, account };
}
