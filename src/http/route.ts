import type { z } from 'zod';
import type { ErrorCode } from '../core/errors.ts';
import type { Caller, IdempotencyRequest, Service } from '../service/api.ts';
import type { ApiOptions } from './options.ts';
import type { Reply } from './reply.ts';

/** Names the application that a key of the operator acts on. */
export const APPLICATION_HEADER = 'Watchword-Application';

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
export type Scope = Caller['scopes'][number];

/** Reads request headers; under a Node server from what Node parsed, which is far cheaper than a `Headers` object. */
export type HeaderReader = (name: string) => string | null;

/** The request as far as it is read here; a `Request` is one, and so is what comes straight from Node's server. */
export interface Incoming extends Pick<Request, 'method' | 'url' | 'text' | 'body'> {
  arrayBuffer(): Promise<ArrayBuffer | Uint8Array<ArrayBuffer>>;
}

/** What one request is handled with, whoever calls. */
export interface Exchange {
  readonly requestId: string;
  readonly options: ApiOptions;
  readonly service: Service;
  readonly request: Incoming;
  /** A request header by its lower-case name. */
  readonly header: HeaderReader;
  /** The value of the path's one parameter, '' when it has none. */
  readonly param: string;
  /** Address at the other end of the connection, null where there is none. */
  readonly peer: string | null;
}

/** What a handler gets: everything parsed, nothing left to check but the use case's own rules. */
export interface Call<Body, Query> extends Exchange {
  readonly caller: Caller;
  readonly body: Body;
  readonly query: Query;
  /** Null without an `Idempotency-Key`. */
  readonly idempotency: IdempotencyRequest | null;
}

/** One answer of a route, for the OpenAPI document: a component name and its schema, or a plain content type. */
export interface ResponseSpec {
  readonly description: string;
  readonly schema?: readonly [name: string, schema: z.ZodType];
  readonly type?: string;
}

interface RouteFacts {
  readonly method: Method;
  /** OpenAPI style, with at most one parameter: `/v1/verifications/{id}`. */
  readonly path: string;
  readonly operationId: string;
  readonly tag: string;
  readonly summary: string;
  readonly doc: string;
  readonly responses: Readonly<Record<number, ResponseSpec>>;
  /** Refusals of its own; those every route of its kind shares are added by the document. */
  readonly errors?: readonly ErrorCode[];
}

interface Parsed<Body, Query> {
  readonly body?: readonly [name: string, schema: z.ZodType<Body>];
  /** The body may be absent; it then reads as `{}`. */
  readonly bodyOptional?: true;
  readonly query?: z.ZodType<Query>;
  readonly param?: z.ZodType<string>;
  readonly idempotent?: true;
  /** Only test keys may call it. */
  readonly testKeysOnly?: true;
  /** A key that manages other applications may name one of them in {@link APPLICATION_HEADER}. */
  readonly forOthers?: true;
  /** Asked for most of all: Node's server passes it on without a `Request` (see `createDirect`), and it answers with plain data. */
  readonly often?: true;
  readonly example?: unknown;
}

/** One row of the table that is the API: dispatch, the OpenAPI document and the tests are all read from it. */
export interface Route extends RouteFacts, Parsed<unknown, unknown> {
  /** The scope a key must have; null = open to everybody. */
  readonly scope: Scope | null;
  readonly handle: (call: Call<unknown, unknown>) => Promise<Response | Reply>;
}

type KeyedSpec<Body, Query> = RouteFacts &
  Parsed<Body, Query> & {
    readonly scope: Scope;
    readonly handle: (call: Call<Body, Query>) => Promise<Response | Reply>;
  };

/** A route that needs an API key with `scope`. */
export function keyed<Body = undefined, Query = undefined>(spec: KeyedSpec<Body, Query>): Route {
  // Body and query reach the handler only through the schemas of the same row, so forgetting their types here is sound.
  return spec as unknown as Route;
}

/** A route anybody may call: no key is looked at, and it gets none. */
export function open(spec: RouteFacts & { readonly handle: (exchange: Exchange) => Promise<Response | Reply> }): Route {
  return { ...spec, scope: null };
}

/** These routes also for other applications than the key's own. */
export function forOthers(routes: readonly Route[]): readonly Route[] {
  return routes.map((route) => ({ ...route, forOthers: true }));
}
