import { expect, it } from 'vitest';
import type { ServiceDeps } from '../../src/service/deps.ts';
import { createTenants } from '../../src/service/tenants.ts';
import { APPLICATION_DEFAULTS, type Application } from '../../src/ports/settings.ts';

/** What a store answers: objects of their own each time, as parsed. */
function storeOf(applications: readonly Application[], policies: Record<string, object>): ServiceDeps['store'] {
  const copy = (value: unknown): unknown => JSON.parse(JSON.stringify(value));
  return {
    applications: { list: async () => copy(applications), policies: async () => copy(policies) },
  } as unknown as ServiceDeps['store'];
}

it('a tenant stays the same object until it or a policy of it changes', async () => {
  const one = { ...APPLICATION_DEFAULTS, id: 'app_1', name: 'one', brand: 'A', createdAt: 1 };
  const applications = [one];
  const policies: Record<string, object> = {};
  let now = 0;
  const deps = { store: storeOf(applications, policies), env: { now: () => now }, settings: { managed: [] } };
  const tenants = createTenants(deps as unknown as ServiceDeps);
  const first = await tenants.find('app_1');
  expect(first?.application.brand).toBe('A');
  now += 1_000;
  expect(await tenants.find('one')).toBe(first);
  policies['login'] = { ttl_seconds: 60 };
  now += 1_000;
  const second = await tenants.find('one');
  expect(second?.policy('login').ttl_seconds).toBe(60);
  applications[0] = { ...one, name: 'uno', brand: 'B' };
  now += 1_000;
  expect((await tenants.find('app_1'))?.application.brand).toBe('B');
  expect(await tenants.find('one')).toBeNull();
});
