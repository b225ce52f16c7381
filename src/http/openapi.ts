import { z } from 'zod';
import { ERRORS } from '../core/errors.ts';
import type { ErrorCode } from '../core/errors.ts';
import { problemSchema } from '../schema/index.ts';
import { APPLICATION_HEADER, type ResponseSpec, type Route } from './route.ts';

type Json = Readonly<Record<string, unknown>>;

const SCHEMA_ROOT = '#/components/schemas/';

/** The OpenAPI 3.1 document of a table of routes. */
export function openApiDocument(
  routes: readonly Route[],
  about: { readonly version: string; readonly publicUrl: string | null },
): Json {
  return {
    openapi: '3.1.0',
    info: {
      title: 'Watchword',
      version: about.version,
      description:
        'Proves that a person controls a phone number or a mailbox: a one-time code goes out, what comes back is checked. ' +
        'Errors are problem details (RFC 9457) with a stable `code`; times are RFC 3339 in UTC.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: about.publicUrl ?? '/' }],
    security: [{ apiKey: [] }],
    tags: [...new Set(routes.map(({ tag }) => tag))].map((name) => ({ name })),
    paths: paths(routes),
    components: {
      securitySchemes: {
        apiKey: {
          type: 'http',
          scheme: 'bearer',
          description: 'An API key, `ww_live_…` or `ww_test_…`, with the scope the call names.',
        },
      },
      parameters: { IdempotencyKey: IDEMPOTENCY_PARAMETER, Application: APPLICATION_PARAMETER },
      schemas: componentSchemas(routes),
    },
  };
}

const IDEMPOTENCY_PARAMETER = {
  name: 'Idempotency-Key',
  in: 'header',
  required: false,
  description: 'Makes a retry safe: the same key with the same body gives the stored answer again, for 24 hours.',
  schema: { type: 'string', minLength: 1, maxLength: 255, pattern: '^[\\x20-\\x7e]+$' },
};

const APPLICATION_PARAMETER = {
  name: APPLICATION_HEADER,
  in: 'header',
  required: false,
  description:
    'Acts on this application instead of the key’s own; for live keys of `default` with the scope `admin`. ' +
    'Calls that do not list this header refuse it.',
  schema: { type: 'string', pattern: '^app_\\w{1,64}$' },
};

function paths(routes: readonly Route[]): Json {
  const byPath: Record<string, Record<string, unknown>> = {};
  for (const route of routes) (byPath[route.path] ??= {})[route.method.toLowerCase()] = operation(route);
  return byPath;
}

function operation(route: Route): Json {
  const parameters = [...pathParameters(route), ...queryParameters(route), ...headerParameters(route)];
  return {
    operationId: route.operationId,
    tags: [route.tag],
    summary: route.summary,
    description: route.scope === null ? route.doc : `${route.doc} Scope: \`${route.scope}\`.`,
    ...(route.scope === null ? { security: [] } : { 'x-scope': route.scope }),
    parameters,
    ...(route.body === undefined ? {} : { requestBody: requestBody(route, route.body[0]) }),
    responses: { ...successes(route), ...refusals(route) },
  };
}

function pathParameters(route: Route): Json[] {
  return [...route.path.matchAll(/\{(\w+)\}/g)].map(([, name]) => ({
    name,
    in: 'path',
    required: true,
    schema: route.param === undefined ? { type: 'string' } : inline(route.param),
  }));
}

function queryParameters(route: Route): Json[] {
  if (!(route.query instanceof z.ZodObject)) return [];
  return Object.entries(route.query.shape).map(([name, field]) => ({
    name,
    in: 'query',
    required: false,
    schema: inline(field),
  }));
}

function headerParameters({ idempotent, forOthers }: Route): Json[] {
  const names = [idempotent && 'IdempotencyKey', forOthers && 'Application'].filter((name) => name !== undefined);
  return names.map((name) => ({ $ref: `#/components/parameters/${name}` }));
}

function requestBody(route: Route, name: string): Json {
  return {
    required: route.bodyOptional !== true,
    content: {
      'application/json': {
        schema: { $ref: SCHEMA_ROOT + name },
        ...(route.example === undefined ? {} : { example: route.example }),
      },
    },
  };
}

function successes(route: Route): Json {
  return Object.fromEntries(Object.entries(route.responses).map(([status, spec]) => [status, success(spec)]));
}

function success({ description, schema, type }: ResponseSpec): Json {
  return {
    description,
    headers: { 'x-request-id': { schema: { type: 'string' } } },
    content: {
      ...(schema === undefined ? {} : { 'application/json': { schema: { $ref: SCHEMA_ROOT + schema[0] } } }),
      ...(type === undefined ? {} : { [type]: { schema: { type: 'string' } } }),
    },
  };
}

/** The codes a route can answer with: its own and those of its kind. */
export function routeErrors(route: Route): readonly ErrorCode[] {
  const codes: ErrorCode[] = [];
  // Of the header that names another application: refused as well wherever it means nothing.
  if (route.scope !== null) codes.push('unauthenticated', 'forbidden', 'invalid_request');
  if (route.body !== undefined) codes.push('payload_too_large', 'unsupported_media_type');
  if (route.idempotent === true) codes.push('idempotency_mismatch', 'idempotency_in_progress');
  if (route.forOthers === true) codes.push('not_found');
  return [...new Set([...codes, ...(route.errors ?? []), 'unavailable' as const])];
}

function refusals(route: Route): Json {
  const byStatus: Record<number, ErrorCode[]> = {};
  for (const code of routeErrors(route)) (byStatus[ERRORS[code].status] ??= []).push(code);
  const entries = Object.entries(byStatus).map(([status, codes]) => [status, refusal(codes)] as const);
  return Object.fromEntries(entries.filter(([status]) => !(Number(status) in route.responses)));
}

function refusal(codes: readonly ErrorCode[]): Json {
  return {
    description: codes.map((code) => `\`${code}\`: ${ERRORS[code].title}.`).join(' '),
    content: { 'application/problem+json': { schema: { $ref: `${SCHEMA_ROOT}Problem` } } },
  };
}

/** Bodies and answers by name. A name means one schema, wherever it is used. */
function componentSchemas(routes: readonly Route[]): Json {
  const named = routes.flatMap((route) => [route.body, ...Object.values(route.responses).map(({ schema }) => schema)]);
  const registry = z.registry<{ id: string }>();
  const known = new Map<string, z.ZodType>([['Problem', problemSchema]]);
  for (const entry of named) if (entry !== undefined) known.set(entry[0], known.get(entry[0]) ?? entry[1]);
  for (const [id, schema] of known) registry.add(schema, { id });
  const { schemas } = z.toJSONSchema(registry, { io: 'input', uri: (id) => SCHEMA_ROOT + id });
  return Object.fromEntries(Object.entries(schemas).map(([id, schema]) => [id, withoutIdentity(schema)]));
}

function inline(schema: z.core.$ZodType): Json {
  return withoutIdentity(z.toJSONSchema(schema, { io: 'input' }));
}

/** `$id` and `$schema` would change what a `$ref` inside the document means. */
function withoutIdentity({
  $id: _id,
  $schema: _schema,
  '~standard': _standard,
  ...rest
}: Readonly<Record<string, unknown>>): Json {
  return rest;
}
