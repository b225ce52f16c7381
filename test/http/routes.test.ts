import { describe, expect, it } from 'vitest';
import { ROUTES } from '../../src/http/index.ts';
import type { Route } from '../../src/http/index.ts';
import { createWorld } from './fake-service.ts';

const SCOPES = ['send', 'check', 'read', 'admin'];
const EXAMPLES: Record<string, unknown> = {
  verifyReceipt: { receipt: 'a.b.c' },
  createApiKey: { mode: 'test', scopes: ['send'] },
};

const keyedRoutes = ROUTES.filter(({ scope }) => scope !== null);
const title = (route: Route): string => `${route.method} ${route.path}`;
/** What a route cannot be asked without. */
const QUERIES: Readonly<Record<string, string>> = { getStats: '?from=2026-11-01&to=2026-11-20' };
const concrete = ({ path, operationId }: Route): string =>
  path.replace('{id}', 'vrf_1').replace('{purpose}', 'login') + (QUERIES[operationId] ?? '');
const bodyOf = (route: Route): unknown => EXAMPLES[route.operationId] ?? route.example;

describe('who may call a route', () => {
  it('is decided by a key, except for the routes that are open on purpose', () => {
    const open = ROUTES.filter(({ scope }) => scope === null).map(({ path }) => path);
    expect(open).toEqual([
      '/callbacks/{id}',
      '/callbacks/{id}',
      '/.well-known/jwks.json',
      '/healthz',
      '/readyz',
      '/metrics',
    ]);
    expect(keyedRoutes.every(({ path }) => path.startsWith('/v1/'))).toBe(true);
  });

  it.each(keyedRoutes.map((route) => [title(route), route] as const))(
    '%s answers 401 without a key and touches nothing',
    async (_, route) => {
      const world = createWorld();
      for (const headers of [
        {},
        { authorization: 'Bearer nonsense' },
        { authorization: 'Basic dTpw' },
        { authorization: `Bearer ${'x'.repeat(5_000)}` },
      ]) {
        const response = await world.fetch(route.method, concrete(route), {
          token: null,
          headers,
          json: bodyOf(route),
        });
        expect(response.status).toBe(401);
        expect(response.headers.get('www-authenticate')).toBe('Bearer');
        expect(await response.json()).toMatchObject({ code: 'unauthenticated', status: 401 });
      }
      expect(world.asked).toEqual([]);
    },
  );

  it.each(keyedRoutes.map((route) => [title(route), route] as const))(
    '%s answers 403 to a key with every scope but its own',
    async (_, route) => {
      const world = createWorld();
      const others = SCOPES.filter((scope) => scope !== route.scope).join('-');
      const response = await world.fetch(route.method, concrete(route), {
        token: `ww_test_${others}`,
        json: bodyOf(route),
      });
      expect(response.status).toBe(403);
      expect(await response.json()).toMatchObject({ code: 'forbidden' });
      expect(world.asked).toEqual([]);
    },
  );

  it.each(ROUTES.map((route) => [title(route), route] as const))(
    '%s answers as its row says to the right key',
    async (_, route) => {
      const world = createWorld();
      const response = await world.fetch(route.method, concrete(route), {
        token: `ww_test_${route.scope ?? 'none'}`,
        json: route.body === undefined ? undefined : (bodyOf(route) ?? {}),
      });
      const spec = route.responses[response.status];
      expect(spec, `status ${response.status}`).toBeDefined();
      if (spec?.schema !== undefined) {
        const parsed = spec.schema[1].safeParse(await response.json());
        expect(parsed.error?.issues).toBeUndefined();
      }
    },
  );

  it('lets only test keys read the inbox', async () => {
    const world = createWorld();
    expect((await world.fetch('GET', '/v1/test/inbox', { token: 'ww_live_read' })).status).toBe(403);
    expect((await world.fetch('GET', '/v1/test/inbox', { token: 'ww_test_read' })).status).toBe(200);
  });

  it('does not let a test key make a live key', async () => {
    const world = createWorld();
    const json = { mode: 'live', scopes: ['send'] };
    expect((await world.fetch('POST', '/v1/api-keys', { token: 'ww_test_admin', json })).status).toBe(403);
    expect(world.asked).toEqual([]);
    expect((await world.fetch('POST', '/v1/api-keys', { token: 'ww_live_admin', json })).status).toBe(201);
  });
});

