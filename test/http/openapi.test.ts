import { describe, expect, it } from 'vitest';
import { ERRORS } from '../../src/core/errors.ts';
import { ROUTES, routeErrors } from '../../src/http/index.ts';
import { createWorld } from './fake-service.ts';

interface Operation {
  readonly operationId: string;
  readonly security?: readonly unknown[];
  readonly parameters: readonly { readonly name?: string; readonly $ref?: string }[];
  readonly requestBody?: {
    readonly content: Record<string, { readonly schema: { readonly $ref: string }; readonly example?: unknown }>;
  };
  readonly responses: Record<string, { readonly description: string; readonly content: Record<string, unknown> }>;
}

interface Document {
  readonly openapi: string;
  readonly info: { readonly version: string };
  readonly paths: Record<string, Record<string, Operation>>;
  readonly components: {
    readonly schemas: Record<string, { readonly properties?: Record<string, { readonly enum?: readonly string[] }> }>;
  };
}

const response = await createWorld().fetch('GET', '/openapi.json', { token: null });
const document = (await response.json()) as Document;
const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]) => ({ path, method: method.toUpperCase(), operation })),
);

function refs(node: unknown): string[] {
  if (typeof node !== 'object' || node === null) return [];
  return Object.entries(node).flatMap(([key, value]) => (key === '$ref' ? [String(value)] : refs(value)));
}

function resolve(ref: string): unknown {
  return ref
    .replace(/^#\//, '')
    .split('/')
    .reduce<unknown>((node, key) => (node as Record<string, unknown> | undefined)?.[key], document);
}

describe('the OpenAPI document', () => {
  it('is open to everybody, of version 3.1', () => {
    expect(response.status).toBe(200);
    expect(document.openapi).toBe('3.1.0');
    expect(document.info.version).toBe('0.0.0-test');
  });

  it('has exactly the routes of the table and itself', () => {
    const table = [...ROUTES.map(({ method, path }) => `${method} ${path}`), 'GET /openapi.json'];
    expect(operations.map(({ method, path }) => `${method} ${path}`).toSorted()).toEqual(table.toSorted());
  });

  it('resolves every $ref', () => {
    const all = refs(document);
    expect(all.length).toBeGreaterThan(100);
    expect(all.filter((ref) => resolve(ref) === undefined)).toEqual([]);
  });

  it('has no schema identities that would move the base of a $ref', () => {
    expect(JSON.stringify(document.components)).not.toMatch(/"\$(?:id|schema|defs)"/);
  });

  it('names every operation once', () => {
    const ids = operations.map(({ operation }) => operation.operationId);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('declares every path parameter', () => {
    for (const { path, operation } of operations) {
      for (const [, name] of path.matchAll(/\{(\w+)\}/g))
        expect(operation.parameters.map((one) => one.name)).toContain(name);
    }
  });

  it('offers Idempotency-Key on every POST with a key and nowhere else', () => {
    for (const { method, path, operation } of operations) {
      const offered = operation.parameters.some(({ $ref }) => $ref === '#/components/parameters/IdempotencyKey');
      expect(offered, `${method} ${path}`).toBe(method === 'POST' && operation.security?.length !== 0);
    }
  });

  it('shows the security of every operation', () => {
    const open = operations.filter(({ operation }) => operation.security?.length === 0).map(({ path }) => path);
    expect(open).toEqual([
      '/callbacks/{id}',
      '/callbacks/{id}',
      '/.well-known/jwks.json',
      '/healthz',
      '/readyz',
      '/metrics',
      '/openapi.json',
    ]);
  });

  it('gives examples that the API takes', async () => {
    const world = createWorld();
    let shown = 0;
    for (const { method, path, operation } of operations) {
      const example = operation.requestBody?.content['application/json']?.example;
      if (example === undefined) continue;
      shown++;
      const concrete = path.replace('{id}', 'vrf_1').replace('{purpose}', 'login');
      // What is for test keys alone is asked with one.
      const mode = path.startsWith('/v1/test/') ? 'test' : 'live';
      const token = `ww_${mode}_send-check-read-admin`;
      const answer = await world.fetch(method, concrete, { json: example, token });
      expect(answer.status, `${method} ${path}: ${await answer.text()}`).toBeLessThan(300);
    }
    expect(shown).toBeGreaterThan(10);
  });

  it('knows every error code of the table, and every code is answered by some route or by the router', () => {
    const known = document.components.schemas['Problem']?.properties?.['code']?.enum ?? [];
    expect([...known].toSorted()).toEqual(Object.keys(ERRORS).toSorted());
    const answered = new Set<string>([...ROUTES.flatMap(routeErrors), 'method_not_allowed']);
    expect(Object.keys(ERRORS).filter((code) => !answered.has(code))).toEqual([]);
  });

  it('describes every refusal as a problem', () => {
    const types = ROUTES.flatMap((route) => {
      const responses = document.paths[route.path]?.[route.method.toLowerCase()]?.responses;
      const refusals = routeErrors(route).map((code) => ERRORS[code].status);
      return refusals
        .filter((status) => !(status in route.responses))
        .map((status) => Object.keys(responses?.[String(status)]?.content ?? {}).join());
    });
    expect([...new Set(types)]).toEqual(['application/problem+json']);
  });
});
