import { facadeOf, policyOf } from '../core/compat.ts';
import { effectivePolicy, type Policy, type PolicyOverrides } from '../core/policy.ts';
import { STAFF_SIGN_IN } from '../core/staff.ts';
import { APPLICATION_DEFAULTS, type Application } from '../ports/settings.ts';
import type { ManagedApplication, ServiceDeps } from './deps.ts';

/** An application with its policies as the service uses them: stored, then overlaid with what the configuration file sets. */
export interface Tenant {
  readonly application: Application;
  readonly managed: ManagedApplication | null;
  readonly overrides: Readonly<Record<string, PolicyOverrides>>;
  /** The effective policy of a purpose; the same object for the same settings. */
  policy(purpose: string): Policy;
}

export interface Tenants {
  /** By id or name. At most a second behind a change made by any instance. */
  find(idOrName: string): Promise<Tenant | null>;
  /** After a write by this instance. */
  forget(): void;
}

const FRESH_MS = 1000;

/** A read-through cache of applications and policies, small and loaded whole. */
export function createTenants(deps: ServiceDeps): Tenants {
  let loadedAt = Number.NEGATIVE_INFINITY;
  let byName: Promise<ReadonlyMap<string, Tenant>> = Promise.resolve(new Map());
  return {
    async find(idOrName) {
      if (deps.env.now() - loadedAt >= FRESH_MS) {
        loadedAt = deps.env.now();
        byName = load(deps);
        byName.catch(() => (loadedAt = Number.NEGATIVE_INFINITY));
      }
      return (await byName).get(idOrName) ?? null;
    },
    forget() {
      loadedAt = Number.NEGATIVE_INFINITY;
    },
  };
}

async function load(deps: ServiceDeps): Promise<ReadonlyMap<string, Tenant>> {
  const tenants = new Map<string, Tenant>();
  for (const stored of await deps.store.applications.list()) {
    const tenant = createTenant(deps, stored, await deps.store.applications.policies(stored.id));
    tenants.set(stored.id, tenant).set(stored.name, tenant);
  }
  return tenants;
}

function createTenant(
  deps: ServiceDeps,
  stored: Application,
  storedPolicies: Readonly<Record<string, PolicyOverrides>>,
): Tenant {
  const managed = deps.settings.managed.find((entry) => entry.name === stored.name) ?? null;
  const application: Application = { ...APPLICATION_DEFAULTS, ...stored, ...managed?.fields };
  const overrides = { ...storedPolicies, ...managed?.policies };
  const effective = new Map<string, Policy>();
  return {
    application,
    managed,
    overrides,
    policy(purpose) {
      const known = effective.get(purpose);
      if (known) return known;
      // Signing in to the desk must not depend on whom the application sends codes to.
      if (purpose === STAFF_SIGN_IN) return effectivePolicy(overrides[purpose] ?? {}, 'default');
      // Purposes come from callers: only those with a policy of their own are remembered one by one.
      const base = facadeOf(application.compat, purpose)?.purpose ?? '';
      const named = [purpose, base].find((name) => Object.hasOwn(overrides, name)) ?? base;
      const policy = effective.get(named) ?? policyOf(application, named, overrides[named] ?? {});
      effective.set(named, policy);
      return policy;
    },
  };
}