describe('paths and methods', () => {
  it.each([
    '/',
    '/v1',
    '/v1/',
    '/v1/nothing',
    '/v1/verifications/',
    '/v1/verifications/vrf_1/',
    '/v1/verifications//sends',
    '/healthz/',
    '/V1/verifications',
    '/v1/verifications/a/b/c',
  ])('%s is not found', async (path) => {
    const response = await createWorld().fetch('GET', path);
    expect(response.status).toBe(404);
    expect(response.headers.get('content-type')).toBe('application/problem+json');
    expect(await response.json()).toMatchObject({ code: 'not_found' });
  });

  it.each([
    ['DELETE', '/v1/verifications', 'POST, GET, HEAD'],
    ['PUT', '/v1/verifications/vrf_1/checks', 'POST'],
    ['GET', '/v1/checks', 'POST'],
    ['HEAD', '/v1/checks', 'POST'],
    ['OPTIONS', '/v1/verifications', 'POST, GET, HEAD'],
    ['PROPFIND', '/v1/verifications', 'POST, GET, HEAD'],
    ['POST', '/healthz', 'GET, HEAD'],
    ['POST', '/openapi.json', 'GET, HEAD'],
  ])('%s %s is 405 and says what is allowed', async (method, path, allow) => {
    const response = await createWorld().fetch(method, path);
    expect(response.status).toBe(405);
    expect(response.headers.get('allow')).toBe(allow);
  });

  it('answers HEAD as GET without a body', async () => {
    const response = await createWorld().fetch('HEAD', '/v1/verifications/vrf_1');
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe('application/json');
    expect(await response.text()).toBe('');
  });

  it('puts the security headers and a request id of its own on every answer', async () => {
    const world = createWorld();
    for (const path of ['/healthz', '/nowhere', '/v1/verifications', '/metrics', '/openapi.json']) {
      const response = await world.fetch('GET', path, { headers: { 'x-request-id': 'mine' } });
      expect(response.headers.get('cache-control')).toBe('no-store');
      expect(response.headers.get('x-content-type-options')).toBe('nosniff');
      expect(response.headers.get('content-security-policy')).toContain("default-src 'none'");
      expect(response.headers.get('referrer-policy')).toBe('no-referrer');
      expect(response.headers.get('x-request-id')).toMatch(/^req_\d+$/);
    }
  });

  it('answers /readyz with 503 and the reasons when something is wrong', async () => {
    const checks = { store: { ok: false, reason: 'locked' } };
    const world = createWorld(undefined, (service) => ({
      ...service,
      health: { ...service.health, readiness: async () => ({ ready: false, checks }) },
    }));
    const response = await world.fetch('GET', '/readyz');
    expect(response.status).toBe(503);
    expect(await response.json()).toEqual({ ready: false, checks });
  });
});

describe('the log', () => {
  it('has one line per request with the route, never the path or the query', async () => {
    const world = createWorld();
    await world.fetch('GET', '/v1/verifications/vrf_secret?to=%2B14155552671');
    await world.fetch('GET', '/private/path?token=1');
    expect(world.log).toHaveLength(2);
    expect(world.log[0]).toMatchObject({
      event: 'request',
      level: 'info',
      method: 'GET',
      route: '/v1/verifications/{id}',
      status: 200,
      request_id: 'req_1',
    });
    expect(world.log[1]).toMatchObject({ route: 'unmatched', status: 404 });
    expect(JSON.stringify(world.log)).not.toMatch(/secret|1415|private|token/);
  });
});
